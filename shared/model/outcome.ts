import type { ClusterRef } from './cluster.ts';
import type { Grade, UnobservedReason } from './fact.ts';
import type { FactKey } from './snapshot.ts';

/** Closed; a destination maps each to its own type (`AwsEksCluster`, `AwsEc2Instance`, `Other`). */
export type ResourceType =
  | 'cluster'
  | 'node'
  | 'addon'
  | 'daemonset'
  | 'configmap'
  | 'namespace'
  | 'nodegroup'
  /** A Kubernetes workload: `<kind>/<namespace>/<name>`. */
  | 'workload'
  /** Denied traffic from one party to another on one port: `DeniedPair.key`. */
  | 'flow';

/** What an outcome is about. `type` and `id` together are unique within the cluster and stable over time. */
export interface Resource {
  readonly type: ResourceType;
  /** A node's is `<name>/<uid>`: EC2 reuses private DNS names, and a replaced node is another resource. */
  readonly id: string;
  /** For people. From the cluster, so hostile. */
  readonly name: string;
  /** A node's EC2 instance, where its providerID names one. No part of the identity. */
  readonly instanceId?: string;
}

/** What an outcome rests on. Mandatory on a pass as on a fail. */
export interface Evidence {
  readonly fact: FactKey;
  /** Path inside the fact's value: `[name=ip-10-0-1-5].kernelVersion`. */
  readonly path: string;
  /** What stands there, redacted and bounded by whoever makes the evidence (see `evidence()` in the checks). */
  readonly value: string;
  readonly grade: Grade;
  readonly source: string;
  readonly observedAt: string;
}

export type MessageValues = { readonly [name: string]: string | number };

/** Keyed, so that tests and destinations never compare prose. `text` is the check's template with the values put in. */
export interface Message {
  readonly key: string;
  readonly values: MessageValues;
  readonly text: string;
}

export interface MissingFact {
  readonly fact: FactKey;
  readonly reason:
    | UnobservedReason
    /** Read longer ago than the check allows. */
    | 'too-old'
    /** Read before what it tells of could be there: a node that had just joined. */
    | 'too-early';
  readonly detail: string;
  readonly source: string;
}

/** One check's result on one resource. */
export type Outcome = { readonly check: string; readonly resource: Resource } & (
  | { readonly status: 'pass'; readonly message: Message; readonly evidence: readonly [Evidence, ...Evidence[]] }
  | { readonly status: 'fail'; readonly message: Message; readonly evidence: readonly [Evidence, ...Evidence[]] }
  | { readonly status: 'not-applicable'; readonly message: Message; readonly evidence: readonly Evidence[] }
  | {
      readonly status: 'not-evaluated';
      readonly message: Message;
      readonly missing: readonly MissingFact[];
      /** What was still seen, for the reader; decides nothing. */
      readonly evidence: readonly Evidence[];
    }
);

export type Status = Outcome['status'];

/** What one check examined in one run. Reconcile closes a finding as gone only inside it. */
export interface Scope {
  readonly check: string;
  /** `complete`: every resource of the check's kind was among `resources`. `none`: the check could not look. */
  readonly population: 'complete' | 'none';
  /** `type:id` of every resource that got an outcome. */
  readonly resources: readonly string[];
}

/** All outcomes of one run on one cluster, in a fixed order, and what was examined. */
export interface Evaluation {
  readonly cluster: ClusterRef;
  readonly takenAt: string;
  readonly outcomes: readonly Outcome[];
  readonly scope: readonly Scope[];
}

export const resourceKey = (resource: Resource): string => `${resource.type}:${resource.id}`;
