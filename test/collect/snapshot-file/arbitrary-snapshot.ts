import * as fc from 'fast-check';
import type { Absent, Fact, Observed, Unobserved, UnobservedReason } from '../../../shared/model/fact.ts';
import type { AddonConfiguration, Json, JsonObject } from '../../../shared/model/facts-aws.ts';
import type { LabelSelector, PolicyPeer, PolicyPort, PolicyRule } from '../../../shared/model/facts-kubernetes.ts';
import type { Facts, FactValues, Snapshot } from '../../../shared/model/snapshot.ts';
import { kubernetesNetworkValues } from './arbitrary-kubernetes-network.ts';
import { deniedTraffic } from './arbitrary-denied-traffic.ts';
import { condition, count, labels, list, map, shape, text, time } from './arbitrary-values.ts';
import { arbitraryAwsNetwork } from './arbitrary-aws-network.ts';

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    list(tie('json')),
    map(tie('json')),
  ),
}));
const jsonObject: fc.Arbitrary<JsonObject> = map(json);

const addonConfiguration = fc.oneof<fc.Arbitrary<AddonConfiguration>[]>(
  fc.constant({ form: 'none' }),
  jsonObject.map((values) => ({ form: 'values', values })),
  text.map((detail) => ({ form: 'unreadable', detail })),
);

const launchTemplate = fc.record({ id: text, name: text, version: text }, { requiredKeys: [] });

const userData = shape(
  {
    form: fc.constantFrom('none', 'shell', 'mime', 'nodeadm', 'bottlerocket', 'unrecognised'),
    bpffs: fc.constantFrom('mounted', 'disabled', 'not-mentioned'),
  },
  { bpffsLine: text, maxPods: count },
);

const container = fc.record({
  name: text,
  image: text,
  args: list(text),
  env: labels,
  hostPathMounts: list(text),
});

const status = fc.record({
  name: text,
  ready: fc.boolean(),
  restartCount: count,
  state: fc.constantFrom('running', 'waiting', 'terminated', 'unknown'),
  reason: text,
});

const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: list(
    fc.record({ key: text, operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'), values: list(text) }),
  ),
});

const peer = fc.oneof<fc.Arbitrary<PolicyPeer>[]>(
  fc.record({ kind: fc.constant('ip-block'), cidr: text, except: list(text) }),
  shape({ kind: fc.constant('selectors') }, { podSelector: selector, namespaceSelector: selector }),
);

const port: fc.Arbitrary<PolicyPort> = shape({ protocol: text }, { port: fc.oneof(count, text), endPort: count });

const rule: fc.Arbitrary<PolicyRule> = fc.record({ peers: list(peer), ports: list(port) });

const object = { namespace: text, name: text, createdAt: time };

const values: { readonly [K in keyof FactValues]: fc.Arbitrary<FactValues[K]> } = {
  'verdicts.denied-traffic': deniedTraffic,
  'eks.cluster': shape(
    {
      arn: text,
      version: text,
      platformVersion: text,
      status: text,
      ipFamily: fc.constantFrom('ipv4', 'ipv6'),
      endpointPublicAccess: fc.boolean(),
      endpointPrivateAccess: fc.boolean(),
      subnetIds: list(text),
      securityGroupIds: list(text),
      autoMode: fc.constantFrom('enabled', 'disabled'),
      enabledLogTypes: list(text),
    },
    {
      serviceCidr: text,
      authenticationMode: text,
      endpoint: text,
      certificateAuthorityData: text,
      vpcId: text,
      clusterSecurityGroupId: text,
      roleArn: text,
      createdAt: time,
    },
  ),
  'eks.vpc-cni-addon': shape(
    {
      version: text,
      status: text,
      healthIssues: list(fc.record({ code: text, message: text })),
      configuration: addonConfiguration,
      podIdentityAssociationArns: list(text),
    },
    { serviceAccountRoleArn: text, modifiedAt: time },
  ),
  'eks.nodegroups': list(
    shape(
      { name: text, status: text, amiType: text, instanceTypes: list(text), autoScalingGroups: list(text) },
      { releaseVersion: text, version: text, launchTemplate },
    ),
  ),
  'ec2.instances': list(
    shape(
      { instanceId: text, instanceType: text, imageId: text, launchTime: time, tags: labels },
      { availabilityZone: text, launchTemplate, autoScalingGroup: text },
    ),
  ),
  'ec2.images': list(shape({ imageId: text, name: text }, { ownerId: text, creationDate: time })),
  'ec2.launch-templates': list(
    shape(
      { id: text, name: text, version: text, isDefault: fc.boolean(), isLatest: fc.boolean(), userData },
      { imageId: text, instanceType: text },
    ),
  ),
  'kubernetes.access': fc.record({
    serverVersion: text,
    answered: list(text),
    refused: list(fc.record({ resource: text, detail: text })),
    failed: list(
      fc.record({ resource: text, reason: fc.constantFrom('throttled', 'api-error', 'unreachable'), detail: text }),
    ),
  }),
  'kubernetes.nodes': list(
    shape(
      {
        name: text,
        uid: text,
        createdAt: time,
        labels,
        annotations: labels,
        operatingSystem: text,
        architecture: text,
        osImage: text,
        kernelVersion: text,
        kubeletVersion: text,
        ready: condition,
        conditions: list(fc.record({ type: text, status: text, reason: text })),
        allocatable: labels,
        internalIPs: list(text),
        taints: list(fc.record({ key: text, effect: text })),
      },
      { providerId: text },
    ),
  ),
  'kubernetes.aws-node': fc.record({
    ...object,
    generation: count,
    observedGeneration: count,
    labels,
    initContainers: list(container),
    containers: list(container),
    updateStrategy: text,
    desired: count,
    ready: count,
    updated: count,
  }),
  'kubernetes.aws-node-pods': list(
    fc.record({
      name: text,
      uid: text,
      nodeName: text,
      createdAt: time,
      phase: text,
      revision: text,
      initContainers: list(container),
      containers: list(container),
      statuses: list(status),
    }),
  ),
  'kubernetes.amazon-vpc-cni': labels,
  'kubernetes.network-workloads': list(
    fc.record({
      ...object,
      kind: fc.constantFrom('DaemonSet', 'Deployment', 'ConfigMap'),
      images: list(text),
      ready: count,
    }),
  ),
  'kubernetes.crds': list(
    fc.record({ name: text, group: text, createdAt: time, servedVersions: list(text), finalizers: list(text) }),
  ),
  'kubernetes.api-services': list(fc.record({ name: text, available: condition })),
  'kubernetes.namespaces': list(fc.record({ name: text, labels, phase: text })),
  'kubernetes.pods': list(
    shape(
      {
        ...object,
        uid: text,
        phase: text,
        hostNetwork: fc.boolean(),
        podIPs: list(text),
        labels,
        ports: list(shape({ containerPort: count, protocol: text }, { name: text })),
        branchEni: fc.constantFrom('attached', 'none'),
      },
      { nodeName: text, hostIP: text, owner: fc.record({ kind: text, name: text }) },
    ),
  ),
  'kubernetes.network-policies': list(
    fc.record({
      ...object,
      uid: text,
      generation: count,
      podSelector: selector,
      policyTypes: fc.subarray(['Ingress', 'Egress'] as const),
      ingress: list(rule),
      egress: list(rule),
    }),
  ),
  'kubernetes.policy-endpoints': list(
    fc.record({
      ...object,
      policy: fc.record({ namespace: text, name: text }),
      podSelector: selector,
      podIsolation: list(text),
      pods: list(fc.record({ namespace: text, name: text, podIP: text, hostIP: text })),
    }),
  ),
  'kubernetes.cninodes': list(fc.record({ name: text, features: list(fc.record({ name: text, value: text })) })),
  'kubernetes.eniconfigs': list(fc.record({ name: text, subnet: text, securityGroups: list(text) })),
  'kubernetes.security-group-policies': list(
    shape(
      { namespace: text, name: text, groupIds: list(text) },
      { podSelector: selector, serviceAccountSelector: selector },
    ),
  ),
  'kubernetes.nodeclasses': list(fc.record({ name: text, networkPolicy: text, networkPolicyEventLogs: text })),
  ...kubernetesNetworkValues({ text, time, labels, selector, peer, port, rule }),
  ...arbitraryAwsNetwork,
  'nodes.probes': list(
    shape(
      {
        nodeName: text,
        method: fc.constantFrom('readyz', 'ssm'),
        bpffs: fc.constantFrom('mounted', 'not-mounted', 'not-reported'),
        bpfMaps: fc.constantFrom('pinned', 'not-pinned', 'not-reported'),
        detail: text,
      },
      { kernelRelease: text },
    ),
  ),
};

const REASONS: readonly UnobservedReason[] = [
  'denied',
  'throttled',
  'api-error',
  'unreachable',
  'malformed',
  'partial',
  'not-collected',
];

const fact = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> => {
  const origin = { source: text, observedAt: time };
  const observed = fc.record<Observed<T>>({ state: fc.constant('observed'), value, ...origin });
  const absent = fc.record<Absent>({ state: fc.constant('absent'), ...origin });
  const reason = fc.constantFrom(...REASONS);
  const unobserved = fc.record<Unobserved>({ state: fc.constant('unobserved'), reason, detail: text, ...origin });
  return fc.oneof<fc.Arbitrary<Fact<T>>[]>(observed, observed, observed, absent, unobserved);
};

const facts: fc.Arbitrary<Facts> = fc
  .record(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fact<unknown>(value)])))
  // One fact for every key of `values`, whose type names every key and its value.
  .map((record) => record as unknown as Facts);

/** Any snapshot at all, with hostile texts in every place that takes a text. */
export const arbitrarySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  cluster: fc.record({
    partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
    account: fc.stringMatching(/^\d{12}$/),
    region: fc.constantFrom('us-west-2', 'eu-central-1'),
    name: fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,20}$/),
  }),
  takenAt: time,
  facts,
});
