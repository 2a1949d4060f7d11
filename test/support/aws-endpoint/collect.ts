import { classifyFailure, type Failure } from '../../../shared/collect/live/classify-failure.ts';
import { askedOnce, type CollectContext, NOT_THERE } from '../../../shared/collect/live/collector.ts';
import { liveCollectors } from '../../../shared/collect/live/collectors.ts';
import { absent, observed, unobserved, type Fact } from '../../../shared/model/fact.ts';
import { FACT_KEYS, type FactKey, type FactValues } from '../../../shared/model/snapshot.ts';
import { callLog } from '../../../shared/runtime/aws/calls.ts';
import { awsSession } from '../../../shared/runtime/aws/session.ts';
import { AT, CLUSTER } from '../cluster.ts';
import { startAwsEndpoint, type AwsRequest, type Handler } from './endpoint.ts';

export type Given = { readonly [K in FactKey]?: FactValues[K] | 'absent' };

const COLLECTORS = liveCollectors({ keys: FACT_KEYS, probes: { kind: 'off' } });

export type Ending = { readonly value: unknown } | { readonly absent: true } | { readonly failure: Failure };

export interface Collected {
  readonly ending: Ending;
  readonly requests: readonly AwsRequest[];
  /** Actions of the calls made, each once, sorted. */
  readonly actions: readonly string[];
}

const callsOf = (
  endpoint: string,
  calls: ReturnType<typeof callLog>,
): Pick<CollectContext, 'cluster' | 'aws' | 'signal'> => ({
  cluster: CLUSTER,
  aws: awsSession({
    account: CLUSTER.account,
    region: CLUSTER.region,
    credentials: () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    calls,
    endpoint,
    maxAttempts: 1,
  }),
  signal: new AbortController().signal,
});

const contextOf = (given: Given, over: ReturnType<typeof callsOf>): CollectContext => ({
  ...over,
  kubernetes: () => Promise.reject(new Error('no Kubernetes in this test')),
  fact: (key) => {
    const value = given[key];
    const fact: Fact<unknown> =
      value === undefined
        ? unobserved('denied', `${key} by the test`, 'test', AT)
        : value === 'absent'
          ? absent('test', AT)
          : observed(value, 'test', AT);
    // `Given` pairs each key with the value of its own fact.
    return Promise.resolve(fact as Fact<FactValues[typeof key]>);
  },
  once: askedOnce(over),
  now: () => new Date(AT),
});

/** One collector against an endpoint of its own, over a real socket with the real SDK, each call tried once. */
export const collectOver = async (key: FactKey, handler: Handler, given: Given = {}): Promise<Collected> => {
  const endpoint = await startAwsEndpoint(handler);
  const calls = callLog();
  try {
    const ending = await COLLECTORS[key].collect(contextOf(given, callsOf(endpoint.url, calls))).then(
      (value): Ending => (value === NOT_THERE ? { absent: true } : { value }),
      (error: unknown): Ending => ({ failure: classifyFailure(error) }),
    );
    return { ending, requests: endpoint.requests, actions: [...calls.counts().keys()].toSorted() };
  } finally {
    await endpoint.close();
  }
};
