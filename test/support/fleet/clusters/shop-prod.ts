import { AL2_1_27_20230513, AL2_1_27_20230728 } from '../amis.ts';
import {
  amazonVpcCniFile,
  cniNodesFile,
  eniConfigsFile,
  securityGroupPoliciesFile,
  type CrdPlan,
} from '../api-objects.ts';
import { AGENT_ARGUMENTS } from '../aws-node-template.ts';
import type { Dump } from '../dump.ts';
import { managedGroupName, managedTemplate } from '../ec2.ts';
import { noResourceType } from '../failures.ts';
import { machineOf, type MachinePlan } from '../machines.ts';
import type { ClusterPlan } from '../plan.ts';
import { awsFiles, dumpOf, kubernetesFiles } from '../story.ts';
import { coreDns, deployment, kubeProxy } from '../system-workloads.ts';
import { placePods, type Workload } from '../workloads.ts';
import { shopProdVerdicts } from './shop-prod-verdicts.ts';

/** The VPC CNI was upgraded to the first release that can enforce NetworkPolicy, switched on once, and off again. */
const cluster: ClusterPlan = {
  name: 'shop-prod',
  region: 'us-west-2',
  account: '111122223333',
  kubernetes: '1.27',
  platformVersion: 'eks.16',
  gitVersion: 'v1.27.16-eks-2f46c53',
  createdAt: '2023-05-24T09:02:11Z',
  gatheredAt: '2026-11-20T08:12:40Z',
  network: 20,
  endpoint: 'public',
  tags: { Environment: 'production', Team: 'shop' },
};

const UPGRADED_AT = '2026-11-17T14:06:11Z';
/** Enforcement was on from 06:40 until then; the logs of that time are in the dump. */
const SWITCHED_OFF_AT = '2026-11-20T07:20:40Z';

const member = (
  key: string,
  nodegroup: string,
  more: Pick<MachinePlan, 'zone' | 'ami' | 'instanceType' | 'launchedAt'>,
): MachinePlan => ({
  key,
  nodegroup,
  autoScalingGroup: managedGroupName(cluster, nodegroup),
  launchTemplate: managedTemplate(cluster, nodegroup),
  ...more,
});

const old = { ami: AL2_1_27_20230513, instanceType: 'm5.large' } as const;
const newer = { ami: AL2_1_27_20230728, instanceType: 'm5.xlarge' } as const;

const machines = [
  member('general-1', 'general', { ...old, zone: 'a', launchedAt: '2023-05-24T10:20:31Z' }),
  member('general-2', 'general', { ...old, zone: 'b', launchedAt: '2023-05-24T10:20:33Z' }),
  member('peak-1', 'peak', { ...newer, zone: 'b', launchedAt: '2023-08-07T06:41:09Z' }),
  member('peak-2', 'peak', { ...newer, zone: 'c', launchedAt: '2023-08-07T06:41:12Z' }),
].map((plan) => machineOf(cluster, plan));

const workloads: readonly Workload[] = [
  kubeProxy(cluster, machines, 'v1.27.16-minimal-eksbuild.3'),
  coreDns(cluster, 'v1.10.1-eksbuild.2', ['general-1', 'general-2']),
  deployment('storefront', 'web', 8080, 'registry.example.com/shop/web:3.18.2', '2026-10-29T11:30:00Z', [
    'general-1',
    'peak-1',
    'peak-2',
  ]),
  deployment('checkout', 'cart', 8080, 'registry.example.com/shop/cart:2.9.0', '2026-11-03T09:15:20Z', [
    'general-2',
    'peak-1',
  ]),
  deployment('checkout', 'checkout', 8443, 'registry.example.com/shop/checkout:5.1.4', '2026-11-03T09:15:22Z', [
    'general-1',
    'peak-2',
  ]),
  deployment('payments', 'payments-api', 8443, 'registry.example.com/pay/api:7.0.1', '2026-11-12T13:44:10Z', [
    'general-2',
    'peak-1',
    'peak-2',
  ]),
  {
    kind: 'StatefulSet',
    namespace: 'payments',
    name: 'ledger',
    labels: { app: 'ledger' },
    containers: [
      {
        name: 'postgres',
        image: 'public.ecr.aws/docker/library/postgres:14',
        ports: [{ name: 'postgres', containerPort: 5432 }],
      },
    ],
    createdAt: '2025-02-18T16:20:45Z',
    on: ['peak-1', 'peak-2'],
  },
];

/** PolicyEndpoints came with VPC CNI 1.14. */
const crds: readonly CrdPlan[] = [
  { name: 'cninodes.vpcresources.k8s.aws', version: 'v1alpha1', createdAt: '2023-09-14T02:11:50Z' },
  { name: 'eniconfigs.crd.k8s.amazonaws.com', version: 'v1alpha1', createdAt: '2023-05-24T09:10:27Z' },
  { name: 'policyendpoints.networking.k8s.aws', version: 'v1alpha1', createdAt: UPGRADED_AT },
  { name: 'securitygrouppolicies.vpcresources.k8s.aws', version: 'v1beta1', createdAt: '2023-05-24T09:10:30Z' },
];

export const shopProd = (): Dump =>
  dumpOf([
    ...awsFiles({
      cluster,
      authenticationMode: 'CONFIG_MAP',
      logTypes: ['audit'],
      machines,
      nodegroups: [
        { name: 'general', ...old, size: 2, createdAt: '2023-05-24T10:18:02Z', modifiedAt: '2026-11-20T07:55:12Z' },
        { name: 'peak', ...newer, size: 2, createdAt: '2023-08-07T06:38:40Z', modifiedAt: '2026-11-20T07:58:31Z' },
      ],
      addon: { version: 'v1.14.0-eksbuild.3', createdAt: '2023-05-24T09:20:05Z', modifiedAt: '2026-11-20T07:21:35Z' },
    }),
    ...kubernetesFiles(cluster, machines, {
      awsNode: {
        cni: {
          version: 'v1.14.0-eksbuild.3',
          agent: 'v1.0.1-eksbuild.1',
          agentArguments: AGENT_ARGUMENTS['1.14'],
          env: {},
        },
        createdAt: '2023-05-24T09:10:25Z',
        generation: 6,
        updateStrategy: 'RollingUpdate',
        rolledOutAt: SWITCHED_OFF_AT,
      },
      workloads,
      policies: [
        {
          namespace: 'payments',
          name: 'default-deny',
          createdAt: '2026-11-17T15:02:08Z',
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
        },
        {
          namespace: 'checkout',
          name: 'allow-storefront',
          createdAt: '2026-11-17T15:02:09Z',
          podSelector: { matchLabels: { app: 'checkout' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              peers: [
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'storefront' } },
                  podSelector: { matchLabels: { app: 'web' } },
                },
              ],
              ports: [{ protocol: 'TCP', port: 'http' }],
            },
          ],
        },
      ],
      policyEndpoints: 'none',
      crds,
      aggregatedApis: [],
      kubeSystemConfigMaps: ['amazon-vpc-cni', 'aws-auth', 'coredns', 'kube-proxy', 'kube-proxy-config'],
      more: [
        amazonVpcCniFile(
          cluster,
          { 'enable-network-policy-controller': 'false', 'enable-windows-ipam': 'false' },
          {
            'app.kubernetes.io/instance': 'aws-vpc-cni',
            'app.kubernetes.io/name': 'aws-node',
            'app.kubernetes.io/version': 'v1.14.0',
            'k8s-app': 'aws-node',
          },
        ),
        cniNodesFile(cluster, machines, []),
        eniConfigsFile(cluster, []),
        securityGroupPoliciesFile(cluster, []),
        noResourceType('nodeclasses', 'nodeclasses'),
      ],
    }),
    ...shopProdVerdicts(cluster, machines, placePods(workloads, machines)),
  ]);
