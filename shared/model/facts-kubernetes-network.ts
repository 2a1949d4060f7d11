import type { ClusterPolicySubject, ClusterPolicyTier } from './cluster-policy.ts';
import type { Labels } from './facts-kubernetes.ts';

/** What stands between a flow and its pod: Services, kube-proxy, what EKS made of policies, and what it said about it. */

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  /** `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`. */
  readonly type: string;
  /** Primary first. `None` alone: headless. Empty: `ExternalName`, or no address yet. */
  readonly clusterIPs: readonly string[];
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    /** Number, or name of a container's port; defaults to `port`. */
    readonly targetPort: number | string;
    readonly protocol: string;
  }[];
  /** Empty: none, its endpoints come from elsewhere. */
  readonly selector: Labels;
  readonly externalName?: string;
  /** `Cluster` (the default) or `Local`. */
  readonly internalTrafficPolicy: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
export interface EndpointSlice {
  readonly namespace: string;
  readonly name: string;
  /** Label `kubernetes.io/service-name`; missing where nobody wrote it, and then no Service uses the slice. */
  readonly service?: string;
  /** `IPv4`, `IPv6`, `FQDN`. */
  readonly addressType: string;
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    /** Not stated counts as ready, as the API says it should. */
    readonly ready: boolean;
    readonly nodeName?: string;
    /** `targetRef` where it names a pod. */
    readonly pod?: { readonly namespace: string; readonly name: string };
  }[];
  readonly ports: readonly {
    readonly name?: string;
    /** Missing: all ports. */
    readonly port?: number;
    readonly protocol: string;
  }[];
}

/** ConfigMap kube-system/kube-proxy-config, which the EKS add-on writes. Absent: no such ConfigMap. */
export interface KubeProxyConfig {
  /** Empty in the file means `iptables`. */
  readonly mode: 'iptables' | 'ipvs' | 'nftables';
}

/**
 * networking.k8s.aws/v1alpha1 ClusterPolicyEndpoint: what the control plane makes of a ClusterNetworkPolicy. Absent: the
 * API is not served.
 */
export interface ClusterPolicyEndpoint {
  readonly name: string;
  readonly createdAt: string;
  /** Name of the ClusterNetworkPolicy; one policy may have several of these. */
  readonly policy: string;
  readonly tier: ClusterPolicyTier;
  readonly priority: number;
  readonly subject: ClusterPolicySubject;
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly podIP: string;
    readonly hostIP: string;
  }[];
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/cluster-role-v1/ */
export interface ClusterRole {
  readonly name: string;
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly nonResourceURLs: readonly string[];
    /** Empty: every name. */
    readonly resourceNames: readonly string[];
  }[];
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/, as far as it tells of pod networking. */
export interface KubernetesEvent {
  readonly namespace: string;
  readonly name: string;
  readonly reason: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly message: string;
  readonly regarding: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly reporter: string;
  readonly count: number;
  readonly lastSeen: string;
}

/** The API server forgets an event after an hour, so none is no proof that nothing happened before. */
export interface KubernetesEvents {
  /** The newest, at most 1,000, newest first. */
  readonly events: readonly KubernetesEvent[];
  /** Older ones that were there too and were left out. */
  readonly omitted: number;
}
