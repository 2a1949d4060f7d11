import { describe, expect, it } from 'vitest';
import { believableFacts, FUTURE_TOLERANCE_SECONDS, missingNeeds } from '../../shared/evaluate/usable-facts.ts';
import { absent, observed, unobserved } from '../../shared/model/fact.ts';
import type { Facts } from '../../shared/model/snapshot.ts';
import { CLUSTER, eksCluster, facts } from '../support/cluster.ts';
import { addonActive, nodesReady } from './synthetic-checks.ts';

const TAKEN_AT = '2026-11-20T09:00:00Z';

const withNodesAt = (observedAt: string): Facts => ({
  ...facts({}),
  'kubernetes.nodes': observed([], 'GET /api/v1/nodes', observedAt),
});

const believed = (given: Facts, takenAt = TAKEN_AT): Facts =>
  believableFacts({ cluster: CLUSTER, takenAt, facts: given });

describe('missingNeeds', () => {
  it('meets a need with a fact of exactly its greatest age', () => {
    expect(missingNeeds(nodesReady, withNodesAt('2026-11-20T08:00:00Z'), TAKEN_AT)).toEqual([]);
  });

  it('does not meet it with a fact one second older', () => {
    expect(missingNeeds(nodesReady, withNodesAt('2026-11-20T07:59:59Z'), TAKEN_AT)).toEqual([
      {
        fact: 'kubernetes.nodes',
        reason: 'too-old',
        detail: 'observed 3601 s before the snapshot was taken; at most 3600 s counts',
        source: 'GET /api/v1/nodes',
      },
    ]);
  });

  it('counts the age of an absent fact as well', () => {
    const given: Facts = {
      ...facts({ 'eks.cluster': eksCluster() }),
      'eks.vpc-cni-addon': absent('eks:DescribeAddon', '2026-11-20T08:49:59Z'),
    };

    expect(missingNeeds(addonActive, given, TAKEN_AT).map(({ fact, reason }) => [fact, reason])).toEqual([
      ['eks.vpc-cni-addon', 'too-old'],
    ]);
  });

  it('measures against the snapshot, in any offset', () => {
    expect(missingNeeds(nodesReady, withNodesAt('2026-11-20T10:30:00+02:00'), TAKEN_AT)).toEqual([]);
  });

  it('escapes and bounds the detail, which came from outside', () => {
    const given: Facts = {
      ...facts({}),
      'kubernetes.nodes': unobserved('api-error', `\u001b]0;${'x'.repeat(500)}`, 'GET /api/v1/nodes', TAKEN_AT),
    };
    const [missing] = missingNeeds(nodesReady, given, TAKEN_AT);

    expect(missing?.detail).toBe(`\\u{1b}]0;${'x'.repeat(190)}…`);
  });
});

describe('believableFacts', () => {
  it('tolerates clocks that differ and collections that take a while', () => {
    const given = withNodesAt('2026-11-20T09:15:00Z');

    expect(FUTURE_TOLERANCE_SECONDS).toBe(900);
    expect(believed(given)).toEqual(given);
  });

  it('turns a fact from later than that to malformed', () => {
    expect(believed(withNodesAt('2026-11-20T09:15:01Z'))['kubernetes.nodes']).toEqual({
      state: 'unobserved',
      reason: 'malformed',
      detail: 'observed 901 s after the snapshot was taken; at most 900 s is plausible',
      source: 'GET /api/v1/nodes',
      observedAt: '2026-11-20T09:15:01Z',
    });
  });

  it('turns a fact to malformed whose time is none, and every fact where the snapshot has none', () => {
    expect(believed(withNodesAt('soon'))['kubernetes.nodes']).toMatchObject({
      reason: 'malformed',
      detail: 'observed at soon, snapshot taken at 2026-11-20T09:00:00Z: one of them is not a time',
    });
    expect(believed(withNodesAt(TAKEN_AT), '')['kubernetes.nodes']).toMatchObject({ reason: 'malformed' });
  });

  it('leaves old facts alone: how old is too old is for each check to say', () => {
    const given = withNodesAt('2020-01-01T00:00:00Z');

    expect(believed(given)).toEqual(given);
  });
});
