import { absent, observed, unobserved, type Fact } from '../../model/fact.ts';
import { FACT_KEYS, type FactKey, type Facts, type FactValues, type Snapshot } from '../../model/snapshot.ts';
import type { ClusterRef } from '../../model/cluster.ts';
import type { AwsSession } from '../../runtime/aws/session.ts';
import type { KubernetesClient } from '../../runtime/kubernetes/client.ts';
import { classifyFailure } from './classify-failure.ts';
import { askedOnce, NOT_THERE, type CollectContext, type Collector, type Collectors } from './collector.ts';

export interface CollectOptions {
  readonly cluster: ClusterRef;
  /** Only these facts, and what they depend on, are asked for. */
  readonly keys: readonly FactKey[];
  readonly collectors: Collectors;
  readonly aws: AwsSession;
  readonly kubernetes: (context: Pick<CollectContext, 'fact'>) => Promise<KubernetesClient>;
  readonly now: () => Date;
  /** Aborted at the deadline of the whole audit: what is not read by then is unobserved, the rest stands. */
  readonly signal: AbortSignal;
  /** `lean`: facts that others already decide are not asked for. `whole`: everything in `keys`, for a snapshot to keep. */
  readonly extent: 'lean' | 'whole';
  readonly onFact?: (key: FactKey, fact: Fact<unknown>) => void;
}

const atDeadline = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const fail = (): void => reject(new DeadlineError());
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });

/** The audit's deadline passed before the answer came. */
class DeadlineError extends Error {
  override readonly name = 'TimeoutError';
  constructor() {
    super('the deadline of the audit passed before an answer came');
  }
}

/** One for all: without a reason each abort makes an error with a stack of its own. */
const FACT_ENDED = new Error('the fact is read, or one of its calls has failed');

const readFact = async <K extends FactKey>(
  collector: Collector<K>,
  context: CollectContext,
  extent: CollectOptions['extent'],
): Promise<Fact<FactValues[K]>> => {
  const { source } = collector;
  const at = (): string => context.now().toISOString();
  // Once one call has failed its siblings are of no use: their retries must not outlive the fact.
  const own = new AbortController();
  const bounded = { ...context, signal: AbortSignal.any([context.signal, own.signal]) };
  try {
    const unneeded = extent === 'lean' ? await collector.unneeded?.(context) : undefined;
    if (unneeded !== undefined) return unobserved('not-collected', unneeded, source, at());
    const collecting = collector.collect(bounded);
    const value = await (collector.endsByItself ? collecting : Promise.race([collecting, atDeadline(context.signal)]));
    return value === NOT_THERE ? absent(source, at()) : observed(value, source, at());
  } catch (error) {
    const { reason, detail } = classifyFailure(error);
    // A collector for which "not found" means absent says so itself; here it is an answer nobody expected.
    return unobserved(reason === 'not-found' ? 'api-error' : reason, detail, source, at());
  } finally {
    own.abort(FACT_ENDED);
  }
};

/** One failing call spoils the facts that rest on it and no other. Never throws. */
export const collectFacts = async (options: CollectOptions): Promise<Snapshot> => {
  const { cluster, keys, collectors, aws, now, signal } = options;
  const takenAt = now().toISOString();
  const running = new Map<FactKey, Promise<Fact<unknown>>>();
  let connection: Promise<KubernetesClient> | undefined;

  const fact = <K extends FactKey>(key: K): Promise<Fact<FactValues[K]>> => {
    // The map holds under each key what readFact gave for exactly that key.
    const known = running.get(key) as Promise<Fact<FactValues[K]>> | undefined;
    if (known !== undefined) return known;
    const reading = readFact(collectors[key], context, options.extent).then((read) => {
      options.onFact?.(key, read);
      return read;
    });
    running.set(key, reading);
    return reading;
  };
  const context: CollectContext = {
    cluster,
    aws,
    kubernetes: () => (connection ??= options.kubernetes({ fact })),
    fact,
    once: askedOnce({ aws, cluster, signal }),
    now,
    signal,
  };

  await Promise.all(keys.map((key) => fact(key)));
  const entries = await Promise.all(
    FACT_KEYS.map(async (key) => {
      const read = running.get(key);
      return [
        key,
        read === undefined
          ? unobserved('not-collected', 'no selected check needs it', collectors[key].source, takenAt)
          : await read,
      ] as const;
    }),
  );
  // One entry for each of FACT_KEYS, each with the fact of its own key.
  const facts = Object.fromEntries(entries) as unknown as Facts;
  return { cluster, takenAt, facts };
};
