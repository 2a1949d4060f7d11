import { AL2_1_23_20230217, AL2_1_24_20230728, imageIdOf } from '../amis.ts';
import { eniConfigsFile, securityGroupPoliciesFile, type CrdPlan } from '../api-objects.ts';
import type { Dump } from '../dump.ts';
import { launchTemplateFile, managedGroupName, managedTemplate } from '../ec2.ts';
import { noResourceType, notFound } from '../failures.ts';
import { ec2Id } from '../identifiers.ts';
import { machineOf, type MachinePlan } from '../machines.ts';
import { endpointOf, subnetOf, type ClusterPlan, type Subnet, type Zone } from '../plan.ts';
import { awsFiles, dumpOf, kubernetesFiles } from '../story.ts';
import { coreDns, deployment, kubeProxy } from '../system-workloads.ts';
import type { Workload } from '../workloads.ts';

/** Older than NetworkPolicy, and custom networking that no longer finds its ENIConfigs. */
const cluster: ClusterPlan = {
  name: 'legacy-batch',
  region: 'eu-west-1',
  account: '444455556666',
  kubernetes: '1.24',
  platformVersion: 'eks.16',
  gitVersion: 'v1.24.17-eks-8cb36c9',
  createdAt: '2022-12-01T13:40:02Z',
  gatheredAt: '2026-11-20T08:31:05Z',
  network: 30,
  endpoint: 'public',
  tags: { 'cost-center': 'batch' },
};

/** The pods' own subnets, from the secondary range of the VPC. */
const podSubnet = (zone: Zone): Subnet => {
  const { zone: name, zoneId, thirdOctets } = subnetOf(cluster, zone);
  return { id: ec2Id('subnet', `${cluster.name}/pods/${zone}`), zone: name, zoneId, prefix: '100.64', thirdOctets };
};

/** Until this day the ENIConfigs were named after the zones, as ENI_CONFIG_LABEL_DEF wants them. */
const RENAMED_AT = '2026-11-12T10:22:41Z';

const selfManagedTemplate = {
  id: ec2Id('lt', `${cluster.name}/self-managed`),
  name: 'legacy-batch-workers',
  version: '2',
};

const group = (key: string, zone: Zone, launchedAt: string): MachinePlan => ({
  key,
  zone,
  instanceType: 'm5.xlarge',
  ami: AL2_1_24_20230728,
  launchedAt,
  nodegroup: 'batch',
  autoScalingGroup: managedGroupName(cluster, 'batch'),
  launchTemplate: managedTemplate(cluster, 'batch'),
  maxPods: 110,
  prefixesFrom: podSubnet(zone),
  trunk: 'attached',
  labels: {
    'vpc.amazonaws.com/eniConfig': `${cluster.region}${zone}`,
    'vpc.amazonaws.com/has-trunk-attached': 'true',
  },
});

const machines = [
  group('batch-1', 'a', '2024-02-06T05:12:17Z'),
  group('batch-2', 'b', '2024-02-06T05:12:20Z'),
  {
    key: 'worker-1',
    zone: 'c',
    instanceType: 'm5.large',
    ami: AL2_1_23_20230217,
    launchedAt: '2026-11-16T21:03:55Z',
    autoScalingGroup: 'legacy-batch-workers',
    launchTemplate: selfManagedTemplate,
    maxPods: 110,
    labels: { 'node-role/batch': 'worker', 'vpc.amazonaws.com/has-trunk-attached': 'false' },
  } satisfies MachinePlan,
].map((plan) => {
  const machine = machineOf(cluster, plan);
  // Without an ENIConfig ipamd attaches no second interface, and with custom networking the first one serves no pods.
  return machine.key === 'worker-1'
    ? { ...machine, podAddresses: [], interfaces: machine.interfaces.map((card) => ({ ...card, podAddresses: [] })) }
    : machine;
});

const workloads: readonly Workload[] = [
  kubeProxy(cluster, machines, 'v1.24.17-minimal-eksbuild.4'),
  coreDns(cluster, 'v1.9.3-eksbuild.11', ['batch-1', 'batch-2']),
  deployment('etl', 'extract', 8080, 'registry.example.com/batch/extract:1.44.0', '2026-09-30T04:00:10Z', [
    'batch-1',
    'batch-1',
    'batch-2',
  ]),
  deployment(
    'etl',
    'load',
    8080,
    'registry.example.com/batch/load:1.44.0',
    '2026-09-30T04:00:12Z',
    ['batch-1', 'batch-2'],
    { labels: { app: 'load', database: 'warehouse' }, branchInterface: true },
  ),
  deployment('reporting', 'renderer', 3000, 'registry.example.com/batch/renderer:0.9.7', '2026-08-14T12:31:33Z', [
    'batch-2',
    'batch-2',
  ]),
  deployment(
    'reporting',
    'thumbnails',
    3000,
    'registry.example.com/batch/thumbnails:0.2.1',
    '2026-11-16T21:20:00Z',
    ['worker-1', 'worker-1'],
    { waiting: true },
  ),
  {
    kind: 'Job',
    namespace: 'reporting',
    name: 'nightly-29391840',
    labels: { app: 'nightly' },
    containers: [{ name: 'nightly', image: 'registry.example.com/batch/nightly:2.2.0' }],
    createdAt: '2026-11-20T00:00:00Z',
    on: ['batch-1'],
    finished: true,
  },
  deployment('scheduler', 'airflow-web', 8080, 'docker.io/apache/airflow:2.5.3', '2026-03-02T07:45:00Z', ['batch-2']),
];

/** A launch template of before the policy work, that nobody has looked at since. */
const SELF_MANAGED_USER_DATA = `#!/bin/bash
set -ex
# no NetworkPolicy here, so no bpf file system either
/etc/eks/bootstrap.sh ${cluster.name} --mount-bpf-fs false --use-max-pods false \\
  --kubelet-extra-args '--max-pods=110 --node-labels=node-role/batch=worker'
`;

/** What EKS writes for an AL2 node group. */
const managedUserData = (): string => `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: text/x-shellscript; charset="us-ascii"
#!/bin/bash
set -ex
B64_CLUSTER_CA=LS0tLS1CRUdJTi4uLg==
API_SERVER_URL=${endpointOf(cluster)}
K8S_CLUSTER_DNS_IP=172.20.0.10
/etc/eks/bootstrap.sh ${cluster.name} --kubelet-extra-args '--node-labels=eks.amazonaws.com/nodegroup-image=${imageIdOf(cluster, AL2_1_24_20230728)},eks.amazonaws.com/capacityType=ON_DEMAND,eks.amazonaws.com/nodegroup=batch --max-pods=110' --b64-cluster-ca $B64_CLUSTER_CA --apiserver-endpoint $API_SERVER_URL --dns-cluster-ip $K8S_CLUSTER_DNS_IP --use-max-pods false

--//--
`;

const crds: readonly CrdPlan[] = [
  { name: 'eniconfigs.crd.k8s.amazonaws.com', version: 'v1alpha1', createdAt: '2022-12-01T13:48:20Z' },
  { name: 'securitygrouppolicies.vpcresources.k8s.aws', version: 'v1beta1', createdAt: '2022-12-01T13:48:24Z' },
];

const ENV = {
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
  ENABLE_POD_ENI: 'true',
  ENABLE_PREFIX_DELEGATION: 'true',
  ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
} as const;

export const legacyBatch = (): Dump =>
  dumpOf([
    ...awsFiles({
      cluster,
      authenticationMode: 'CONFIG_MAP',
      logTypes: [],
      machines,
      nodegroups: [
        {
          name: 'batch',
          ami: AL2_1_24_20230728,
          instanceType: 'm5.xlarge',
          size: 2,
          createdAt: '2024-02-06T05:09:31Z',
          modifiedAt: '2026-11-20T08:02:44Z',
        },
      ],
      addon: {
        version: 'v1.12.6-eksbuild.2',
        createdAt: '2022-12-01T13:55:00Z',
        modifiedAt: '2023-06-15T08:20:19Z',
        // Given as YAML, and EKS returns it as it was given.
        configurationValues: `env:\n${Object.entries(ENV)
          .map(([name, value]) => `  ${name}: "${value}"\n`)
          .join('')}`,
      },
    }),
    launchTemplateFile(cluster, managedTemplate(cluster, 'batch'), [
      {
        number: 1,
        createdAt: '2024-02-06T05:09:33Z',
        createdBy: 'AWSServiceRoleForAmazonEKSNodegroup/EKS',
        isDefault: true,
        ami: AL2_1_24_20230728,
        userData: managedUserData(),
      },
    ]),
    launchTemplateFile(cluster, selfManagedTemplate, [
      {
        number: 2,
        createdAt: '2023-02-22T15:17:04Z',
        createdBy: 'platform-admin/jane',
        isDefault: true,
        ami: AL2_1_23_20230217,
        instanceType: 'm5.large',
        userData: SELF_MANAGED_USER_DATA,
      },
      {
        number: 1,
        createdAt: '2022-12-01T14:02:50Z',
        createdBy: 'platform-admin/jane',
        isDefault: false,
        ami: AL2_1_23_20230217,
        instanceType: 'm5.large',
        userData: `#!/bin/bash\n/etc/eks/bootstrap.sh ${cluster.name}\n`,
      },
    ]),
    ...kubernetesFiles(cluster, machines, {
      awsNode: {
        cni: { version: 'v1.12.6-eksbuild.2', agentArguments: [], env: ENV },
        createdAt: '2022-12-01T13:48:18Z',
        generation: 5,
        updateStrategy: 'RollingUpdate',
        rolledOutAt: '2023-06-15T08:18:50Z',
      },
      workloads,
      policies: [
        {
          namespace: 'etl',
          name: 'no-ingress',
          createdAt: '2026-11-10T09:00:00Z',
          podSelector: {},
          policyTypes: ['Ingress'],
        },
      ],
      policyEndpoints: 'not-served',
      crds,
      aggregatedApis: [],
      kubeSystemConfigMaps: ['aws-auth', 'coredns', 'kube-proxy', 'kube-proxy-config'],
      more: [
        notFound('configmap-amazon-vpc-cni', 'configmaps', 'amazon-vpc-cni'),
        noResourceType('cninodes', 'cninodes'),
        eniConfigsFile(
          cluster,
          (['a', 'b', 'c'] as const).map((zone) => ({
            name: `subnet-${zone}`,
            subnet: podSubnet(zone).id,
            createdAt: RENAMED_AT,
          })),
        ),
        securityGroupPoliciesFile(cluster, [
          {
            namespace: 'etl',
            name: 'warehouse-clients',
            createdAt: '2023-01-19T11:05:00Z',
            matchLabels: { database: 'warehouse' },
            groupIds: [ec2Id('sg', `${cluster.name}/warehouse-clients`)],
          },
        ]),
        noResourceType('nodeclasses', 'nodeclasses'),
      ],
    }),
  ]);
