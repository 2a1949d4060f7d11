import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import { kubernetesList, type DumpFile } from './dump.ts';
import { generatedSuffix, numberBelow, secondsLater, uuid } from './identifiers.ts';
import { controlPlaneAddresses, type ClusterPlan } from './plan.ts';
import type { PlacedPod, Workload } from './workloads.ts';

/** Services and their EndpointSlices, as the go-templates of gather.sh project them: one Service a workload. */

interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

interface ServicePlan {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: string;
  /** `None` of a headless one. */
  readonly clusterIP: string;
  readonly ports: readonly ServicePort[];
  /** None of Service default/kubernetes, whose endpoints the API server itself keeps. */
  readonly workload?: Workload;
}

/** In EKS's default Service range: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
export const CLUSTER_DNS = '172.20.0.10';
const API_SERVER = '172.20.0.1';

/** The ClusterIP of a workload's Service. */
export const clusterIpOf = (cluster: ClusterPlan, namespace: string, name: string): string => {
  const seed = `${cluster.name}/service/${namespace}/${name}`;
  return `172.20.${1 + numberBelow(`${seed}/third`, 250)}.${1 + numberBelow(`${seed}/fourth`, 250)}`;
};

const portsOf = ({ containers }: Workload): readonly ServicePort[] =>
  containers.flatMap(({ ports }) =>
    (ports ?? []).map(({ name, containerPort, protocol }) => ({
      name: name ?? 'main',
      port: containerPort,
      protocol: protocol ?? 'TCP',
    })),
  );

const isServed = (workload: Workload): boolean =>
  workload.hostNetwork !== true &&
  ['Deployment', 'StatefulSet'].includes(workload.kind) &&
  portsOf(workload).length > 0;

const isDns = ({ namespace, name }: Workload): boolean => namespace === 'kube-system' && name === 'coredns';

const planOf = (cluster: ClusterPlan, workload: Workload): ServicePlan => {
  const { namespace, name, createdAt, kind } = workload;
  if (isDns(workload)) {
    return { namespace, name: 'kube-dns', createdAt, clusterIP: CLUSTER_DNS, ports: portsOf(workload), workload };
  }
  const clusterIP = kind === 'StatefulSet' ? 'None' : clusterIpOf(cluster, namespace, name);
  return { namespace, name, createdAt, clusterIP, ports: portsOf(workload), workload };
};

const servicePlans = (cluster: ClusterPlan, workloads: readonly Workload[]): readonly ServicePlan[] =>
  [
    {
      namespace: 'default',
      name: 'kubernetes',
      createdAt: secondsLater(cluster.createdAt, 421),
      clusterIP: API_SERVER,
      ports: [{ name: 'https', port: 443, protocol: 'TCP' as const }],
    },
    ...workloads.filter(isServed).map((workload) => planOf(cluster, workload)),
  ].toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));

/** By what a Service finds its pods: the first label that is theirs alone. */
const selectorOf = ({ labels }: Workload): JsonObject => {
  const key = ['k8s-app', 'app'].find((each) => Object.hasOwn(labels, each));
  return key === undefined ? { ...labels } : { [key]: labels[key] ?? '' };
};

const serviceObject = (cluster: ClusterPlan, plan: ServicePlan): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    creationTimestamp: plan.createdAt,
    name: plan.name,
    namespace: plan.namespace,
    uid: uuid(`${cluster.name}/service/${plan.namespace}/${plan.name}`),
  },
  spec: {
    clusterIP: plan.clusterIP,
    clusterIPs: [plan.clusterIP],
    internalTrafficPolicy: 'Cluster',
    ports: plan.ports.map(({ name, port, protocol }) => ({
      name,
      port,
      protocol,
      targetPort: plan.workload === undefined ? port : name,
    })),
    ...(plan.workload === undefined ? {} : { selector: selectorOf(plan.workload) }),
    type: 'ClusterIP',
  },
});

const endpointOf = ({ namespace, name, address, nodeName }: PlacedPod): JsonObject => ({
  addresses: [address ?? ''],
  conditions: { ready: true },
  nodeName,
  targetRef: { kind: 'Pod', name, namespace },
});

const sliceObject = (cluster: ClusterPlan, plan: ServicePlan, pods: readonly PlacedPod[]): JsonObject => {
  const { workload } = plan;
  const seed = `${cluster.name}/slice/${plan.namespace}/${plan.name}`;
  const behind = pods.filter(
    ({ namespace, owner, address }) =>
      workload !== undefined && namespace === plan.namespace && owner === workload.name && address !== undefined,
  );
  return {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints:
      workload === undefined
        ? [{ addresses: controlPlaneAddresses(cluster), conditions: { ready: true } }]
        : behind.map(endpointOf),
    kind: 'EndpointSlice',
    metadata: {
      creationTimestamp: plan.createdAt,
      labels: { 'kubernetes.io/service-name': plan.name },
      name: workload === undefined ? plan.name : `${plan.name}-${generatedSuffix(seed, 5)}`,
      namespace: plan.namespace,
      uid: uuid(seed),
    },
    ports: plan.ports.map((port) => ({ ...port })),
  };
};

/** services.json and endpointslices.json. */
export const serviceFiles = (
  cluster: ClusterPlan,
  workloads: readonly Workload[],
  pods: readonly PlacedPod[],
): readonly DumpFile[] => {
  const plans = servicePlans(cluster, workloads);
  return [
    kubernetesList(
      'services',
      plans.map((plan) => serviceObject(cluster, plan)),
    ),
    kubernetesList(
      'endpointslices',
      plans.map((plan) => sliceObject(cluster, plan, pods)),
    ),
  ];
};
