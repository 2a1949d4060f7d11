import type { Case } from '../../../support/check-tester.ts';
import {
  addon,
  agentContainer,
  awsNodePod,
  cniContainer,
  daemonSet,
  eksCluster,
  node,
  pod,
} from '../../../support/cluster.ts';
import {
  addonKey,
  agentFlags,
  agentOff,
  autoCluster,
  autoNode,
  cluster,
  controllerKey,
  endpoint,
  mounted,
  name,
  nodeClass,
  podImage,
  podMode,
  workload,
} from './cluster.ts';

/** Every link holds, or does not apply. */
export const HOLDS: readonly [Case, ...Case[]] = [
  {
    name: 'managed add-on, all thirteen links hold; bpffs is only inferred from the operating system',
    facts: cluster(),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 13 links hold, the weakest evidence is inferred (bpffs)',
        evidence: [
          'eks.cluster:version',
          'eks.cluster:platformVersion',
          podImage,
          addonKey,
          controllerKey,
          'kubernetes.aws-node:containers[name=aws-eks-nodeagent].args',
          'kubernetes.aws-node-pods:[name=aws-node-x7k2p].statuses[name=aws-eks-nodeagent]',
          agentFlags,
          `kubernetes.nodes:[name=${name}].kernelVersion`,
          `kubernetes.nodes:[name=${name}].osImage`,
          'kubernetes.crds:[name=policyendpoints.networking.k8s.aws].servedVersions',
          'kubernetes.policy-endpoints:',
          podMode,
          'kubernetes.network-workloads:',
        ],
        grades: [
          'observed',
          'observed',
          'observed',
          'declared',
          'observed',
          'observed',
          'observed',
          'observed',
          'observed',
          'inferred',
          'observed',
          'observed',
          'observed',
          'observed',
        ],
      },
    ],
  },
  {
    name: 'a probe of the node saw bpffs: what the add-on declares does not weaken what runs',
    facts: cluster({ 'nodes.probes': [mounted] }),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 13 links hold, the weakest evidence is observed (all of it)',
      },
    ],
  },
  {
    name: 'user data mounts bpffs: the weakest is what the launch template declares',
    facts: cluster({
      'kubernetes.nodes': [node({ osImage: 'Ubuntu 22.04.3 LTS' })],
      'ec2.instances': [
        {
          instanceId: 'i-0aaaaaaaaaaaaaaa1',
          instanceType: 'm6i.large',
          imageId: 'ami-0123456789abcdef0',
          launchTime: '2026-11-01T00:00:00Z',
          launchTemplate: { id: 'lt-0f00000000000000a', version: '3' },
          tags: {},
        },
      ],
      'ec2.launch-templates': [
        {
          id: 'lt-0f00000000000000a',
          name: 'workers',
          version: '3',
          isDefault: true,
          isLatest: true,
          userData: { form: 'shell', bpffs: 'mounted' },
        },
      ],
    }),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 13 links hold, the weakest evidence is declared (bpffs)',
      },
    ],
  },
  {
    name: 'self-managed and probed: everything was observed',
    facts: cluster({ 'eks.vpc-cni-addon': 'absent', 'nodes.probes': [mounted] }),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 12 links hold, the weakest evidence is observed (all of it)',
      },
    ],
  },
  {
    name: 'the add-on is off, and somebody switched the cluster on by hand: enforced today, drift is another finding',
    facts: cluster({ 'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }) }),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 12 links hold, the weakest evidence is inferred (bpffs)',
      },
    ],
  },
  {
    name: 'the add-on could not be read, and the cluster itself shows both switches on',
    facts: cluster({ 'eks.vpc-cni-addon': 'denied' }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'the add-on configuration cannot be understood, and the cluster itself shows both switches on',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'unreadable', detail: 'neither JSON nor YAML' } }),
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'IPv6 cluster whose agent polices IPv6',
    facts: cluster({
      'eks.cluster': eksCluster({ ipFamily: 'ipv6' }),
      'kubernetes.aws-node-pods': [
        awsNodePod({
          containers: [
            cniContainer(),
            agentContainer({ args: ['--enable-ipv6=true', '--enable-network-policy=true'] }),
          ],
        }),
      ],
      'kubernetes.nodes': [node({ internalIPs: ['2001:db8:1::5'] })],
      'kubernetes.pods': [pod({ podIPs: ['2001:db8:1::20'], hostIP: '2001:db8:1::5' })],
      'kubernetes.policy-endpoints': [
        endpoint({
          pods: [
            {
              namespace: 'payments',
              name: 'payments-6c9d-abcde',
              podIP: '2001:db8:1::20',
              hostIP: '2001:db8:1::5',
            },
          ],
        }),
      ],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'VPC CNI 1.16.4 has no enforcing mode: the link does not apply',
    facts: cluster({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node-pods': [
        awsNodePod({
          containers: [cniContainer({ image: 'public.ecr.aws/eks/amazon-k8s-cni:v1.16.4', env: {} }), agentContainer()],
        }),
      ],
    }),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 11 links hold, the weakest evidence is inferred (bpffs)',
      },
    ],
  },
  {
    name: 'a DaemonSet that happens to be called constructor is no policy engine',
    facts: cluster({ 'kubernetes.network-workloads': [workload({ name: 'constructor' })] }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'Calico that no longer runs, and its ConfigMap, do not fight over packets',
    facts: cluster({
      'kubernetes.network-workloads': [
        workload({ name: 'calico-node', ready: 0 }),
        workload({ kind: 'ConfigMap', name: 'canal', ready: 0 }),
        workload({ kind: 'Deployment', name: 'cilium', ready: 1 }),
      ],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'a pod with a branch interface under the standard mode of security groups for pods',
    facts: cluster({
      'kubernetes.pods': [pod({ branchEni: 'attached', namespace: 'other' })],
      'kubernetes.aws-node-pods': [
        awsNodePod({
          containers: [
            cniContainer({
              env: { POD_SECURITY_GROUP_ENFORCING_MODE: 'standard', NETWORK_POLICY_ENFORCING_MODE: 'standard' },
            }),
            agentContainer(),
          ],
        }),
      ],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'ENABLE_BANDWIDTH_PLUGIN is false',
    facts: cluster({
      'kubernetes.aws-node': daemonSet({
        containers: [cniContainer({ env: { ENABLE_BANDWIDTH_PLUGIN: 'false' } }), agentContainer()],
      }),
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'Auto Mode: eight links, no DaemonSet',
    facts: autoCluster(),
    expected: [
      {
        resource: name,
        message: 'enforced',
        text: 'NetworkPolicy is enforced: all 8 links hold, the weakest evidence is inferred (bpffs)',
        evidence: [
          'eks.cluster:version',
          'eks.cluster:platformVersion',
          controllerKey,
          `kubernetes.nodes:[name=${name}].kernelVersion`,
          `kubernetes.nodes:[name=${name}].osImage`,
          'kubernetes.crds:[name=policyendpoints.networking.k8s.aws].servedVersions',
          'kubernetes.policy-endpoints:',
          'kubernetes.nodeclasses:[name=default].networkPolicy',
          'kubernetes.network-workloads:',
        ],
      },
    ],
  },
  {
    name: 'Auto Mode with DefaultDeny, and a node without the label of its class where there is one class only',
    facts: autoCluster({
      'kubernetes.nodes': [autoNode({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } })],
      'kubernetes.nodeclasses': [nodeClass({ networkPolicy: 'DefaultDeny' })],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'an Auto Mode node beside a DaemonSet that is off: it does not run there',
    facts: autoCluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), agentOff] }),
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
];
