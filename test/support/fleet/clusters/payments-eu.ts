import { AL2_1_31_20250620, AL2023_1_31_20260714 } from '../amis.ts';
import {
  amazonVpcCniFile,
  cniNodesFile,
  eniConfigsFile,
  securityGroupPoliciesFile,
  type CrdPlan,
} from '../api-objects.ts';
import { AGENT_ARGUMENTS, withArguments, type CniPlan } from '../aws-node-template.ts';
import type { Dump } from '../dump.ts';
import { managedGroupName, managedTemplate } from '../ec2.ts';
import { noResourceType } from '../failures.ts';
import { machineOf, type Machine, type MachinePlan } from '../machines.ts';
import type { ClusterPlan, Zone } from '../plan.ts';
import { awsFiles, dumpOf, kubernetesFiles } from '../story.ts';
import { coreDns, deployment, kubeProxy } from '../system-workloads.ts';
import { placePods, type Workload } from '../workloads.ts';
import { paymentsEuVerdicts } from './payments-eu-verdicts.ts';

/** Moved from Calico to the VPC CNI's own enforcement; Calico has not quite gone, and two nodes did not follow. */
const cluster: ClusterPlan = {
  name: 'payments-eu',
  region: 'eu-central-1',
  account: '111122223333',
  kubernetes: '1.31',
  platformVersion: 'eks.40',
  gitVersion: 'v1.31.14-eks-3025e55',
  createdAt: '2025-07-08T07:30:00Z',
  gatheredAt: '2026-11-20T09:04:18Z',
  network: 40,
  endpoint: 'public',
  tags: { Environment: 'production', 'pci-scope': 'true' },
};

const CALICO_INSTALLED_AT = '2025-07-08T08:14:37Z';
/** The day calico-node went; the node group on AL2023 is younger. */
const CALICO_REMOVED_AT = '2026-10-28T13:00:00Z';
const SWITCHED_ON_AT = '2026-11-03T10:05:00Z';

const member = (key: string, nodegroup: 'old' | 'new', zone: Zone, launchedAt: string): MachinePlan => ({
  key,
  zone,
  launchedAt,
  instanceType: 'm5.large',
  ami: nodegroup === 'old' ? AL2_1_31_20250620 : AL2023_1_31_20260714,
  nodegroup: nodegroup === 'old' ? 'payments-al2' : 'payments-al2023',
  autoScalingGroup: managedGroupName(cluster, nodegroup === 'old' ? 'payments-al2' : 'payments-al2023'),
  launchTemplate: managedTemplate(cluster, nodegroup === 'old' ? 'payments-al2' : 'payments-al2023'),
});

/** What calico-node leaves on a Node: the address it found, and the condition that it says the network is up with. */
const withCalicoMarks = (machine: Machine): Machine => ({
  ...machine,
  annotations: { 'projectcalico.org/IPv4Address': `${machine.address}/19` },
  conditions: [
    {
      type: 'NetworkUnavailable',
      status: 'False',
      reason: 'CalicoIsUp',
      message: 'Calico is running on this node',
    },
  ],
});

const machines = [
  member('old-1', 'old', 'a', '2025-07-08T08:40:22Z'),
  member('old-2', 'old', 'b', '2025-07-08T08:40:25Z'),
  member('new-1', 'new', 'a', '2026-11-02T09:12:03Z'),
  member('new-2', 'new', 'b', '2026-11-02T09:12:06Z'),
  member('new-3', 'new', 'c', '2026-11-02T09:12:08Z'),
]
  .map((plan) => machineOf(cluster, plan))
  .map((machine) => (machine.nodegroup === 'payments-al2' ? withCalicoMarks(machine) : machine));

const beforeSwitch: CniPlan = {
  version: 'v1.19.0-eksbuild.1',
  agent: 'v1.1.5-eksbuild.1',
  agentArguments: AGENT_ARGUMENTS['1.19'],
  env: { ANNOTATE_POD_IP: 'true' },
};

const cni: CniPlan = {
  ...beforeSwitch,
  agentArguments: withArguments(AGENT_ARGUMENTS['1.19'], {
    'enable-network-policy': 'true',
    'enable-cloudwatch-logs': 'true',
    'enable-policy-event-logs': 'true',
  }),
};

const workloads: readonly Workload[] = [
  kubeProxy(cluster, machines, 'v1.31.14-minimal-eksbuild.5'),
  coreDns(cluster, 'v1.11.4-eksbuild.22', ['new-1', 'new-2']),
  {
    kind: 'Deployment',
    namespace: 'tigera-operator',
    name: 'tigera-operator',
    labels: { 'k8s-app': 'tigera-operator', name: 'tigera-operator' },
    containers: [{ name: 'tigera-operator', image: 'quay.io/tigera/operator:v1.36.5' }],
    createdAt: CALICO_INSTALLED_AT,
    on: ['old-1'],
    hostNetwork: true,
  },
  deployment('gateway', 'gateway', 8443, 'registry.example.com/pay/gateway:12.4.0', '2026-11-04T08:20:00Z', [
    'old-1',
    'old-2',
    'new-1',
    'new-3',
  ]),
  deployment('cards', 'authoriser', 8443, 'registry.example.com/pay/authoriser:9.9.3', '2026-11-04T08:21:00Z', [
    'old-2',
    'new-2',
    'new-3',
  ]),
  deployment('cards', 'tokeniser', 8443, 'registry.example.com/pay/tokeniser:4.0.8', '2026-11-04T08:21:05Z', [
    'old-1',
    'new-1',
  ]),
  deployment('ledger', 'ledger-api', 8080, 'registry.example.com/pay/ledger:6.1.0', '2026-11-04T08:23:00Z', [
    'new-2',
    'new-3',
  ]),
  {
    kind: 'StatefulSet',
    namespace: 'ledger',
    name: 'postgres',
    labels: { app: 'postgres' },
    containers: [
      {
        name: 'postgres',
        image: 'public.ecr.aws/docker/library/postgres:16',
        ports: [{ name: 'postgres', containerPort: 5432 }],
      },
    ],
    createdAt: '2026-11-03T15:10:00Z',
    on: ['new-1', 'new-2'],
  },
];

/** The CRDs of Calico 3.29 and of its operator. */
const CALICO_KINDS = [
  'bgpconfigurations',
  'bgpfilters',
  'bgppeers',
  'blockaffinities',
  'caliconodestatuses',
  'clusterinformations',
  'felixconfigurations',
  'globalnetworkpolicies',
  'globalnetworksets',
  'hostendpoints',
  'ipamblocks',
  'ipamconfigs',
  'ipamhandles',
  'ippools',
  'ipreservations',
  'kubecontrollersconfigurations',
  'networkpolicies',
  'networksets',
  'tiers',
];

const crds: readonly CrdPlan[] = [
  { name: 'cninodes.vpcresources.k8s.aws', version: 'v1alpha1', createdAt: '2025-07-08T07:41:10Z' },
  { name: 'eniconfigs.crd.k8s.amazonaws.com', version: 'v1alpha1', createdAt: '2025-07-08T07:44:31Z' },
  { name: 'policyendpoints.networking.k8s.aws', version: 'v1alpha1', createdAt: '2025-07-08T07:41:11Z' },
  { name: 'securitygrouppolicies.vpcresources.k8s.aws', version: 'v1beta1', createdAt: '2025-07-08T07:41:10Z' },
  ...CALICO_KINDS.map((kind) => ({
    name: `${kind}.crd.projectcalico.org`,
    version: 'v1',
    createdAt: CALICO_INSTALLED_AT,
  })),
  ...['apiservers', 'imagesets', 'tigerastatuses'].map((kind) => ({
    name: `${kind}.operator.tigera.io`,
    version: 'v1',
    createdAt: CALICO_INSTALLED_AT,
  })),
  {
    name: 'installations.operator.tigera.io',
    version: 'v1',
    createdAt: CALICO_INSTALLED_AT,
    // Deleted, and waiting for an operator that was told to stop.
    finalizers: ['customresourcecleanup.apiextensions.k8s.io', 'tigera.io/operator-cleanup'],
  },
];

const fromNamespace = (namespace: string, app: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  podSelector: { matchLabels: { app } },
});

const policy = (namespace: string, name: string, createdAt = '2026-11-03T11:30:00Z') => ({
  namespace,
  name,
  createdAt,
});

export const paymentsEu = (): Dump =>
  dumpOf([
    ...awsFiles({
      cluster,
      authenticationMode: 'API_AND_CONFIG_MAP',
      logTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
      machines,
      nodegroups: [
        {
          name: 'payments-al2',
          ami: AL2_1_31_20250620,
          instanceType: 'm5.large',
          size: 2,
          createdAt: '2025-07-08T08:37:50Z',
          modifiedAt: '2026-11-20T08:41:00Z',
        },
        {
          name: 'payments-al2023',
          ami: AL2023_1_31_20260714,
          instanceType: 'm5.large',
          size: 3,
          createdAt: '2026-11-02T09:09:14Z',
          modifiedAt: '2026-11-20T08:43:20Z',
        },
      ],
      addon: {
        version: 'v1.19.0-eksbuild.1',
        createdAt: '2025-07-08T07:44:29Z',
        modifiedAt: '2026-11-03T10:06:12Z',
        configurationValues: JSON.stringify({
          enableNetworkPolicy: 'true',
          nodeAgent: { enablePolicyEventLogs: 'true', enableCloudWatchLogs: 'true' },
          env: { ANNOTATE_POD_IP: 'true' },
        }),
      },
    }),
    ...kubernetesFiles(cluster, machines, {
      awsNode: {
        cni,
        createdAt: '2025-07-08T07:44:31Z',
        generation: 7,
        updateStrategy: 'OnDelete',
        rolledOutAt: SWITCHED_ON_AT,
        previous: { cni: beforeSwitch, rolledOutAt: CALICO_REMOVED_AT, on: ['old-2'] },
        crashingOn: ['new-3'],
        irsa: true,
      },
      workloads,
      policies: [
        { ...policy('cards', 'default-deny'), podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
        {
          ...policy('cards', 'allow-gateway'),
          podSelector: { matchLabels: { app: 'authoriser' } },
          policyTypes: ['Ingress'],
          ingress: [{ peers: [fromNamespace('gateway', 'gateway')], ports: [{ protocol: 'TCP', port: 'http' }] }],
        },
        {
          ...policy('cards', 'allow-tokenising'),
          podSelector: { matchLabels: { app: 'tokeniser' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [{ podSelector: { matchLabels: { app: 'authoriser' } } }],
              ports: [{ protocol: 'TCP', port: 8443 }],
            },
          ],
        },
        {
          ...policy('cards', 'allow-dns'),
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [
            {
              peers: [
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
                  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
                },
              ],
              ports: [
                { protocol: 'UDP', port: 53 },
                { protocol: 'TCP', port: 53 },
              ],
            },
          ],
        },
        {
          ...policy('ledger', 'database', '2026-11-03T15:12:00Z'),
          podSelector: { matchLabels: { app: 'postgres' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [{ podSelector: { matchLabels: { app: 'ledger-api' } } }],
              ports: [{ protocol: 'TCP', port: 'postgres' }],
            },
          ],
        },
      ],
      policyEndpoints: 'made',
      crds,
      aggregatedApis: [
        {
          name: 'v3.projectcalico.org',
          available: 'False',
          reason: 'ServiceNotFound',
          createdAt: '2025-07-08T08:17:02Z',
        },
      ],
      kubeSystemConfigMaps: [
        'amazon-vpc-cni',
        'aws-auth',
        'calico-config',
        'coredns',
        'kube-proxy',
        'kube-proxy-config',
      ],
      more: [
        amazonVpcCniFile(
          cluster,
          {
            'branch-eni-cooldown': '60',
            'enable-network-policy-controller': 'true',
            'enable-windows-ipam': 'false',
            'enable-windows-prefix-delegation': 'false',
            'minimum-ip-target': '3',
            'warm-ip-target': '1',
            'warm-prefix-target': '0',
          },
          {
            'app.kubernetes.io/instance': 'aws-vpc-cni',
            'app.kubernetes.io/name': 'aws-node',
            'app.kubernetes.io/version': 'v1.19.0',
            'k8s-app': 'aws-node',
          },
        ),
        cniNodesFile(cluster, machines, []),
        eniConfigsFile(cluster, []),
        securityGroupPoliciesFile(cluster, []),
        noResourceType('nodeclasses', 'nodeclasses'),
      ],
    }),
    ...paymentsEuVerdicts(cluster, machines, placePods(workloads, machines)),
  ]);
