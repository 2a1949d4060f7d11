import * as z from 'zod';
import { listOf, text } from './field.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

/** Where the interfaces of a cluster's instances are, and which security groups they have. */
export interface NodePlacement {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

const networkInterface = z.object({ SubnetId: text.nullish(), Groups: listOf(z.object({ GroupId: text })) });

const instances = z.object({
  Reservations: z.array(z.object({ Instances: listOf(z.object({ NetworkInterfaces: listOf(networkInterface) })) })),
});

/**
 * ec2:DescribeInstances, of each instance all its interfaces: with custom networking the pods' ones are in other subnets
 * than the first (https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html). Branch interfaces are not
 * among them.
 * @throws MalformedError
 */
export const normaliseNodePlacement = (raw: unknown): NodePlacement => {
  const interfaces = parse(instances, raw, '').Reservations.flatMap(({ Instances }) =>
    Instances.flatMap(({ NetworkInterfaces }) => NetworkInterfaces),
  );
  return {
    subnetIds: distinct(interfaces.flatMap(({ SubnetId }) => SubnetId ?? [])),
    securityGroupIds: distinct(interfaces.flatMap(({ Groups }) => Groups.map(({ GroupId }) => GroupId))),
  };
};
