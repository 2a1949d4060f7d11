import { secondsLater } from './identifiers.ts';
import type { Machine } from './machines.ts';
import { registryOf, type ClusterPlan } from './plan.ts';
import type { Workload } from './workloads.ts';

/** kube-proxy, on every node. */
export const kubeProxy = (cluster: ClusterPlan, machines: readonly Machine[], version: string): Workload => ({
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'kube-proxy',
  labels: { 'k8s-app': 'kube-proxy' },
  containers: [{ name: 'kube-proxy', image: `${registryOf(cluster)}/eks/kube-proxy:${version}` }],
  createdAt: secondsLater(cluster.createdAt, 440),
  on: machines.map(({ key }) => key),
  hostNetwork: true,
});

/** @param on the machines, by key, of its two replicas */
export const coreDns = (cluster: ClusterPlan, version: string, on: readonly [string, string]): Workload => ({
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'coredns',
  labels: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' },
  containers: [
    {
      name: 'coredns',
      image: `${registryOf(cluster)}/eks/coredns:${version}`,
      ports: [
        { name: 'dns', containerPort: 53, protocol: 'UDP' },
        { name: 'dns-tcp', containerPort: 53 },
        { name: 'metrics', containerPort: 9153 },
      ],
    },
  ],
  createdAt: secondsLater(cluster.createdAt, 441),
  on,
});

/** The EKS Pod Identity agent, on every node. */
export const podIdentityAgent = (cluster: ClusterPlan, machines: readonly Machine[]): Workload => ({
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'eks-pod-identity-agent',
  labels: {
    'app.kubernetes.io/instance': 'eks-pod-identity-agent',
    'app.kubernetes.io/name': 'eks-pod-identity-agent',
  },
  containers: [
    {
      name: 'eks-pod-identity-agent',
      image: `${registryOf(cluster)}/eks/eks-pod-identity-agent:v0.1.38-eksbuild.1`,
      ports: [
        { name: 'proxy', containerPort: 80 },
        { name: 'probes-port', containerPort: 2703 },
      ],
    },
  ],
  createdAt: secondsLater(cluster.createdAt, 460),
  on: machines.map(({ key }) => key),
  hostNetwork: true,
});

/** A Deployment of one container that listens on one named port: what most of the fleet's workloads are. */
export const deployment = (
  namespace: string,
  name: string,
  port: number,
  image: string,
  createdAt: string,
  on: readonly string[],
  more: Partial<Pick<Workload, 'branchInterface' | 'labels' | 'podsCreatedAt' | 'waiting'>> = {},
): Workload => ({
  kind: 'Deployment',
  namespace,
  name,
  labels: { app: name },
  containers: [{ name, image, ports: [{ name: 'http', containerPort: port }] }],
  createdAt,
  on,
  ...more,
});
