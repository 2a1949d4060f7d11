import type { NetworkInterface } from '../../model/facts-aws-network.ts';
import type { Facts } from '../../model/snapshot.ts';
import { readAddress } from './address-key.ts';
import type { Address, AddressKey } from './address-key.ts';
import { tableOf } from './well-known-addresses.ts';

/** Network interfaces by their addresses and prefixes, and the nodes that they are on. */
export interface InterfaceIndex {
  readonly interfaceOf: (address: Address) => NetworkInterface | undefined;
  readonly nodeOf: (networkInterface: NetworkInterface) => string | undefined;
}

/** EC2 instance id at the end of `aws:///us-west-2a/i-0abc…`. */
const instanceOf = (providerId: string | undefined): string | undefined =>
  /\/(i-[0-9a-f]+)$/.exec(providerId ?? '')?.[1];

/** A prefix is a node's whole: https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html */
export const interfaceIndex = (facts: Facts): InterfaceIndex => {
  const { 'ec2.network-interfaces': fact, 'kubernetes.nodes': nodes } = facts;
  const all = fact.state === 'observed' ? fact.value : [];
  const byAddress = new Map<AddressKey, NetworkInterface>();
  for (const one of all) {
    for (const text of [...one.privateIps, ...one.ipv6s]) {
      const key = readAddress(text)?.key;
      if (key !== undefined) byAddress.set(key, one);
    }
  }
  const prefixes = tableOf(
    all.flatMap((value) => [...value.ipv4Prefixes, ...value.ipv6Prefixes].map((cidr) => ({ cidr, value }))),
  );
  const nodeByInstance = new Map<string, string>();
  for (const { name, providerId } of nodes.state === 'observed' ? nodes.value : []) {
    const instance = instanceOf(providerId);
    if (instance !== undefined) nodeByInstance.set(instance, name);
  }
  return {
    interfaceOf: (address) => byAddress.get(address.key) ?? prefixes.find(address),
    nodeOf: ({ instanceId }) => (instanceId === undefined ? undefined : nodeByInstance.get(instanceId)),
  };
};
