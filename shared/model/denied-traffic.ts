import type { DecodeCounts, FlowDirection } from './flow.ts';
import type { MessageValues, ResourceType } from './outcome.ts';

/**
 * Denied flows with names and reasons: what the verdict logs, the cluster's objects and its policies say together. All
 * times are RFC 3339, UTC. All names, labels and descriptions come from a cluster, an account or a log and are hostile.
 */

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Who runs a pod, at the top of its owner chain: `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, `CronJob`, …, `Pod`. */
export interface WorkloadRef extends PodName {
  readonly kind: string;
}

/** What an address that AWS or Kubernetes gives a fixed meaning stands for. */
export type WellKnownAddress =
  | 'imds'
  | 'pod-identity-agent'
  | 'container-credentials'
  | 'vpc-resolver'
  | 'time-sync'
  | 'node-local-dns';

/** What a pod or Service is for, where that matters to the reader more than its name. */
export type AddressRole = 'cluster-dns' | 'api-server';

/** Whose address it was. */
export type AddressOwner =
  | ({ readonly kind: 'pod' } & PodName & {
        readonly node?: string;
        readonly workload: WorkloadRef;
        readonly role?: AddressRole;
      })
  /** The node itself, its kubelet, or one of its hostNetwork pods: nobody can tell from outside. */
  | { readonly kind: 'node'; readonly name: string; readonly hostNetworkPods: readonly PodName[] }
  | ({ readonly kind: 'service' } & PodName & {
        readonly role?: AddressRole;
        /** The ready pods behind it at the time, the first few by name. */
        readonly backends: readonly PodName[];
      })
  | { readonly kind: 'api-server' }
  | { readonly kind: 'well-known'; readonly service: WellKnownAddress }
  /** An address that no workload owns. */
  | {
      readonly kind: 'special';
      readonly range: 'link-local' | 'multicast' | 'broadcast' | 'loopback' | 'unspecified';
    }
  /** An elastic network interface of something that is no node: RDS, a load balancer, Lambda, a VPC endpoint. */
  | {
      readonly kind: 'network-interface';
      readonly id: string;
      readonly interfaceType: string;
      readonly description: string;
      /** The AWS service that it works for, where type, requester or description tell: `Amazon RDS`. */
      readonly service?: string;
    }
  /** In a subnet of the VPC, and nobody known has it. */
  | { readonly kind: 'vpc'; readonly subnetId?: string }
  /** Amazon's published ranges: `S3` in `eu-west-1`. */
  | { readonly kind: 'aws-service'; readonly service: string; readonly region: string }
  /** Outside; `network` is its /24 or /48. */
  | { readonly kind: 'external'; readonly network: string };

/**
 * `exact`: one owner at that time. `former`: its last owner was gone by then, and nobody new is known. `ambiguous`:
 * several may have been it. `unknown`: nobody known; `owners` is empty or says what kind of place it is.
 */
export type AddressCertainty = 'exact' | 'former' | 'ambiguous' | 'unknown';

/** One address as of one time. */
export interface ResolvedAddress {
  readonly address: string;
  readonly certainty: AddressCertainty;
  /** One where `exact` or `former`; at least two where `ambiguous`. */
  readonly owners: readonly AddressOwner[];
  /** For people: what this rests on. */
  readonly because: string;
}

/** One end of denied traffic: the pods of one workload, a Service, or a class of addresses. */
export interface DeniedParty {
  /** Stable over pod restarts: `workload:Deployment/shop/web`, `service:shop/db`, `well-known:imds`, `external:203.0.113.0/24`. */
  readonly id: string;
  /** For people: `shop/web (Deployment)`. */
  readonly label: string;
  readonly certainty: AddressCertainty;
  /** Of the first address. Absent where nobody is known. */
  readonly owner?: AddressOwner;
  readonly workload?: WorkloadRef;
  /** The first few, sorted. */
  readonly addresses: readonly string[];
  readonly addressCount: number;
}

/** What a denial comes down to. */
export type DenialClass =
  /** Policies isolate an end, and no rule of theirs admits the flow. */
  | 'policy-denied'
  /** A ClusterNetworkPolicy says Deny. */
  | 'cluster-policy-denied'
  /** Strict mode, and an end has no policy. */
  | 'strict-default-deny'
  /** Kubernetes' own meaning allows it; the VPC CNI is known to do something else. */
  | 'vpc-cni-deviation'
  /** The packet answers a connection that was allowed; its tracking had gone. */
  | 'reply'
  /** The policies allow it and no known deviation explains the denial. */
  | 'enforcement-anomaly'
  /** The agent says itself that it erred (tier ERROR), or the node was kept from its own pod. */
  | 'agent-defect'
  /** The policies that are known are not those of the flow's time. */
  | 'policies-changed'
  /** An end is not known well enough to say anything. */
  | 'unattributed';

/** Why a denial may be wrong, or look wrong. */
export interface Suspicion {
  readonly kind:
    | 'stale-policy-endpoint'
    | 'reply-after-conntrack-expiry'
    | 'start-up-window'
    | 'agent-version-defect'
    | 'probe-in-strict-mode'
    | 'policy-changed-since'
    | 'vpc-cni-deviation'
    | 'agent-error';
  readonly text: string;
  /** Where it is described. */
  readonly url?: string;
}

/** A change that was put in force on the snapshot and found to allow the flow. */
export interface SuggestedChange {
  readonly scope: 'smallest' | 'narrower' | 'wider';
  /** One per changed policy: `create NetworkPolicy shop/allow-web-to-db-5432`. */
  readonly titles: readonly string[];
  /** Complete manifests of created policies, or the patch as a command; ready to be applied after a review. */
  readonly manifest: string;
  /** What else becomes reachable: pairs of pods and ports beside the flow itself. */
  readonly alsoOpens: number;
  /** For people, the first few of them: `shop/web-7d9 → shop/db-0:5432/TCP`. */
  readonly alsoOpensExamples: readonly string[];
}

export interface DenialExplanation {
  /** Sentences, the most important first. */
  readonly summary: readonly string[];
  /** Which policies isolate which end: `payments/default-deny`. */
  readonly isolatedBy: readonly { readonly direction: FlowDirection; readonly policies: readonly string[] }[];
  readonly suspicions: readonly Suspicion[];
  /** The one to take first. Empty where a change would be wrong: replies, agent defects, IMDS, unknown ends. */
  readonly suggestions: readonly SuggestedChange[];
  /** Why nothing is suggested. Present exactly where `suggestions` is empty. */
  readonly noSuggestion?: string;
}

/** Denied flows between two parties on one port, over all windows. */
export interface DeniedPair {
  /** 16 hexadecimal digits, stable: SHA-256 of the parties' ids, the port, the protocol and the direction. */
  readonly key: string;
  readonly source: DeniedParty;
  readonly destination: DeniedParty;
  /** Absent where one pair was denied on so many ports that they were put together. */
  readonly destinationPort?: number;
  /** Distinct ports: 1, or more where they were put together. */
  readonly portCount: number;
  readonly protocol: string;
  readonly direction?: FlowDirection;
  /** `log`: the line said so. `inferred`: from which end is on the reporting node. Present where `direction` is. */
  readonly directionFrom?: 'log' | 'inferred';
  /** The Service that the client dialled, where it is known. */
  readonly service?: PodName & { readonly port: number };
  readonly class: DenialClass;
  /** Lines; the true number lies in [count, count + uncounted]. */
  readonly count: number;
  readonly uncounted: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly nodes: readonly string[];
  readonly tiers: readonly string[];
  readonly sampleEventIds: readonly string[];
  readonly explanation: DenialExplanation;
}

/** Something in denied traffic that people should hear of. Each is a check of section `denied-traffic`. */
export type SignalKind =
  | 'new-pair'
  | 'spike'
  | 'after-change'
  | 'dns'
  | 'imds'
  | 'credentials'
  | 'health-probe'
  | 'scan'
  | 'false-denial'
  | 'log-silence';

/** `active` until it has been quiet for its hold time; then `cleared`, kept for a while so that findings resolve. */
export interface TrafficSignal {
  readonly kind: SignalKind;
  readonly subject: { readonly type: ResourceType; readonly id: string; readonly name: string };
  readonly status: 'active' | 'cleared';
  readonly since: string;
  readonly lastSeenAt: string;
  /** Denied lines behind it; 0 for `log-silence`. */
  readonly count: number;
  /** For the check's message; `what` is always there and is a whole sentence. */
  readonly values: MessageValues & { readonly what: string };
  /** `DeniedPair.key` of the pairs behind it, the first few. */
  readonly pairs: readonly string[];
}

/** What the verdict logs of one cluster told over a time. */
export interface DeniedTraffic {
  /** First and last verdict read; absent where there was none. */
  readonly from?: string;
  readonly to?: string;
  readonly counts: DecodeCounts;
  /** Whether every denied flow was kept. If not, rare ones may be missing and `uncounted` says by how much counts are off. */
  readonly exact: boolean;
  /** Distinct reporting nodes, sorted; empty where the lines name none. */
  readonly nodes: readonly string[];
  /** Most lines first. */
  readonly pairs: readonly DeniedPair[];
  /** Pairs left out of `pairs` for length, and their lines. */
  readonly omitted: { readonly pairs: number; readonly lines: number };
  readonly signals: readonly TrafficSignal[];
}
