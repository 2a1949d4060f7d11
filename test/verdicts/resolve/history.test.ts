import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import {
  DEFAULT_HISTORY_LIMITS,
  EMPTY_HISTORY,
  observe,
  observeAll,
  podsListedAt,
} from '../../../shared/verdicts/resolve/index.ts';
import type { AddressHistory, Sighting } from '../../../shared/verdicts/resolve/index.ts';
import { node, pod } from '../../support/cluster.ts';

const T0 = Date.parse('2026-11-20T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const web = (change: Partial<Pod> = {}): Pod =>
  pod({ namespace: 'shop', name: 'web-1', uid: 'uid-web-1', nodeName: 'node-a', podIPs: ['10.0.1.20'], ...change });

const listing = (observedAt: number, pods: readonly Pod[]): Sighting => ({
  observedAt,
  pods,
  complete: { pods: true },
});
const lookUp = (observedAt: number, pods: readonly Pod[]): Sighting => ({ observedAt, pods, complete: {} });

/** The same content in the same order. */
const canonical = ({ records, listings, latest, dropped }: AddressHistory): unknown => ({
  records: records.map((record) => JSON.stringify(record, Object.keys(record).toSorted())).toSorted(),
  listings: listings.map((one) => JSON.stringify(one)).toSorted(),
  latest,
  dropped,
});

describe('an address history', () => {
  it('keeps the span of the sightings of each pod', () => {
    const history = observeAll(EMPTY_HISTORY, [lookUp(T0 + MINUTE, [web()]), lookUp(T0, [web()])]);
    expect(history.records.filter(({ owner }) => owner.kind === 'pod')).toEqual([
      {
        id: 'uid-web-1',
        address: '10.0.1.20',
        owner: {
          kind: 'pod',
          namespace: 'shop',
          name: 'web-1',
          node: 'node-a',
          workload: { kind: 'ReplicaSet', namespace: 'shop', name: 'payments-6c9d' },
        },
        notBefore: Date.parse('2026-11-10T00:00:00Z'),
        firstSeen: T0,
        lastSeen: T0 + MINUTE,
      },
    ]);
  });

  it('survives being written as JSON and read again', () => {
    const history = observe(EMPTY_HISTORY, listing(T0, [web(), web({ uid: 'b', phase: 'Succeeded' })]));
    expect(JSON.parse(JSON.stringify(history))).toEqual(history);
  });

  it('knows of a finished pod only that it had ended by then', () => {
    const { records } = observe(EMPTY_HISTORY, listing(T0, [web({ phase: 'Succeeded' })]));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ endedBy: T0 });
    expect(records[0]).not.toHaveProperty('lastSeen');
  });

  it('gives the address of a hostNetwork pod to its node', () => {
    const proxy = web({ name: 'kube-proxy-1', uid: 'p', hostNetwork: true, podIPs: ['10.0.1.5'], hostIP: '10.0.1.5' });
    const { records } = observe(EMPTY_HISTORY, listing(T0, [proxy]));
    expect(records.map(({ owner }) => owner)).toEqual([
      { kind: 'host', name: 'node-a' },
      { kind: 'host-pod', namespace: 'shop', name: 'kube-proxy-1', node: 'node-a' },
    ]);
  });

  it('leaves addresses out that are none', () => {
    const { records } = observe(EMPTY_HISTORY, listing(T0, [web({ podIPs: ['None', ''], hostIP: 'x' })]));
    expect(records).toEqual([]);
  });

  it('remembers lists of everything and of one node apart from each other', () => {
    const history = observeAll(EMPTY_HISTORY, [
      listing(T0, []),
      { observedAt: T0 + MINUTE, pods: [], complete: {}, podsOfNodes: ['node-a'] },
      { observedAt: T0 + 2 * MINUTE, complete: { pods: true } },
    ]);
    expect(podsListedAt(history)).toBe(T0);
    expect(podsListedAt(history, 'node-a')).toBe(T0 + MINUTE);
    expect(podsListedAt(history, 'node-b')).toBeUndefined();
  });

  it('forgets what ended longer ago than the retention, and nothing that has not ended', () => {
    const gone = web({ uid: 'gone', podIPs: ['10.0.1.21'] });
    const before = observeAll(EMPTY_HISTORY, [listing(T0, [web(), gone]), listing(T0 + MINUTE, [web()])]);
    const after = observe(before, lookUp(T0 + 7 * HOUR, []));
    expect(after.records.map(({ id }) => id)).toEqual(['node-a', 'uid-web-1']);
    expect(after.dropped).toBe(0);
  });

  it('ignores a sighting older than the retention', () => {
    const history = observe(EMPTY_HISTORY, listing(T0, []));
    expect(observe(history, lookUp(T0 - 7 * HOUR, [web()]))).toBe(history);
  });

  it('keeps what it learned from listings that it no longer keeps', () => {
    const limits = { ...DEFAULT_HISTORY_LIMITS, maxListings: 2 };
    const sightings = [listing(T0, [web()]), ...[1, 2, 3, 4].map((minute) => listing(T0 + minute * MINUTE, []))];
    const history = sightings.reduce((known, sighting) => observe(known, sighting, limits), EMPTY_HISTORY);
    expect(history.listings.map(({ times }) => times)).toEqual([[T0 + 3 * MINUTE, T0 + 4 * MINUTE]]);
    expect(history.records.find(({ id }) => id === 'uid-web-1')?.endedBy).toBe(T0 + MINUTE);
  });

  it('drops what ended longest ago when there are too many, and counts it', () => {
    const pods = ['a', 'b', 'c'].map((uid, index) => web({ uid, hostIP: '', podIPs: [`10.0.1.${index + 1}`] }));
    const limits = { ...DEFAULT_HISTORY_LIMITS, maxRecords: 2 };
    const [a, b, c] = pods;
    const sightings = [
      listing(T0, pods),
      listing(
        T0 + 1,
        [b, c].filter((one) => one !== undefined),
      ),
    ];
    const history = observeAll(EMPTY_HISTORY, sightings, limits);
    expect(a?.uid).toBe('a');
    expect(history.records.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(history.dropped).toBe(1);
  });

  it('keeps the lists of the nodes listed last when there are too many nodes', () => {
    const limits = { ...DEFAULT_HISTORY_LIMITS, maxNodes: 1 };
    const sightings = ['node-a', 'node-b'].map((name, index) => ({
      observedAt: T0 + index,
      pods: [],
      complete: {},
      podsOfNodes: [name],
    }));
    const history = observeAll(EMPTY_HISTORY, sightings, limits);
    expect(podsListedAt(history, 'node-a')).toBeUndefined();
    expect(podsListedAt(history, 'node-b')).toBe(T0 + 1);
  });

  it('is the same whatever the order and repetition of the sightings', () => {
    const anyPod = fc
      .record({ uid: fc.nat(4), ip: fc.nat(2), phase: fc.constantFrom('Running', 'Succeeded'), node: fc.nat(1) })
      .map(({ uid, ip, phase, node: on }) =>
        web({ uid: `uid-${uid}`, name: `web-${uid}`, podIPs: [`10.0.1.${ip}`], phase, nodeName: `node-${on}` }),
      );
    const anySighting = fc
      .record({
        minute: fc.nat(20),
        pods: fc.array(anyPod, { maxLength: 4 }),
        complete: fc.boolean(),
        of: fc.boolean(),
      })
      .map(({ minute, pods, complete, of }): Sighting => ({
        observedAt: T0 + minute * MINUTE,
        pods,
        nodes: [node()],
        complete: { pods: complete },
        podsOfNodes: of ? ['node-0'] : [],
      }));
    const runs = fc
      .array(anySighting, { minLength: 1, maxLength: 8 })
      .chain((sightings) =>
        fc.tuple(fc.constant(sightings), fc.shuffledSubarray(sightings, { minLength: sightings.length })),
      );
    const oneByOne = (sightings: readonly Sighting[]): AddressHistory =>
      sightings.reduce((known, sighting) => observe(known, sighting), EMPTY_HISTORY);
    fc.assert(
      fc.property(runs, ([sightings, shuffled]) => {
        const expected = canonical(oneByOne(sightings));
        expect(canonical(oneByOne(shuffled))).toEqual(expected);
        expect(canonical(observeAll(oneByOne(shuffled), sightings))).toEqual(expected);
      }),
    );
  });
});
