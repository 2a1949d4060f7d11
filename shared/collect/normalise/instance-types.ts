import * as z from 'zod';
import type { InstanceType } from '../../model/facts-aws-network.ts';
import { INSTANCE_TYPE_ROWS, INSTANCE_TYPES_SOURCE } from '../instance-types.generated.ts';
import { count, given, listOf, text } from './field.ts';
import { normaliseItems } from './items.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';

const TABLE: ReadonlyMap<string, InstanceType> = new Map(
  INSTANCE_TYPE_ROWS.flatMap(
    ([hypervisor, trunking, branchInterfaces, defaultCardInterfaces, ipv4PerInterface, names]) =>
      names.split(' ').map((name): readonly [string, InstanceType] => [
        name,
        {
          name,
          hypervisor,
          trunking,
          branchInterfaces,
          defaultCardInterfaces,
          ipv4PerInterface,
          source: INSTANCE_TYPES_SOURCE,
        },
      ]),
  ),
);

/** What the embedded table says of a type. One that it does not list is unknown, never without a trunk. */
export const embeddedInstanceType = (name: string): InstanceType =>
  TABLE.get(name) ?? { name, hypervisor: 'unknown', trunking: 'unknown', source: INSTANCE_TYPES_SOURCE };

const card = z.object({ NetworkCardIndex: count, MaximumNetworkInterfaces: count.nullish() });

const instanceType = z.object({
  InstanceType: text,
  BareMetal: z.boolean().nullish(),
  Hypervisor: text.nullish(),
  VCpuInfo: z.object({ DefaultVCpus: count.nullish() }).nullish(),
  NetworkInfo: z
    .object({
      MaximumNetworkInterfaces: count.nullish(),
      Ipv4AddressesPerInterface: count.nullish(),
      DefaultNetworkCardIndex: count.nullish(),
      NetworkCards: listOf(card),
    })
    .nullish(),
});

const hypervisorOf = ({ BareMetal, Hypervisor }: z.output<typeof instanceType>): InstanceType['hypervisor'] => {
  if (BareMetal === true) return 'metal';
  return Hypervisor === 'nitro' || Hypervisor === 'xen' ? Hypervisor : 'unknown';
};

/**
 * One type of ec2:DescribeInstanceTypes (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html).
 * EC2 does not say which types take a trunk interface: that comes from the embedded table.
 * @throws MalformedError
 */
export const normaliseInstanceType = (item: unknown, path = ''): InstanceType => {
  const read = parse(instanceType, item, path);
  const known = embeddedInstanceType(read.InstanceType);
  const hypervisor = hypervisorOf(read);
  const network = read.NetworkInfo;
  const index = network?.DefaultNetworkCardIndex ?? 0;
  const own = network?.NetworkCards.find(({ NetworkCardIndex }) => NetworkCardIndex === index);
  return {
    ...known,
    hypervisor: hypervisor === 'unknown' ? known.hypervisor : hypervisor,
    source: known.trunking === 'unknown' ? 'ec2' : `ec2; ${known.source}`,
    ...given({
      defaultCardInterfaces: own?.MaximumNetworkInterfaces ?? network?.MaximumNetworkInterfaces,
      ipv4PerInterface: network?.Ipv4AddressesPerInterface,
      vcpus: read.VCpuInfo?.DefaultVCpus,
    }),
  };
};

const answer = z.object({ InstanceTypes: z.array(z.unknown()) });

/**
 * ec2:DescribeInstanceTypes, `{ InstanceTypes: […] }`, with the embedded table, sorted by name.
 * @throws MalformedError
 */
export const normaliseInstanceTypes = (raw: unknown): readonly InstanceType[] =>
  normaliseItems(parse(answer, raw, '').InstanceTypes, normaliseInstanceType, ({ name }) => [name], 'InstanceTypes');

/** Every type that was asked about: what EC2 left out is told by the table alone, or unknown. */
export const withEmbeddedTypes = (
  described: readonly InstanceType[],
  names: Iterable<string>,
): readonly InstanceType[] => {
  const found = new Map([...names].map((name) => [name, embeddedInstanceType(name)]));
  for (const type of described) found.set(type.name, type);
  return sortedBy(found.values(), ({ name }) => [name]);
};
