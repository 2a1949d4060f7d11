import type { ClusterRef } from '../../../shared/model/cluster.ts';
import type { ChangeKind } from '../../../shared/model/finding.ts';

export const TAKEN_AT = '2026-11-20T09:00:00Z';

/** What one node is like: it enforces, or the first link that is broken, or why nobody knows. */
export type NodeState = 'enforced' | 'agent-off' | 'no-bpffs' | 'controller-off' | 'unread' | 'windows';

export interface ClusterSpec {
  readonly cluster: ClusterRef;
  readonly version: string;
  /** A version, or `auto-mode`. */
  readonly cni: string;
  readonly nodes: readonly NodeState[];
  readonly eventLogs?: 'on' | 'off';
  /** Nothing at all could be read. */
  readonly access?: 'denied';
  /** Changes of this run by check; what is not named was open before. */
  readonly changes?: { readonly [check: string]: ChangeKind };
}

export const nodeName = (index: number): string =>
  `ip-10-0-${Math.floor(index / 200) + 1}-${(index % 200) + 10}.us-west-2.compute.internal`;

export const FORBIDDEN = 'nodes is forbidden: User "netpol-warden" cannot list resource "nodes" at the cluster scope';
