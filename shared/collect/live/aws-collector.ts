import type { Fact } from '../../model/fact.ts';
import type { AwsNetworkFactValues } from '../../model/facts-aws-network.ts';
import type { FactKey, FactValues } from '../../model/snapshot.ts';
import {
  DependencyError,
  type CollectContext as SnapshotContext,
  type Collector as SnapshotCollector,
  type NotThere,
} from './collector.ts';

/** The snapshot's facts and those of AWS's network, roles and logs. */
type Values = FactValues & AwsNetworkFactValues;
type Key = keyof Values;

/** `CollectContext` that also knows the facts collected here. */
export interface CollectContext extends Omit<SnapshotContext, 'fact'> {
  readonly fact: <K extends Key>(key: K) => Promise<Fact<Values[K]>>;
}

/** `Collector` of a fact collected here; where the snapshot has the key too, the two types are the same. */
export interface Collector<K extends Key> extends Omit<SnapshotCollector<never>, 'key' | 'unneeded' | 'collect'> {
  readonly key: K;
  readonly unneeded?: (context: CollectContext) => Promise<string | undefined>;
  readonly collect: (context: CollectContext) => Promise<Values[K] | NotThere>;
}

/** The value of a fact that the caller cannot do without. @throws DependencyError */
export const required = async <K extends Key>(context: CollectContext, key: K): Promise<Values[K]> => {
  const fact = await context.fact(key);
  if (fact.state === 'observed') return fact.value;
  // The error only prints the key, and FactKey takes these keys up as soon as the snapshot has them.
  throw new DependencyError(key as FactKey, fact);
};
