import type { JsonObject } from '../../../../shared/model/facts-aws.ts';
import { BOTTLEROCKET_AUTO_1_34 } from '../amis.ts';
import { amazonVpcCniFile, securityGroupPoliciesFile, type CrdPlan } from '../api-objects.ts';
import { kubernetesList, type Dump } from '../dump.ts';
import { noResourceType } from '../failures.ts';
import { hex, numberBelow, resourceVersion, secondsLater, uuid } from '../identifiers.ts';
import { machineOf, type MachinePlan } from '../machines.ts';
import { clusterSecurityGroupOf, nodeRoleOf, subnetOf, ZONES, type ClusterPlan, type Zone } from '../plan.ts';
import { awsFiles, dumpOf, kubernetesFiles } from '../story.ts';
import { deployment } from '../system-workloads.ts';
import type { Workload } from '../workloads.ts';

/** EKS Auto Mode: no aws-node, no CoreDNS and no kube-proxy pods; the operating system carries all three. */
const cluster: ClusterPlan = {
  name: 'analytics-auto',
  region: 'us-east-1',
  account: '444455556666',
  kubernetes: '1.34',
  platformVersion: 'eks.19',
  gitVersion: 'v1.34.9-eks-40737a8',
  createdAt: '2026-02-11T15:25:40Z',
  gatheredAt: '2026-11-20T09:41:27Z',
  network: 60,
  endpoint: 'public',
  autoMode: true,
  tags: { Team: 'analytics' },
};

// Auto Mode replaces its nodes at least every fortnight.
const node = (key: string, zone: Zone, launchedAt: string): MachinePlan => ({
  key,
  zone,
  launchedAt,
  instanceType: 'c6a.large',
  ami: BOTTLEROCKET_AUTO_1_34,
  maxPods: 27,
});

const machines = [
  node('pool-1', 'a', '2026-11-10T02:14:09Z'),
  node('pool-2', 'b', '2026-11-13T19:31:52Z'),
  node('pool-3', 'c', '2026-11-18T06:05:38Z'),
].map((plan) => machineOf(cluster, plan));

const workloads: readonly Workload[] = [
  deployment(
    'kube-system',
    'metrics-server',
    10_251,
    '602401143452.dkr.ecr.us-east-1.amazonaws.com/eks/metrics-server:v0.8.1-eksbuild.4',
    '2026-02-11T15:40:00Z',
    ['pool-1', 'pool-2'],
    { labels: { 'app.kubernetes.io/name': 'metrics-server' } },
  ),
  deployment('dashboards', 'superset', 8088, 'docker.io/apache/superset:4.1.2', '2026-10-02T08:10:00Z', [
    'pool-1',
    'pool-2',
    'pool-3',
  ]),
  deployment('ingest', 'collector', 4318, 'registry.example.com/analytics/collector:1.18.0', '2026-10-02T08:12:00Z', [
    'pool-2',
    'pool-3',
  ]),
  deployment(
    'ingest',
    'transformer',
    9000,
    'registry.example.com/analytics/transformer:1.18.0',
    '2026-10-02T08:12:10Z',
    ['pool-1', 'pool-3'],
  ),
  {
    kind: 'StatefulSet',
    namespace: 'warehouse',
    name: 'postgres',
    labels: { app: 'postgres' },
    containers: [
      {
        name: 'postgres',
        image: 'public.ecr.aws/docker/library/postgres:16',
        ports: [{ name: 'postgres', containerPort: 5432 }],
      },
    ],
    createdAt: '2026-03-05T09:00:00Z',
    on: ['pool-1', 'pool-3'],
  },
];

const INSTALLED_AT = '2026-02-11T15:33:12Z';

const crds: readonly CrdPlan[] = [
  ...['applicationnetworkpolicies', 'clusternetworkpolicies', 'clusterpolicyendpoints', 'policyendpoints'].map(
    (kind) => ({
      name: `${kind}.networking.k8s.aws`,
      version: 'v1alpha1',
      createdAt: INSTALLED_AT,
    }),
  ),
  ...['cninodes', 'nodediagnostics'].map((kind) => ({
    name: `${kind}.eks.amazonaws.com`,
    version: 'v1alpha1',
    createdAt: INSTALLED_AT,
  })),
  { name: 'ingressclassparams.eks.amazonaws.com', version: 'v1', createdAt: INSTALLED_AT },
  { name: 'nodeclasses.eks.amazonaws.com', version: 'v1', createdAt: INSTALLED_AT },
  { name: 'targetgroupbindings.eks.amazonaws.com', version: 'v1', createdAt: INSTALLED_AT },
  { name: 'nodeclaims.karpenter.sh', version: 'v1', createdAt: INSTALLED_AT },
  { name: 'nodepools.karpenter.sh', version: 'v1', createdAt: INSTALLED_AT },
  { name: 'cninodes.vpcresources.k8s.aws', version: 'v1alpha1', createdAt: INSTALLED_AT },
  { name: 'securitygrouppolicies.vpcresources.k8s.aws', version: 'v1beta1', createdAt: INSTALLED_AT },
];

/** https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html */
const nodeClass = (): JsonObject => ({
  apiVersion: 'eks.amazonaws.com/v1',
  kind: 'NodeClass',
  metadata: {
    annotations: {
      'eks.amazonaws.com/nodeclass-hash': String(numberBelow(cluster.name, 2 ** 47)),
      'eks.amazonaws.com/nodeclass-hash-version': 'v2',
    },
    creationTimestamp: secondsLater(INSTALLED_AT, 9),
    finalizers: ['eks.amazonaws.com/termination'],
    generation: 2,
    labels: { 'app.kubernetes.io/managed-by': 'eks' },
    name: 'default',
    resourceVersion: resourceVersion(`${cluster.name}/nodeclass`),
    uid: uuid(`${cluster.name}/nodeclass`),
  },
  spec: {
    ephemeralStorage: { iops: 3000, size: '80Gi', throughput: 125 },
    networkPolicy: 'DefaultAllow',
    networkPolicyEventLogs: 'Enabled',
    role: nodeRoleOf(cluster).split('/')[1] ?? '',
    securityGroupSelectorTerms: [{ id: clusterSecurityGroupOf(cluster) }],
    snatPolicy: 'Random',
    subnetSelectorTerms: ZONES.map((zone) => ({ id: subnetOf(cluster, zone).id })),
  },
  status: {
    conditions: [
      {
        lastTransitionTime: secondsLater(INSTALLED_AT, 60),
        message: '',
        observedGeneration: 2,
        reason: 'Ready',
        status: 'True',
        type: 'Ready',
      },
    ],
    instanceProfile: `eks-${cluster.region}-${cluster.name}-${hex(cluster.name, 19)}`,
    securityGroups: [{ id: clusterSecurityGroupOf(cluster), name: `eks-cluster-sg-${cluster.name}` }],
    subnets: ZONES.map((zone) => ({ id: subnetOf(cluster, zone).id, zone: `${cluster.region}${zone}` })),
  },
});

const policy = (namespace: string, name: string) => ({ namespace, name, createdAt: '2026-10-05T13:20:00Z' });

export const analyticsAuto = (): Dump =>
  dumpOf([
    ...awsFiles({ cluster, authenticationMode: 'API', logTypes: ['api', 'audit'], machines, nodegroups: [] }),
    ...kubernetesFiles(cluster, machines, {
      workloads,
      policies: [
        { ...policy('warehouse', 'default-deny'), podSelector: {}, policyTypes: ['Ingress'] },
        {
          ...policy('warehouse', 'allow-readers'),
          podSelector: { matchLabels: { app: 'postgres' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dashboards' } },
                  podSelector: { matchLabels: { app: 'superset' } },
                },
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingest' } },
                  podSelector: { matchLabels: { app: 'transformer' } },
                },
              ],
              ports: [{ protocol: 'TCP', port: 'postgres' }],
            },
          ],
        },
        {
          ...policy('ingest', 'collector-ingress'),
          podSelector: { matchLabels: { app: 'collector' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.60.0.0/19'] } }],
              ports: [{ protocol: 'TCP', port: 4318 }],
            },
          ],
        },
      ],
      policyEndpoints: 'made',
      crds,
      aggregatedApis: [{ name: 'v1beta1.metrics.k8s.io', available: 'True', reason: 'Passed' }],
      kubeSystemConfigMaps: ['amazon-vpc-cni'],
      more: [
        // Made by hand: https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
        amazonVpcCniFile(cluster, { 'enable-network-policy-controller': 'true' }, {}),
        // Served, and empty: Auto Mode keeps its own in cninodes.eks.amazonaws.com.
        kubernetesList('cninodes', []),
        noResourceType('eniconfigs', 'eniconfigs'),
        securityGroupPoliciesFile(cluster, []),
        kubernetesList('nodeclasses', [nodeClass()]),
      ],
    }),
  ]);
