import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import type { CrdPlan } from './api-objects.ts';
import type { AwsNodePlan } from './aws-node.ts';
import { kubernetesFile, kubernetesList, type DumpFile } from './dump.ts';
import { noResourceType, notFound } from './failures.ts';
import { resourceVersion, secondsLater, uuid } from './identifiers.ts';
import type { ClusterPlan } from './plan.ts';

/** What a NetworkPolicy audit needs beside policies: kube-proxy's mode, the agent's rights and role, AWS's own policies. */

/** Kinds of networking.k8s.aws that came after PolicyEndpoint; the fleet has objects of none of them. */
const LATER_KINDS = ['clusternetworkpolicies', 'applicationnetworkpolicies', 'clusterpolicyendpoints'];

const laterKindFiles = (crds: readonly CrdPlan[]): readonly DumpFile[] =>
  LATER_KINDS.map((kind) =>
    crds.some(({ name }) => name === `${kind}.networking.k8s.aws`)
      ? kubernetesList(kind, [])
      : noResourceType(kind, kind),
  );

/** The EKS add-on's own: https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html */
const KUBE_PROXY_CONFIG = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
clientConnection:
  kubeconfig: /var/lib/kube-proxy/kubeconfig
clusterCIDR: ""
iptables:
  masqueradeAll: false
  masqueradeBit: 14
  minSyncPeriod: 0s
  syncPeriod: 30s
kind: KubeProxyConfiguration
metricsBindAddress: 0.0.0.0:10249
mode: iptables
`;

const kubeProxyConfigFile = (hasKubeProxy: boolean): DumpFile =>
  hasKubeProxy
    ? kubernetesFile('configmap-kube-proxy-config', {
        apiVersion: 'v1',
        data: { config: KUBE_PROXY_CONFIG },
        kind: 'ConfigMap',
        metadata: { name: 'kube-proxy-config' },
      })
    : notFound('configmap-kube-proxy-config', 'configmaps', 'kube-proxy-config');

const READ = ['list', 'watch', 'get'];

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): JsonObject => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

/** ClusterRole aws-node of that release's manifest: https://github.com/aws/amazon-vpc-cni-k8s (config/master). */
const rulesOf = (version: string): readonly JsonObject[] => {
  const minor = Number(version.split('.')[1]);
  return [
    rule('crd.k8s.amazonaws.com', ['eniconfigs'], READ),
    rule('', ['namespaces'], READ),
    rule('', ['pods'], READ),
    rule('', ['nodes'], minor < 15 ? [...READ, 'update'] : READ),
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'list'] },
    ...(minor < 14
      ? []
      : [
          rule('networking.k8s.aws', ['policyendpoints'], ['get', 'list', 'watch']),
          rule('networking.k8s.aws', ['policyendpoints/status'], ['get']),
        ]),
    ...(minor < 15 ? [] : [rule('vpcresources.k8s.aws', ['cninodes'], ['get', 'list', 'watch', 'patch'])]),
    ...(minor < 22
      ? []
      : [
          rule('networking.k8s.aws', ['clusterpolicyendpoints'], ['get', 'list', 'watch']),
          rule('networking.k8s.aws', ['clusterpolicyendpoints/status'], ['get']),
          { nonResourceURLs: ['/apis/networking.k8s.aws'], verbs: ['get'] },
        ]),
  ];
};

const clusterRoleFile = (cluster: ClusterPlan, awsNode: AwsNodePlan | undefined): DumpFile =>
  awsNode === undefined
    ? notFound('clusterrole-aws-node', 'clusterroles.rbac.authorization.k8s.io', 'aws-node')
    : kubernetesFile('clusterrole-aws-node', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: {
          creationTimestamp: awsNode.createdAt,
          labels: { 'app.kubernetes.io/instance': 'aws-vpc-cni', 'app.kubernetes.io/name': 'aws-node' },
          name: 'aws-node',
          resourceVersion: resourceVersion(`${cluster.name}/clusterrole/aws-node`),
          uid: uuid(`${cluster.name}/clusterrole/aws-node`),
        },
        rules: rulesOf(awsNode.cni.version),
      });

const serviceAccountsFile = (cluster: ClusterPlan, awsNode: AwsNodePlan | undefined): DumpFile => {
  if (awsNode === undefined) return kubernetesList('serviceaccounts', []);
  const role = `arn:aws:iam::${cluster.account}:role/${cluster.name}-vpc-cni`;
  return kubernetesList('serviceaccounts', [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        ...(awsNode.irsa === true ? { annotations: { 'eks.amazonaws.com/role-arn': role } } : {}),
        name: 'aws-node',
        namespace: 'kube-system',
      },
    },
  ]);
};

/** An event of the VPC resource controller; Kubernetes on EKS forgets events after an hour. */
export interface EventPlan {
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly message: string;
  readonly regarding: { readonly kind: 'Node' | 'Pod'; readonly name: string; readonly namespace?: string };
  /** Seconds before the dump. */
  readonly secondsAgo: number;
  readonly count: number;
}

const eventObject = (cluster: ClusterPlan, plan: EventPlan): JsonObject => {
  const at = secondsLater(cluster.gatheredAt, -plan.secondsAgo);
  return {
    apiVersion: 'v1',
    count: plan.count,
    involvedObject: { ...plan.regarding },
    kind: 'Event',
    lastTimestamp: at,
    message: plan.message,
    metadata: {
      creationTimestamp: secondsLater(at, -60 * (plan.count - 1)),
      name: `${plan.regarding.name}.${(Date.parse(at) * 1_000_000).toString(16)}`,
      namespace: plan.regarding.namespace ?? 'default',
    },
    reason: plan.reason,
    reportingComponent: '',
    source: { component: 'vpc-resource-controller' },
    type: plan.type,
  };
};

export interface ClusterObjects {
  readonly awsNode: AwsNodePlan | undefined;
  readonly crds: readonly CrdPlan[];
  readonly hasKubeProxy: boolean;
  readonly events: readonly EventPlan[];
}

/** The seven files about the cluster as such that gather.sh learnt to ask for with services and their endpoints. */
export const clusterObjectFiles = (cluster: ClusterPlan, side: ClusterObjects): readonly DumpFile[] => [
  ...laterKindFiles(side.crds),
  kubeProxyConfigFile(side.hasKubeProxy),
  clusterRoleFile(cluster, side.awsNode),
  serviceAccountsFile(cluster, side.awsNode),
  kubernetesList(
    'events',
    side.events.map((event) => eventObject(cluster, event)),
  ),
];
