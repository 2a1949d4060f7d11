import type { UnobservedReason } from './fact.ts';

/** The values of the facts that the Kubernetes API gives. Only fields that a check, a report or an explanation reads. */

export interface Labels {
  readonly [key: string]: string;
}

/** Which lists the API server answered and which it refused with 403. Unobserved: it did not answer, or not to us. */
export interface KubernetesAccess {
  /** `gitVersion` of /version, e.g. `v1.33.4-eks-99d6cc0`. */
  readonly serverVersion: string;
  readonly answered: readonly string[];
  readonly refused: readonly { readonly resource: string; readonly detail: string }[];
  /** Lists that ended in neither: errors of the server, timeouts, answers that cannot be read. */
  readonly failed: readonly { readonly resource: string; readonly reason: UnobservedReason; readonly detail: string }[];
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
export interface Node {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  /** `aws:///us-west-2a/i-0abc…`; Fargate, hybrid and not yet initialised nodes have others or none. */
  readonly providerId?: string;
  readonly labels: Labels;
  /** Without last-applied-configuration; values bounded. */
  readonly annotations: Labels;
  readonly operatingSystem: string;
  readonly architecture: string;
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly kubeletVersion: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  readonly allocatable: Labels;
  readonly internalIPs: readonly string[];
  readonly taints: readonly { readonly key: string; readonly effect: string }[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  /** `command` and `args`, in this order: both end up in the same argv. */
  readonly args: readonly string[];
  /** Literal values only. */
  readonly env: Labels;
  /**
   * Variables whose values stand elsewhere (`valueFrom`), sorted: they are set, and nobody knows to what. `any`: whole
   * ConfigMaps or Secrets are taken in (`envFrom`), so every variable that is not in `env` may be set. Missing: none is.
   */
  readonly unresolvedEnv?: readonly string[] | 'any';
  readonly hostPathMounts: readonly string[];
}

/** kube-system/aws-node. Absent: no such DaemonSet (Auto Mode, or another CNI). */
export interface DaemonSet {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly labels: Labels;
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly updateStrategy: string;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown';
  /** `CrashLoopBackOff`, `OOMKilled`, …; empty while running. */
  readonly reason: string;
}

/** A pod of the aws-node DaemonSet, with what it really runs: its own arguments, not its template's. */
export interface AwsNodePod {
  readonly name: string;
  readonly uid: string;
  readonly nodeName: string;
  readonly createdAt: string;
  readonly phase: string;
  /** Label `controller-revision-hash`. */
  readonly revision: string;
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly statuses: readonly ContainerStatus[];
}

/** Any pod of the cluster, as far as policies and addresses need it. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly nodeName?: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`. */
  readonly phase: string;
  readonly hostNetwork: boolean;
  readonly podIPs: readonly string[];
  readonly hostIP?: string;
  readonly labels: Labels;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly ports: readonly { readonly name?: string; readonly containerPort: number; readonly protocol: string }[];
  /** Annotation `vpc.amazonaws.com/pod-eni`: the pod has a branch ENI of its own (security groups for pods). */
  readonly branchEni: 'attached' | 'none';
}

export interface Namespace {
  readonly name: string;
  readonly labels: Labels;
  /** `Active` or `Terminating`. */
  readonly phase: string;
}

/** A DaemonSet, Deployment or ConfigMap whose name is one of a policy engine's or CNI's. */
export interface NetworkWorkload {
  readonly kind: 'DaemonSet' | 'Deployment' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: string;
  readonly images: readonly string[];
  /** Pods ready; 0 for a ConfigMap. */
  readonly ready: number;
}

export interface CustomResourceDefinition {
  /** `<plural>.<group>`. */
  readonly name: string;
  readonly group: string;
  readonly createdAt: string;
  readonly servedVersions: readonly string[];
  readonly finalizers: readonly string[];
}

export interface ApiService {
  readonly name: string;
  readonly available: 'True' | 'False' | 'Unknown';
}

/** `matchLabels` and `matchExpressions`; `{}` (both empty) selects everything. */
export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

/** An absent selector (key missing) and an empty one (`{}`) mean different things: absent selects nothing by itself. */
export type PolicyPeer =
  | { readonly kind: 'ip-block'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'selectors'; readonly podSelector?: LabelSelector; readonly namespaceSelector?: LabelSelector };

export interface PolicyPort {
  readonly protocol: string;
  /** Number, name, or absent for all ports of the protocol. */
  readonly port?: number | string;
  readonly endPort?: number;
}

/** `peers` or `ports` absent or empty: all. */
export interface PolicyRule {
  readonly peers: readonly PolicyPeer[];
  readonly ports: readonly PolicyPort[];
}

/** networking.k8s.io/v1 NetworkPolicy, `policyTypes` already defaulted as the API server does. */
export interface NetworkPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly generation: number;
  readonly podSelector: LabelSelector;
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

/** networking.k8s.aws/v1alpha1 PolicyEndpoint: what the control plane hands to the agents. Absent: the API is not served. */
export interface PolicyEndpoint {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: string;
  readonly policy: { readonly namespace: string; readonly name: string };
  readonly podSelector: LabelSelector;
  readonly podIsolation: readonly string[];
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly podIP: string;
    readonly hostIP: string;
  }[];
}

/** vpcresources.k8s.aws/v1alpha1 CNINode. */
export interface CniNode {
  readonly name: string;
  readonly features: readonly { readonly name: string; readonly value: string }[];
}

/** crd.k8s.amazonaws.com/v1alpha1 ENIConfig. */
export interface EniConfig {
  readonly name: string;
  readonly subnet: string;
  readonly securityGroups: readonly string[];
}

/** vpcresources.k8s.aws/v1beta1 SecurityGroupPolicy. */
export interface SecurityGroupPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly groupIds: readonly string[];
  readonly podSelector?: LabelSelector;
  readonly serviceAccountSelector?: LabelSelector;
}

/** eks.amazonaws.com/v1 NodeClass of EKS Auto Mode. Absent: the API is not served (no Auto Mode). */
export interface NodeClass {
  readonly name: string;
  /** Default `DefaultAllow`. */
  readonly networkPolicy: string;
  /** Default `Disabled`. */
  readonly networkPolicyEventLogs: string;
}
