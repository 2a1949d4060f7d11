import type { ClusterRef } from '../../model/cluster.ts';
import type { Fact } from '../../model/fact.ts';
import type { FactKey, FactValues } from '../../model/snapshot.ts';
import type { AwsSession } from '../../runtime/aws/session.ts';
import type { KubernetesClient } from '../../runtime/kubernetes/client.ts';

/** One IAM action that a collector's calls need. */
export interface IamGrant {
  /** `eks:DescribeCluster`. */
  readonly action: string;
  /** ARN with `${AWS::Partition}`-style parameters, or `*` where the action takes no resource. */
  readonly resource: string;
}

/** One rule of the ClusterRole that a collector's reads need. Verbs are `get` or `list`, never `watch`. */
export interface RbacRule {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verbs: readonly ('get' | 'list')[];
  /** Only these objects; RBAC cannot restrict `list` by name. */
  readonly resourceNames?: readonly string[];
  /** A Role in this namespace is enough; everywhere where absent. */
  readonly namespace?: string;
}

/** The answer "looked, and it is not there". */
export const NOT_THERE: unique symbol = Symbol('not there');
export type NotThere = typeof NOT_THERE;

/** One question to AWS. `once` knows it by identity, so it is a constant of a module. */
export type Ask<T> = (context: Pick<CollectContext, 'aws' | 'cluster' | 'signal'>) => Promise<T>;

/** `once` of a run whose calls are made with this. */
export const askedOnce = (context: Pick<CollectContext, 'aws' | 'cluster' | 'signal'>): CollectContext['once'] => {
  const asked = new Map<Ask<unknown>, Promise<unknown>>();
  return <T>(ask: Ask<T>): Promise<T> => {
    const answer = asked.get(ask) ?? ask(context);
    asked.set(ask, answer);
    // The map holds under each question what that very question gave.
    return answer as Promise<T>;
  };
};

/** What a collector may use. Facts it depends on are collected at most once a run, whoever asks first. */
export interface CollectContext {
  readonly cluster: ClusterRef;
  readonly aws: AwsSession;
  /** Rejects with the reason why there is no connection (endpoint unknown, no token). */
  readonly kubernetes: () => Promise<KubernetesClient>;
  readonly fact: <K extends FactKey>(key: K) => Promise<Fact<FactValues[K]>>;
  /**
   * The answer to a call that several facts are read from: asked at most once a run, whoever asks first. It ends with the
   * run and not with the fact that asked, so that one fact's failure is no other's.
   */
  readonly once: <T>(ask: Ask<T>) => Promise<T>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** How one fact is read, and what that needs. */
export interface Collector<K extends FactKey> {
  readonly key: K;
  /** The call, as its vendor spells it. */
  readonly source: string;
  readonly iam: readonly IamGrant[];
  readonly rbac: readonly RbacRule[];
  /** Why an audit need not ask at all, where facts already read decide what this one would tell. */
  readonly unneeded?: (context: CollectContext) => Promise<string | undefined>;
  /** It waits for other facts only, which end at the deadline by themselves: cutting it off too would lose what they say. */
  readonly endsByItself?: true;
  /** Throws whatever the call throws: `collectFacts` turns it into an unobserved fact. */
  readonly collect: (context: CollectContext) => Promise<FactValues[K] | NotThere>;
}

export type Collectors = { readonly [K in FactKey]: Collector<K> };

/** A fact that another one is derived from was not observed: the reason is handed on. */
export class DependencyError extends Error {
  override readonly name = 'DependencyError';
  readonly fact: Exclude<Fact<unknown>, { readonly state: 'observed' }>;
  readonly key: FactKey;

  constructor(key: FactKey, fact: Exclude<Fact<unknown>, { readonly state: 'observed' }>) {
    super(fact.state === 'absent' ? `${key} is absent` : `${key} was not read: ${fact.detail}`);
    this.key = key;
    this.fact = fact;
  }
}

/** A list that is longer than anybody reads: what came of it proves nothing about the rest. */
export class PartialError extends Error {
  override readonly name = 'PartialError';
}

/** The value of a fact that the caller cannot do without. @throws DependencyError */
export const required = async <K extends FactKey>(
  context: Pick<CollectContext, 'fact'>,
  key: K,
): Promise<FactValues[K]> => {
  const fact = await context.fact(key);
  if (fact.state === 'observed') return fact.value;
  throw new DependencyError(key, fact);
};

export const CLUSTER_ARN = 'arn:${AWS::Partition}:eks:*:${AWS::AccountId}:cluster/*';
export const ADDON_ARN = 'arn:${AWS::Partition}:eks:*:${AWS::AccountId}:addon/*/*/*';
export const NODEGROUP_ARN = 'arn:${AWS::Partition}:eks:*:${AWS::AccountId}:nodegroup/*/*/*';
