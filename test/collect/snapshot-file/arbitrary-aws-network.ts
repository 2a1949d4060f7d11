import * as fc from 'fast-check';
import { mapOf } from '../../../shared/collect/normalise/text-map.ts';
import { toUtc } from '../../../shared/collect/normalise/time.ts';
import type { AwsNetworkFactValues, SecurityGroupRule } from '../../../shared/model/facts-aws-network.ts';

const text = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '</script>', '\u0000\u001B[2J', '\uD800', '\u202E', '"\\\n', ''),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const count = fc.nat();
const time = fc
  .date({ noInvalidDate: true, min: new Date('2014-06-06T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z') })
  .map(toUtc);
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.array(item, { maxLength: 3 });
const labels = list(fc.tuple(text, text)).map((entries) => mapOf(entries));

const rule: fc.Arbitrary<SecurityGroupRule> = fc.record(
  {
    protocol: text,
    fromPort: fc.integer(),
    toPort: fc.integer(),
    cidrs: list(text),
    ipv6Cidrs: list(text),
    groupIds: list(text),
    prefixListIds: list(text),
  },
  { requiredKeys: ['protocol', 'cidrs', 'ipv6Cidrs', 'groupIds', 'prefixListIds'] },
);

const statement = fc.record({
  effect: fc.constantFrom('Allow', 'Deny'),
  actions: list(text),
  notActions: list(text),
  resources: list(text),
  notResources: list(text),
  principals: list(text),
  notPrincipals: list(text),
  conditions: labels,
});

/** Values of the facts of `model/facts-aws-network.ts`, with hostile texts in every place that takes a text. */
export const arbitraryAwsNetwork: {
  readonly [K in keyof AwsNetworkFactValues]: fc.Arbitrary<AwsNetworkFactValues[K]>;
} = {
  'eks.addon-schema': fc.record({ addonVersion: text, schema: labels }),
  'eks.addon-versions': list(fc.record({ version: text, isDefault: fc.boolean() })),
  'eks.updates': list(fc.record({ id: text, type: text, status: text, subject: text, createdAt: time })),
  'eks.pod-identity-associations': list(fc.record({ id: text, namespace: text, serviceAccount: text, roleArn: text })),
  'autoscaling.groups': list(
    fc.record(
      {
        name: text,
        arn: text,
        origin: fc.constantFrom('managed-node-group', 'self-managed', 'karpenter', 'auto-mode'),
        nodegroup: text,
        launchTemplates: list(fc.record({ id: text, name: text, version: text }, { requiredKeys: [] })),
        instanceTypes: list(text),
        instanceIds: list(text),
        subnetIds: list(text),
        minSize: count,
        maxSize: count,
        desiredCapacity: count,
        tags: labels,
      },
      {
        requiredKeys: [
          'name',
          'arn',
          'origin',
          'launchTemplates',
          'instanceTypes',
          'instanceIds',
          'subnetIds',
          'minSize',
          'maxSize',
          'desiredCapacity',
          'tags',
        ],
      },
    ),
  ),
  'ec2.subnets': list(
    fc.record({
      id: text,
      vpcId: text,
      availabilityZone: text,
      cidr: text,
      ipv6Cidrs: list(text),
      availableIps: count,
      reservations: list(fc.record({ cidr: text, type: fc.constantFrom('prefix', 'explicit', 'unknown') })),
      tags: labels,
    }),
  ),
  'ec2.network-interfaces': list(
    fc
      .tuple(
        fc.record({
          id: text,
          type: text,
          status: text,
          description: text,
          subnetId: text,
          vpcId: text,
          availabilityZone: text,
          privateIps: list(text),
          ipv6s: list(text),
          ipv4Prefixes: list(text),
          ipv6Prefixes: list(text),
          securityGroupIds: list(text),
          tags: labels,
        }),
        fc.record({ instanceId: text, requesterId: text }, { requiredKeys: [] }),
      )
      .map(([all, some]) => ({ ...all, ...some })),
  ),
  'ec2.security-groups': list(
    fc.record({ id: text, name: text, vpcId: text, ingress: list(rule), egress: list(rule) }),
  ),
  'ec2.instance-types': list(
    fc
      .tuple(
        fc.record({
          name: text,
          hypervisor: fc.constantFrom('nitro', 'xen', 'metal', 'unknown'),
          trunking: fc.constantFrom('yes', 'no', 'unknown'),
          source: text,
        }),
        fc.record(
          { branchInterfaces: count, defaultCardInterfaces: count, ipv4PerInterface: count, vcpus: count },
          { requiredKeys: [] },
        ),
      )
      .map(([all, some]) => ({ ...all, ...some })),
  ),
  'iam.roles': list(
    fc.record({
      purpose: fc.constantFrom('cluster', 'aws-node', 'aws-load-balancer-controller', 'external-dns'),
      arn: text,
      name: text,
      through: fc.constantFrom('irsa', 'pod-identity', 'cluster'),
      reading: fc.constantFrom('read', 'other-account', 'missing'),
      attachedPolicyArns: list(text),
      trust: list(statement),
      statements: list(statement),
    }),
  ),
  'logs.log-groups': list(
    fc
      .tuple(
        fc.record({
          name: text,
          subscriptionFilters: list(fc.record({ name: text, pattern: text, destinationArn: text })),
        }),
        fc.record({ retentionDays: count }, { requiredKeys: [] }),
      )
      .map(([all, some]) => ({ ...all, ...some })),
  ),
  'ssm.ami-recommendations': list(fc.record({ parameter: text, imageId: text, release: text })),
  'kubernetes.service-accounts': list(
    fc
      .tuple(fc.record({ namespace: text, name: text }), fc.record({ roleArn: text }, { requiredKeys: [] }))
      .map(([all, some]) => ({ ...all, ...some })),
  ),
};
