import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { importDump } from '../../../shared/collect/dump/import-dump.ts';
import { evaluate } from '../../../shared/evaluate/evaluate.ts';
import type { UnobservedReason } from '../../../shared/model/fact.ts';
import type { Evaluation } from '../../../shared/model/outcome.ts';
import { FACT_KEYS, type FactKey, type Facts, type Snapshot } from '../../../shared/model/snapshot.ts';
import { COMMITTED } from '../../support/fleet/read.ts';
import type { Reply } from '../../support/kubernetes-endpoint/replies.ts';
import { accessOf, covers } from './declared-access.ts';
import { CHECKS, collectFrom, COLLECTORS, KUBERNETES_KEYS, requestName } from './live-run.ts';
import { MANY_SERVICES, servedCluster } from './served-cluster.ts';

const SHOP = 'shop-prod';
const served = await servedCluster(SHOP);
const dumped = await importDump(join(COMMITTED, SHOP));
const healthy = await collectFrom(served);
const REQUESTS = [...new Set(healthy.requests.map(requestName))].toSorted();
const RULES = FACT_KEYS.flatMap((key) => COLLECTORS[key].rbac);

/** Every Kubernetes fact whose collector names this path as its source. */
const declaring = (request: string): readonly FactKey[] => {
  const path = request.replace(/ \(.*$/, '');
  return KUBERNETES_KEYS.filter((key) =>
    COLLECTORS[key].source.split(', ').some((source) => source.replace(/\?.*$/, '') === `GET ${path}`),
  );
};

const accessTo = (request: string): ReturnType<typeof accessOf> => accessOf({ path: request.replace(/ \(.*$/, '') });

const keysIn = ({ facts }: Snapshot, state: string): readonly FactKey[] =>
  KUBERNETES_KEYS.filter((key) => facts[key].state === state);

/** The outcome of the whole catalogue, with what AWS said of the same cluster. */
const audit = ({ facts, ...rest }: Snapshot): Evaluation => {
  const fromAws = FACT_KEYS.filter((key) => !KUBERNETES_KEYS.includes(key)).map((key) => [key, dumped.facts[key]]);
  // Every fact in its own place: those of AWS over the refused ones.
  const together = { ...facts, ...Object.fromEntries(fromAws) } as Facts;
  return evaluate({ ...rest, facts: together }, CHECKS);
};

/** Checks of which nothing can be said, by what they lack. */
const notEvaluated = ({ outcomes }: Evaluation): ReadonlyMap<string, readonly string[]> =>
  new Map(
    outcomes.flatMap((outcome) =>
      outcome.status === 'not-evaluated' && outcome.message.key === 'facts-missing'
        ? [[outcome.check, outcome.missing.map(({ fact }) => fact)] as const]
        : [],
    ),
  );

const AUDITED = audit(healthy.snapshot);

describe('a server that answers everything', () => {
  test('leaves no Kubernetes fact unobserved', () => {
    expect(keysIn(healthy.snapshot, 'unobserved')).toEqual([]);
    expect(keysIn(healthy.snapshot, 'absent').toSorted()).toEqual([
      'kubernetes.application-network-policies',
      'kubernetes.cluster-policy-endpoints',
      'kubernetes.nodeclasses',
    ]);
  });

  test('gives the values that a dump of the same cluster gives', () => {
    // The server has a second page of Services beside the dump's.
    const apart = new Set<FactKey>(['kubernetes.access', 'kubernetes.services']);
    const both = KUBERNETES_KEYS.filter((key) => !apart.has(key) && dumped.facts[key].state === 'observed');
    expect(both.length).toBeGreaterThanOrEqual(13);
    const values = (snapshot: Snapshot): unknown => both.map((key) => [key, valueOf(snapshot, key)]);
    expect(values(healthy.snapshot)).toEqual(values(dumped));
  });

  test('is read page by page to the end', () => {
    expect(REQUESTS).toContain('/api/v1/services (a later page)');
    const services = z.array(z.object({ name: z.string() })).parse(valueOf(healthy.snapshot, 'kubernetes.services'));
    const paged = MANY_SERVICES.map((_, index) => `web-${index}`);
    expect(services.map(({ name }) => name)).toEqual(expect.arrayContaining(paged));
  });

  test('is told of by kubernetes.access, source by source', () => {
    const asked = KUBERNETES_KEYS.filter((key) => key !== 'kubernetes.access');
    expect(valueOf(healthy.snapshot, 'kubernetes.access')).toMatchObject({
      answered: asked.map((key) => COLLECTORS[key].source.replace('GET ', '')),
      refused: [],
    });
  });

  test('evaluates the catalogue with nothing missing', () => {
    expect([...notEvaluated(AUDITED)]).toEqual([]);
    expect(AUDITED.outcomes.map(({ status }) => status)).toContain('pass');
  });
});

const valueOf = ({ facts }: Snapshot, key: FactKey): unknown => {
  const fact = facts[key];
  return fact.state === 'observed' ? fact.value : fact.state;
};

describe('what is sent', () => {
  test('is GET and nothing else', () => {
    expect([...new Set(healthy.requests.map(({ method }) => method))]).toEqual(['GET']);
  });

  test('only /version is no resource', () => {
    expect(REQUESTS.filter((request) => accessTo(request) === undefined)).toEqual(['/version']);
  });

  test('is covered by a declared rule', () => {
    const uncovered = REQUESTS.filter((request) => {
      const access = accessTo(request);
      return access !== undefined && !RULES.some((rule) => covers(rule, access));
    });
    expect(uncovered).toEqual([]);
  });

  test('no rule is declared that no request needs', () => {
    const accesses = healthy.requests.map(accessOf).filter((access) => access !== undefined);
    expect(RULES.filter((rule) => !accesses.some((access) => covers(rule, access)))).toEqual([]);
  });

  test('every path is the declared source of a fact', () => {
    expect(REQUESTS.filter((request) => declaring(request).length === 0)).toEqual([]);
  });

  test('ConfigMaps are listed by their metadata alone', () => {
    const lists = healthy.requests.filter(({ path }) => path.endsWith('/configmaps'));
    expect(lists.map(({ headers }) => headers.accept)).toEqual(
      lists.map(() => expect.stringMatching(/^application\/json;as=PartialObjectMetadataList;v=v1;g=meta\.k8s\.io$/)),
    );
    expect(lists.length).toBeGreaterThan(0);
  });
});

const FORBIDDEN: Reply = { kind: 'status', code: 403, reason: 'Forbidden', message: 'User "audit" cannot do this' };

const isLaterPage = (request: string): boolean => request.endsWith(')');

/** A page that fails after others came makes the list partial, whatever it fails of. */
const reasonFor = (request: string, reason: UnobservedReason): UnobservedReason =>
  isLaterPage(request) ? 'partial' : reason;

const facing = (request: string, reply: Reply) =>
  collectFrom(served, { fault: (seen) => (requestName(seen) === request ? reply : undefined) });

const kubernetesFacts = ({ facts }: Snapshot): object =>
  Object.fromEntries(KUBERNETES_KEYS.map((key) => [key, facts[key]]));

/** These unobserved for this reason, every other as a healthy server gives it: neither absent nor a shorter list. */
const factsWithout = (spoilt: readonly FactKey[], reason: UnobservedReason): object =>
  Object.fromEntries(
    KUBERNETES_KEYS.map((key) => {
      if (spoilt.includes(key)) return [key, expect.objectContaining({ state: 'unobserved', reason })];
      // Its value tells of the others.
      if (key === 'kubernetes.access') return [key, expect.objectContaining({ state: 'observed' })];
      return [key, healthy.snapshot.facts[key]];
    }),
  );

describe.each(REQUESTS)('403 to %s', (request) => {
  const spoilt = declaring(request);

  test('spoils its facts and no other, and the checks that need them and no other', async () => {
    const { snapshot, requests } = await facing(request, FORBIDDEN);
    expect(requests.map(requestName)).toContain(request);
    expect(kubernetesFacts(snapshot)).toEqual(factsWithout(spoilt, reasonFor(request, 'denied')));

    const audited = audit(snapshot);
    const needing = CHECKS.filter(({ needs }) => spoilt.some((key) => needs[key] !== undefined)).map(({ id }) => id);
    const without = notEvaluated(audited);
    expect([...without.keys()].toSorted()).toEqual(needing.toSorted());
    for (const missing of without.values()) expect(spoilt).toEqual(expect.arrayContaining([...missing]));

    const concerned = new Set<FactKey>([...spoilt, 'kubernetes.access']);
    const reading = new Set<string>(
      CHECKS.filter(({ needs, uses }) =>
        FACT_KEYS.some((key) => concerned.has(key) && (needs[key] !== undefined || uses.includes(key))),
      ).map(({ id }) => id),
    );
    const unconcerned = (evaluation: Evaluation): unknown =>
      evaluation.outcomes.filter(({ check }) => !reading.has(check));
    expect(unconcerned(audited)).toEqual(unconcerned(AUDITED));
  });
});

describe.each(REQUESTS.filter((request) => request !== '/version' && !isLaterPage(request)))('403 to %s', (request) => {
  test('is told of by kubernetes.access', async () => {
    const { snapshot } = await facing(request, FORBIDDEN);
    expect(valueOf(snapshot, 'kubernetes.access')).toMatchObject({
      refused: declaring(request).map((key) => ({
        resource: COLLECTORS[key].source.replace('GET ', ''),
        detail: expect.stringContaining('403, not allowed'),
      })),
    });
  });
});

const FAULTS: readonly { readonly name: string; readonly reply: Reply; readonly reason: UnobservedReason }[] = [
  { name: 'status 429', reply: { kind: 'status', code: 429, message: 'too many requests' }, reason: 'throttled' },
  { name: 'status 500', reply: { kind: 'status', code: 500, message: 'etcd is down' }, reason: 'api-error' },
  {
    name: 'JSON that ends early',
    reply: { kind: 'raw', code: 200, body: '{"kind":"List","items":[' },
    reason: 'malformed',
  },
  {
    name: 'a gzip body without its end',
    reply: { kind: 'cut-gzip', body: '{"kind":"List","items":[]}' },
    reason: 'malformed',
  },
  { name: 'a connection cut at once', reply: { kind: 'drop', after: 'request' }, reason: 'unreachable' },
  { name: 'a connection cut in the body', reply: { kind: 'drop', after: 'half-a-body' }, reason: 'malformed' },
];

describe.each(FAULTS)('$name', ({ reply, reason }) => {
  test.each(REQUESTS)('of %s spoils its facts and no other: never absent, never a shorter list', async (request) => {
    const { snapshot } = await facing(request, reply);
    expect(kubernetesFacts(snapshot)).toEqual(factsWithout(declaring(request), reasonFor(request, reason)));
  });
});

describe.each(['request', 'head'] as const)('a server that says nothing after the %s', (after) => {
  test.each(REQUESTS)('of %s costs its facts at the deadline', async (request) => {
    const spoilt = declaring(request);
    // What kubernetes.access tells of is not known before every other fact is, but then it is told.
    const last = KUBERNETES_KEYS.filter((key) => key === 'kubernetes.access' || spoilt.includes(key));
    const { snapshot } = await collectFrom(served, {
      fault: (seen) => (requestName(seen) === request ? { kind: 'hang', after } : undefined),
      deadlineLeaves: last,
    });
    expect(kubernetesFacts(snapshot)).toEqual(factsWithout(spoilt, 'unreachable'));
  });
});
