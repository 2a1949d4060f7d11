import { describe, expect, it } from 'vitest';
import accessCheck from '../../shared/checks/fleet/kubernetes-access.ts';
import { printable } from '../../shared/checks/links/evidence.ts';
import agentEnabledCheck from '../../shared/checks/network-policy/node-agent-enabled.ts';
import bpffsCheck from '../../shared/checks/network-policy/bpffs-mounted.ts';
import controllerCheck from '../../shared/checks/network-policy/controller-enabled.ts';
import driftCheck from '../../shared/checks/network-policy/configuration-drift.ts';
import enforced from '../../shared/checks/network-policy/enforced.ts';
import modeCheck from '../../shared/checks/network-policy/enforcing-mode.ts';
import kernelCheck from '../../shared/checks/network-policy/kernel-version.ts';
import trunkCheck from '../../shared/checks/security-groups-for-pods/trunk-attached.ts';
import { evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Check } from '../../shared/model/check.ts';
import type {
  Container,
  NetworkPolicy,
  NetworkWorkload,
  Node,
  PolicyEndpoint,
} from '../../shared/model/facts-kubernetes.ts';
import type { Facts } from '../../shared/model/snapshot.ts';
import {
  addon,
  agentContainer,
  AT,
  awsNodePod,
  CLUSTER,
  cniContainer,
  daemonSet,
  eksCluster,
  facts,
  node,
  pod,
} from '../support/cluster.ts';

type Given = Parameters<typeof facts>[0];
const ON = { 'enable-network-policy-controller': 'true' };
const first = (check: Check, given: Facts) => {
  const [o] = evaluate({ cluster: CLUSTER, takenAt: AT, facts: given }, [check]).outcomes;
  if (o === undefined) throw new Error('no outcome');
  return o;
};
const policy: NetworkPolicy = {
  namespace: 'payments',
  name: 'default-deny',
  uid: 'c1',
  createdAt: '2026-11-01T00:00:00Z',
  generation: 1,
  podSelector: { matchLabels: {}, matchExpressions: [] },
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
};
const endpoint: PolicyEndpoint = {
  namespace: 'payments',
  name: 'default-deny-x',
  createdAt: '2026-11-01T00:00:01Z',
  policy: { namespace: 'payments', name: 'default-deny' },
  podSelector: { matchLabels: {}, matchExpressions: [] },
  podIsolation: ['Ingress'],
  pods: [{ namespace: 'payments', name: 'payments-6c9d-abcde', podIP: '10.0.1.20', hostIP: '10.0.1.5' }],
};
const cluster = (change: Given = {}) =>
  facts({
    'eks.cluster': eksCluster(),
    'eks.vpc-cni-addon': addon(),
    'kubernetes.nodes': [node()],
    'kubernetes.aws-node': daemonSet(),
    'kubernetes.aws-node-pods': [awsNodePod()],
    'kubernetes.amazon-vpc-cni': ON,
    'kubernetes.crds': [
      {
        name: 'policyendpoints.networking.k8s.aws',
        group: 'networking.k8s.aws',
        createdAt: '2026-01-01T00:00:00Z',
        servedVersions: ['v1alpha1'],
        finalizers: [],
      },
    ],
    'kubernetes.pods': [pod()],
    'kubernetes.network-policies': [policy],
    'kubernetes.policy-endpoints': [endpoint],
    'kubernetes.network-workloads': [],
    ...change,
  });
const cni = (version: string, env: Container['env']) =>
  cniContainer({ image: `public.ecr.aws/eks/amazon-k8s-cni:${version}`, env });
const al2 = (change: Partial<Node> = {}) =>
  node({
    osImage: 'Amazon Linux 2',
    kernelVersion: '5.10.186-179.751.amzn2.x86_64',
    labels: { 'eks.amazonaws.com/nodegroup-image': 'ami-0123456789abcdef0', 'eks.amazonaws.com/nodegroup': 'workers' },
    ...change,
  });
const lt = (version: string, bpffs: 'mounted' | 'disabled' | 'not-mentioned') =>
  ({
    id: 'lt-0f00000000000000a',
    name: 'workers',
    version,
    isDefault: false,
    isLatest: false,
    userData: { form: 'shell', bpffs },
  }) as const;
const instance = {
  instanceId: 'i-0aaaaaaaaaaaaaaa1',
  instanceType: 'm6i.large',
  imageId: 'ami-0123456789abcdef0',
  launchTime: AT,
  launchTemplate: { id: 'lt-0f00000000000000a', version: '3' },
  tags: {},
};
const oldImage = [{ imageId: 'ami-0123456789abcdef0', name: 'amazon-eks-node-1.24-v20230101' }];

describe('judgements that sourced facts decide', () => {
  it('ConfigMap "True" leaves the controller off (string compare with "true")', () => {
    expect(
      first(controllerCheck, facts({ 'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': 'True' } }))
        .status,
    ).toBe('fail');
  });
  it('the same through the chain: "1" is not enforced', () => {
    expect(
      first(
        enforced,
        cluster({
          'eks.vpc-cni-addon': 'absent',
          'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': '1' },
        }),
      ).status,
    ).toBe('fail');
  });
  it('IPv4 cluster with --enable-ipv6=true: IPv4 is not policed', () => {
    const pods = [
      awsNodePod({
        containers: [cniContainer(), agentContainer({ args: ['--enable-ipv6=true', '--enable-network-policy=true'] })],
      }),
    ];
    expect(first(agentEnabledCheck, cluster({ 'kubernetes.aws-node-pods': pods })).status).toBe('fail');
  });
  it('a PolicyEndpoint that lists the pod with another host does not reach the agent of this node', () => {
    const stale: PolicyEndpoint = {
      ...endpoint,
      pods: [{ namespace: 'payments', name: 'payments-6c9d-abcde', podIP: '10.0.2.9', hostIP: '10.0.2.6' }],
    };
    expect(first(enforced, cluster({ 'kubernetes.policy-endpoints': [stale] })).status).toBe('fail');
  });
  it('facts ten days old in "uses" make no pass', () => {
    const c = cluster();
    const pods = c['kubernetes.aws-node-pods'];
    expect(
      first(enforced, { ...c, 'kubernetes.aws-node-pods': { ...pods, observedAt: '2026-11-10T09:00:00Z' } }).status,
    ).toBe('not-evaluated');
  });
  it('strict without an agent, 1.18.2: every pod start fails', () => {
    expect(
      first(
        modeCheck,
        facts({
          'kubernetes.aws-node': daemonSet({
            containers: [cni('v1.18.2', { NETWORK_POLICY_ENFORCING_MODE: 'strict' })],
          }),
        }),
      ).status,
    ).toBe('fail');
  });
  it('mode unset from 1.19.4 on with NetworkPolicy on: the agent refuses the empty mode', () => {
    const pods = [awsNodePod({ containers: [cni('v1.21.1', {}), agentContainer()] })];
    expect(first(enforced, cluster({ 'kubernetes.aws-node-pods': pods })).status).toBe('fail');
  });
  it('-enable-network-policy=true with one dash is no flag to pflag: the agent exits', () => {
    const pods = [
      awsNodePod({ containers: [cniContainer(), agentContainer({ args: ['-enable-network-policy=true'] })] }),
    ];
    expect(first(agentEnabledCheck, cluster({ 'kubernetes.aws-node-pods': pods })).status).toBe('fail');
  });
  it('nothing answered and nothing refused is not complete access', () => {
    expect(
      first(
        accessCheck,
        facts({ 'kubernetes.access': { serverVersion: 'v1.33.4', answered: [], refused: [], failed: [] } }),
      ).status,
    ).not.toBe('pass');
  });

  it('drift: an unreadable add-on configuration is not a disagreement', () => {
    expect(
      first(
        driftCheck,
        facts({
          'eks.vpc-cni-addon': addon({ configuration: { form: 'unreadable', detail: 'neither JSON nor YAML' } }),
          'kubernetes.aws-node': daemonSet(),
          'kubernetes.aws-node-pods': [awsNodePod()],
          'kubernetes.amazon-vpc-cni': ON,
        }),
      ).status,
    ).toBe('not-evaluated');
  });
  it('drift: env that the IRSA / Pod Identity webhook adds to pods is not another revision', () => {
    const env = {
      ...cniContainer().env,
      AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/cni',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_DEFAULT_REGION: 'us-west-2',
      AWS_REGION: 'us-west-2',
    };
    expect(
      first(
        driftCheck,
        facts({
          'eks.vpc-cni-addon': addon(),
          'kubernetes.aws-node': daemonSet(),
          'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer({ env }), agentContainer()] })],
          'kubernetes.amazon-vpc-cni': ON,
        }),
      ).status,
    ).toBe('pass');
  });
  it('drift: an evicted pod of an old revision runs nothing', () => {
    const evicted = awsNodePod({
      name: 'old',
      phase: 'Failed',
      containers: [cniContainer({ image: 'x/amazon-k8s-cni:v1.20.0' }), agentContainer()],
    });
    expect(
      first(
        driftCheck,
        facts({
          'eks.vpc-cni-addon': addon(),
          'kubernetes.aws-node': daemonSet(),
          'kubernetes.aws-node-pods': [awsNodePod(), evicted],
          'kubernetes.amazon-vpc-cni': ON,
        }),
      ).status,
    ).toBe('pass');
  });
  it('bpffs: which launch template the node has is unknown, so user data is unknown', () => {
    expect(
      first(
        bpffsCheck,
        facts({
          'kubernetes.nodes': [al2()],
          'ec2.images': oldImage,
          'ec2.instances': 'denied',
          'eks.nodegroups': 'denied',
          'ec2.launch-templates': [lt('3', 'mounted')],
        }),
      ).status,
    ).toBe('not-evaluated');
  });
  it('bpffs: the version the instance was started from is not among those read', () => {
    expect(
      first(
        bpffsCheck,
        facts({
          'kubernetes.nodes': [al2()],
          'ec2.images': oldImage,
          'ec2.instances': [instance],
          'eks.nodegroups': [],
          'ec2.launch-templates': [lt('4', 'mounted')],
        }),
      ).status,
    ).toBe('not-evaluated');
  });
  it('bpffs: --mount-bpf-fs false is a flag of AL2 alone; AL2023 mounts at boot', () => {
    expect(
      first(
        bpffsCheck,
        facts({
          'kubernetes.nodes': [node()],
          'ec2.instances': [instance],
          'ec2.launch-templates': [lt('3', 'disabled')],
        }),
      ).status,
    ).toBe('pass');
  });
  it('Auto Mode node is not FAIL for the bandwidth plugin of a DaemonSet that does not run there', () => {
    const auto = node({
      labels: { 'eks.amazonaws.com/compute-type': 'auto' },
      osImage: 'Bottlerocket (EKS Auto, Standard) 2026.10.22 (aws-k8s-1.33-standard)',
    });
    expect(
      first(
        enforced,
        cluster({
          'kubernetes.nodes': [auto],
          'kubernetes.nodeclasses': [
            { name: 'default', networkPolicy: 'DefaultAllow', networkPolicyEventLogs: 'Disabled' },
          ],
          'kubernetes.aws-node': daemonSet({
            containers: [cniContainer({ env: { ENABLE_BANDWIDTH_PLUGIN: 'true' } }), agentContainer()],
          }),
        }),
      ).status,
    ).toBe('pass');
  });
  it('Cilium of the hybrid nodes does not run on EC2 nodes', () => {
    const cilium: NetworkWorkload = {
      kind: 'DaemonSet',
      namespace: 'kube-system',
      name: 'cilium',
      createdAt: AT,
      images: [],
      ready: 1,
    };
    const hybrid = node({ name: 'mi-0123', uid: 'h1', labels: { 'eks.amazonaws.com/compute-type': 'hybrid' } });
    const ciliumPod = pod({
      namespace: 'kube-system',
      name: 'cilium-abcde',
      uid: 'p9',
      nodeName: 'mi-0123',
      hostNetwork: true,
      owner: { kind: 'DaemonSet', name: 'cilium' },
    });
    expect(
      first(
        enforced,
        cluster({
          'kubernetes.nodes': [node(), hybrid],
          'kubernetes.pods': [pod(), ciliumPod],
          'kubernetes.network-workloads': [cilium],
        }),
      ).status,
    ).toBe('pass');
  });
  it('mode Strict: ipamd and agent compare in lower case', () => {
    expect(
      first(
        modeCheck,
        facts({
          'kubernetes.aws-node': daemonSet({
            containers: [cni('v1.21.1', { NETWORK_POLICY_ENFORCING_MODE: 'Strict' }), agentContainer()],
          }),
        }),
      ).status,
    ).toBe('pass');
  });
  it('mode set to nothing up to 1.19.3 is the default', () => {
    expect(
      first(
        modeCheck,
        facts({
          'kubernetes.aws-node': daemonSet({
            containers: [cni('v1.19.3', { NETWORK_POLICY_ENFORCING_MODE: '' }), agentContainer()],
          }),
        }),
      ).status,
    ).toBe('pass');
  });
  it('add-on off, and whether the cluster was switched on by hand could not be read', () => {
    expect(
      first(
        enforced,
        cluster({
          'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
          'kubernetes.amazon-vpc-cni': 'denied',
        }),
      ).status,
    ).toBe('not-evaluated');
  });

  it('one fact is named once among the missing', () => {
    const o = first(enforced, cluster({ 'eks.cluster': 'denied' }));
    expect(o.status === 'not-evaluated' && o.missing.map(({ fact }) => fact)).toEqual(['eks.cluster']);
  });
  it('printable cuts no surrogate pair in half', () => {
    expect(
      printable('x' + '\u{1F600}'.repeat(150)).isWellFormed() && printable('\u{1F600}'.repeat(150)).isWellFormed(),
    ).toBe(true);
  });
  it('printable: Arabic letter mark and tag characters act and hide too', () => {
    expect(printable('a\u061Cb\u{E0041}')).not.toMatch(/\p{Cf}/u);
  });
  it('messages carry no terminal escape from the cluster', () => {
    expect(
      first(kernelCheck, facts({ 'kubernetes.nodes': [node({ kernelVersion: '5.4.0\u001b[2J' })] })).message.text,
    ).not.toMatch(/\p{Cc}/u);
  });
  it('trunk-attached without a DaemonSet does not speak of kind vpc-cni', () => {
    expect(
      first(trunkCheck, facts({ 'kubernetes.nodes': [node()], 'kubernetes.aws-node': 'absent' })).message.text,
    ).not.toContain('vpc-cni');
  });
  it('two pods made in one second: the order of the list decides nothing', () => {
    const a = awsNodePod({ name: 'a' });
    const b = awsNodePod({ name: 'b', containers: [cniContainer(), agentContainer({ args: [] })] });
    expect(first(agentEnabledCheck, cluster({ 'kubernetes.aws-node-pods': [a, b] })).status).toBe(
      first(agentEnabledCheck, cluster({ 'kubernetes.aws-node-pods': [b, a] })).status,
    );
  });
});

describe('judgements that sourced facts decide, across links', () => {
  it('a policed pod with a branch interface in strict mode (the default) is not policed: SGP + NP need standard', () => {
    const ds = daemonSet({
      containers: [
        cniContainer({ env: { NETWORK_POLICY_ENFORCING_MODE: 'standard', ENABLE_POD_ENI: 'true' } }),
        agentContainer(),
      ],
    });
    expect(
      first(
        enforced,
        cluster({
          'kubernetes.aws-node': ds,
          'kubernetes.aws-node-pods': [awsNodePod({ containers: ds.containers })],
          'kubernetes.pods': [pod({ branchEni: 'attached' })],
        }),
      ).status,
    ).toBe('fail');
  });
  it('the mode without an agent, and a version nobody can tell, is not a pass', () => {
    expect(
      first(
        modeCheck,
        facts({
          'kubernetes.aws-node': daemonSet({
            containers: [cni('latest', { NETWORK_POLICY_ENFORCING_MODE: 'standard' })],
          }),
        }),
      ).status,
    ).toBe('not-evaluated');
  });
});
