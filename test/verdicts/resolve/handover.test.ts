import { describe, expect, it } from 'vitest';
import type { ResolvedAddress } from '../../../shared/model/denied-traffic.ts';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import { addressBook, EMPTY_HISTORY, observeAll } from '../../../shared/verdicts/resolve/index.ts';
import type { ResolveHint, Sighting } from '../../../shared/verdicts/resolve/index.ts';
import { AT, facts, pod } from '../../support/cluster.ts';

const NOW = Date.parse(AT);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const web = (change: Partial<Pod> = {}): Pod =>
  pod({ namespace: 'shop', nodeName: 'node-a', podIPs: ['10.0.1.20'], ...change });

const withHistory = (
  sightings: readonly Sighting[],
  address: string,
  at: number,
  hint?: ResolveHint,
): ResolvedAddress =>
  addressBook({ facts: facts({}), history: observeAll(EMPTY_HISTORY, sightings) }).resolve(address, at, hint);

describe('an address that changed hands', () => {
  const a = web({ name: 'a', uid: 'a', createdAt: '2026-11-20T08:00:00Z' });
  const b = web({ name: 'b', uid: 'b', nodeName: 'node-b', createdAt: '2026-11-20T09:04:00Z' });
  const list = (minute: number, pods: readonly Pod[]): Sighting => ({
    observedAt: NOW + minute * MINUTE,
    pods,
    complete: { pods: true },
  });
  const sightings = [list(0, [a]), list(5, [b])];
  const at = (minutes: number, hint?: ResolveHint): ResolvedAddress =>
    withHistory(sightings, '10.0.1.20', NOW + minutes * MINUTE, hint);

  it.each([
    [-30, 'exact', ['a']],
    [0, 'exact', ['a']],
    [2, 'former', ['a']],
    [4.5, 'ambiguous', ['a', 'b']],
    [5.5, 'exact', ['b']],
    [6, 'exact', ['b']],
  ])('after %d minutes is %s of %j', (minutes, certainty, names) => {
    const resolved = at(minutes);
    expect(resolved.certainty).toBe(certainty);
    expect(resolved.owners.map((owner) => (owner.kind === 'pod' ? owner.name : owner.kind))).toEqual(names);
  });

  it('is told apart by the reporting node', () => {
    expect(at(4.5, { node: 'node-b' })).toMatchObject({ certainty: 'exact', owners: [{ name: 'b' }] });
    expect(at(4.5, { node: 'node-b' }).because).toContain('of 2 that may have had it');
    expect(at(4.5, { node: 'node-c' }).certainty).toBe('ambiguous');
  });

  it('is nobody’s ten minutes after its last owner had gone', () => {
    const gone = [list(0, [a]), list(5, [])];
    const later = (minutes: number): string => withHistory(gone, '10.0.1.20', NOW + minutes * MINUTE).certainty;
    expect(later(14)).toBe('former');
    expect(later(16)).toBe('unknown');
  });

  it('ends by a list of its node’s pods, and not by a look-up or by another node’s list', () => {
    const after = (sighting: Partial<Sighting>): string =>
      withHistory(
        [list(0, [a]), { observedAt: NOW + 5 * MINUTE, pods: [], complete: {}, ...sighting }],
        '10.0.1.20',
        NOW + 3 * MINUTE,
      ).certainty;
    expect(after({ podsOfNodes: ['node-a'] })).toBe('former');
    expect(after({ podsOfNodes: ['node-b'] })).toBe('exact');
    expect(after({})).toBe('exact');
  });

  it('is either pod’s while the packet may be older than the line', () => {
    const quick = web({ name: 'b', uid: 'b', createdAt: '2026-11-20T09:00:01Z' });
    const seen = [list(-1, [a]), list(2 / 60, [quick]), list(10, [quick])];
    const certainty = (seconds: number): string => withHistory(seen, '10.0.1.20', NOW + seconds * SECOND).certainty;
    expect(certainty(3)).toBe('ambiguous');
    expect(certainty(7)).toBe('exact');
  });

  it('is not a pod’s before a list that does not show it, however old the pod is', () => {
    const seen = [list(0, []), list(5, [a])];
    expect(withHistory(seen, '10.0.1.20', NOW - 2 * SECOND).owners).toEqual([
      { kind: 'external', network: '10.0.1.0/24' },
    ]);
    expect(withHistory(seen, '10.0.1.20', NOW + MINUTE)).toMatchObject({ certainty: 'exact', owners: [{ name: 'a' }] });
  });

  it('does not let the older owner claim what the newer was seen with', () => {
    const seen = [list(0, [a]), { observedAt: NOW + 5 * MINUTE, pods: [b], complete: {} }];
    const resolved = withHistory(seen, '10.0.1.20', NOW + 6 * MINUTE);
    expect(resolved).toMatchObject({ certainty: 'exact', owners: [{ name: 'b' }] });
  });
});
