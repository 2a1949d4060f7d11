import { AL2023_1_33_20250620, AL2023_1_33_20260714_ARM } from '../amis.ts';
import {
  amazonVpcCniFile,
  cniNodesFile,
  eniConfigsFile,
  securityGroupPoliciesFile,
  type CrdPlan,
} from '../api-objects.ts';
import { AGENT_ARGUMENTS, withArguments } from '../aws-node-template.ts';
import type { Dump } from '../dump.ts';
import { managedGroupName, managedTemplate } from '../ec2.ts';
import { noResourceType } from '../failures.ts';
import { ec2Id } from '../identifiers.ts';
import { machineOf, type MachinePlan } from '../machines.ts';
import type { ClusterPlan, Zone } from '../plan.ts';
import { awsFiles, dumpOf, kubernetesFiles } from '../story.ts';
import { coreDns, deployment, kubeProxy, podIdentityAgent } from '../system-workloads.ts';
import { placePods, type Workload } from '../workloads.ts';
import { platformVerdicts } from './platform-al2023-verdicts.ts';

/** How it should look: policies enforced, security groups for pods beside them, and the agents say so themselves. */
const cluster: ClusterPlan = {
  name: 'platform-al2023',
  region: 'us-east-1',
  account: '111122223333',
  kubernetes: '1.33',
  platformVersion: 'eks.31',
  gitVersion: 'v1.33.13-eks-40737a8',
  createdAt: '2025-06-26T12:00:00Z',
  gatheredAt: '2026-11-20T09:20:33Z',
  network: 50,
  endpoint: 'public',
  tags: { Environment: 'production', Team: 'platform' },
};

const arm = { ami: AL2023_1_33_20260714_ARM, instanceType: 'm7g.large' } as const;
const intel = { ami: AL2023_1_33_20250620, instanceType: 'm6i.large' } as const;

const member = (
  key: string,
  nodegroup: string,
  zone: Zone,
  launchedAt: string,
  kind: Pick<MachinePlan, 'ami' | 'instanceType'>,
): MachinePlan => ({
  key,
  zone,
  launchedAt,
  ...kind,
  nodegroup,
  autoScalingGroup: managedGroupName(cluster, nodegroup),
  launchTemplate: managedTemplate(cluster, nodegroup),
  trunk: 'attached',
});

const machines = [
  member('graviton-1', 'graviton', 'a', '2026-08-05T07:10:44Z', arm),
  member('graviton-2', 'graviton', 'b', '2026-08-05T07:10:46Z', arm),
  member('intel-1', 'intel', 'b', '2025-06-26T13:05:12Z', intel),
  member('intel-2', 'intel', 'c', '2025-06-26T13:05:15Z', intel),
].map((plan) => machineOf(cluster, plan));

const workloads: readonly Workload[] = [
  kubeProxy(cluster, machines, 'v1.33.13-minimal-eksbuild.2'),
  podIdentityAgent(cluster, machines),
  coreDns(cluster, 'v1.12.4-eksbuild.6', ['graviton-1', 'graviton-2']),
  deployment('portal', 'portal', 8080, 'registry.example.com/platform/portal:31.2.0', '2026-11-09T10:00:00Z', [
    'graviton-1',
    'graviton-2',
    'intel-1',
  ]),
  deployment('billing', 'invoicing', 8080, 'registry.example.com/platform/invoicing:8.3.1', '2026-11-09T10:02:00Z', [
    'graviton-1',
    'intel-2',
  ]),
  deployment(
    'billing',
    'statements',
    8080,
    'registry.example.com/platform/statements:8.3.1',
    '2026-11-09T10:02:30Z',
    ['graviton-2', 'intel-1', 'intel-2'],
    { labels: { app: 'statements', database: 'billing' }, branchInterface: true },
  ),
  deployment('identity', 'login', 8443, 'registry.example.com/platform/login:14.0.2', '2026-11-10T16:45:00Z', [
    'graviton-1',
    'graviton-2',
    'intel-1',
    'intel-2',
  ]),
];

const crds: readonly CrdPlan[] = [
  ...['applicationnetworkpolicies', 'clusternetworkpolicies', 'clusterpolicyendpoints', 'policyendpoints'].map(
    (kind) => ({
      name: `${kind}.networking.k8s.aws`,
      version: 'v1alpha1',
      createdAt: kind === 'policyendpoints' ? '2025-06-26T12:09:51Z' : '2025-12-16T03:20:08Z',
    }),
  ),
  { name: 'cninodes.vpcresources.k8s.aws', version: 'v1alpha1', createdAt: '2025-06-26T12:09:52Z' },
  { name: 'eniconfigs.crd.k8s.amazonaws.com', version: 'v1alpha1', createdAt: '2025-06-26T12:13:05Z' },
  { name: 'securitygrouppolicies.vpcresources.k8s.aws', version: 'v1beta1', createdAt: '2025-06-26T12:09:52Z' },
];

const kubeDns = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
} as const;

const policy = (namespace: string, name: string) => ({ namespace, name, createdAt: '2026-08-12T09:00:00Z' });

const ENV = { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' } as const;

/** What an agent answers to /readyz?verbose: https://github.com/kubernetes-sigs/controller-runtime (pkg/healthz). */
const READY = '[+]bpf-fs ok\n[+]bpf-maps ok\n[+]grpc-socket ok\nhealthz check passed\n';

export const platformAl2023 = (): Dump =>
  dumpOf([
    ...awsFiles({
      cluster,
      authenticationMode: 'API',
      logTypes: ['api', 'audit', 'authenticator'],
      machines,
      nodegroups: [
        { name: 'graviton', ...arm, size: 2, createdAt: '2026-08-05T07:07:30Z', modifiedAt: '2026-11-20T09:01:40Z' },
        { name: 'intel', ...intel, size: 2, createdAt: '2025-06-26T13:01:58Z', modifiedAt: '2026-11-20T09:03:02Z' },
      ],
      addon: {
        version: 'v1.23.0-eksbuild.1',
        createdAt: '2025-06-26T12:13:02Z',
        modifiedAt: '2026-08-11T08:35:20Z',
        configurationValues: JSON.stringify({
          enableNetworkPolicy: 'true',
          nodeAgent: { enablePolicyEventLogs: 'true', enableCloudWatchLogs: 'true', logLevel: 'info' },
          env: ENV,
        }),
        podIdentity: true,
      },
    }),
    ...kubernetesFiles(cluster, machines, {
      awsNode: {
        cni: {
          version: 'v1.23.0-eksbuild.1',
          agent: 'v1.4.1-eksbuild.1',
          agentArguments: withArguments(AGENT_ARGUMENTS['1.23'], {
            'enable-network-policy': 'true',
            'enable-cloudwatch-logs': 'true',
            'enable-policy-event-logs': 'true',
            'log-level': 'info',
          }),
          env: ENV,
        },
        createdAt: '2025-06-26T12:13:05Z',
        generation: 6,
        updateStrategy: 'RollingUpdate',
        rolledOutAt: '2026-08-11T08:34:10Z',
        podIdentity: true,
      },
      workloads,
      policies: [
        { ...policy('billing', 'default-deny'), podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
        {
          ...policy('billing', 'allow-portal'),
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'portal' } },
                  podSelector: { matchLabels: { app: 'portal' } },
                },
              ],
              ports: [{ protocol: 'TCP', port: 'http' }],
            },
          ],
        },
        {
          ...policy('billing', 'allow-dns-and-database'),
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [
            {
              peers: [kubeDns],
              ports: [
                { protocol: 'UDP', port: 53 },
                { protocol: 'TCP', port: 53 },
              ],
            },
            { peers: [{ ipBlock: { cidr: '10.50.192.0/24' } }], ports: [{ protocol: 'TCP', port: 5432 }] },
          ],
        },
        {
          ...policy('identity', 'allow-portal'),
          podSelector: { matchLabels: { app: 'login' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'portal' } } }],
              ports: [{ protocol: 'TCP', port: 8443 }],
            },
          ],
        },
      ],
      policyEndpoints: 'made',
      crds,
      aggregatedApis: [{ name: 'v1beta1.metrics.k8s.io', available: 'True', reason: 'Passed' }],
      kubeSystemConfigMaps: ['amazon-vpc-cni', 'coredns', 'kube-proxy', 'kube-proxy-config'],
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
            'app.kubernetes.io/version': 'v1.23.0',
            'k8s-app': 'aws-node',
          },
        ),
        cniNodesFile(cluster, machines, [{ name: 'SecurityGroupsForPods' }]),
        eniConfigsFile(cluster, []),
        securityGroupPoliciesFile(cluster, [
          {
            namespace: 'billing',
            name: 'database-clients',
            createdAt: '2025-07-01T09:30:00Z',
            matchLabels: { database: 'billing' },
            groupIds: [ec2Id('sg', `${cluster.name}/database-clients`)],
          },
        ]),
        noResourceType('nodeclasses', 'nodeclasses'),
      ],
    }),
    ...machines.map(({ name }) => [`probes/readyz/${name}.txt`, READY] as const),
    ...platformVerdicts(cluster, machines, placePods(workloads, machines)),
  ]);
