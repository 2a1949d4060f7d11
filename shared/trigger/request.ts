import type { ClusterRef } from '../model/cluster.ts';

/** Why an audit was asked for, one word: it is stored with the run and counted. */
export type AuditReason =
  | 'addon-changed'
  | 'cluster-changed'
  | 'nodegroup-changed'
  | 'access-changed'
  | 'group-changed'
  | 'instances-refreshed'
  | 'launch-template-changed'
  | 'nodes-launched'
  | 'nodes-gone'
  | 'kubectl-edit'
  | 'security-hub-action'
  | 'node-deadline'
  | 'denied-traffic'
  | 'follow-up'
  | 'schedule'
  | 'manual';

/** `traffic`: only what the verdict logs told since the last time. */
export type AuditKind = 'audit' | 'traffic';

/** One cluster is to be audited. */
export interface AuditRequest {
  readonly cluster: ClusterRef;
  readonly kind: AuditKind;
  readonly reason: AuditReason;
  /** For people: what was seen, `aws.eks UpdateAddon 5a9d2c37-…`. One line, bounded. */
  readonly source: string;
  /** RFC 3339: when that happened. */
  readonly at: string;
  /** 1, and one more each time that an update was found to be still under way. */
  readonly attempt: number;
}

/** An instance that waits in an Auto Scaling lifecycle hook of ours for an answer. */
export interface LifecycleAction {
  readonly group: string;
  readonly hook: string;
  readonly token?: string;
}

/** An instance was launched for a cluster: does its node join, and compliant? */
export interface NodeVerification {
  readonly cluster: ClusterRef;
  readonly instanceId: string;
  /** RFC 3339. */
  readonly launchedAt: string;
  readonly attempt: number;
  readonly lifecycle?: LifecycleAction;
}

/** Where something happened. */
export type Place = Pick<ClusterRef, 'partition' | 'account' | 'region'>;

/** What to do once it is known whose it is. */
export type Intent =
  | { readonly do: 'audit'; readonly reason: AuditReason; readonly source: string; readonly at: string }
  | {
      readonly do: 'verify';
      readonly instanceId: string;
      readonly launchedAt: string;
      readonly lifecycle?: LifecycleAction;
    };

/** The event does not name the cluster: somebody has to ask AWS. */
export type LookUp = { readonly place: Place; readonly intents: readonly Intent[] } & (
  | { readonly need: 'auto-scaling-group'; readonly name: string }
  | { readonly need: 'instance'; readonly instanceId: string }
  | { readonly need: 'launch-template'; readonly template: { readonly id: string } | { readonly name: string } }
  /** Every cluster of this account and region. */
  | { readonly need: 'clusters' }
);

/** What somebody chose to do with a finding of ours in Security Hub. */
export interface FindingAction {
  readonly action: 'suppress' | 'explain';
  readonly cluster: ClusterRef;
  readonly finding: string;
  readonly check: string;
  readonly at: string;
}

/** What one event asks for. */
export type Triggered =
  | { readonly do: 'audit'; readonly request: AuditRequest }
  | { readonly do: 'verify'; readonly verification: NodeVerification }
  | { readonly do: 'look-up'; readonly lookUp: LookUp }
  | { readonly do: 'act'; readonly action: FindingAction }
  | { readonly do: 'nothing'; readonly why: string };

export const nothing = (why: string): readonly Triggered[] => [{ do: 'nothing', why }];

/** The intents, now that the cluster is known. */
export const forCluster = (cluster: ClusterRef, intents: readonly Intent[]): readonly Triggered[] =>
  intents.map((intent) => {
    if (intent.do === 'audit') {
      const { reason, source, at } = intent;
      return { do: 'audit', request: { cluster, kind: 'audit', reason, source, at, attempt: 1 } };
    }
    const { do: _, ...node } = intent;
    return { do: 'verify', verification: { cluster, ...node, attempt: 1 } };
  });
