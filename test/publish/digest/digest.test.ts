import { describe, expect, it } from 'vitest';
import { digestOf, isQuiet } from '../../../shared/publish/digest/digest.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { busyDay, digest, nodeFinding, RUN, SINCE, UNTIL } from './digests.ts';

const ENFORCED = 'network-policy/enforced';
const none = { ...RUN, checks: [{ check: ENFORCED, population: 'none', resources: 0 }] } as const;

describe('the answer of a digest', () => {
  it('is enforced only where the check looked at nodes, lately, and everything was looked at', () => {
    expect(digest()).toMatchObject({ answer: 'enforced' });
    expect(digest()).not.toHaveProperty('because');
  });

  it('is not enforced while one node is known to fail, whatever else is not known', () => {
    const findings = [nodeFinding('a', { check: ENFORCED })];

    expect(digest({ findings })).toMatchObject({ answer: 'not-enforced' });
    expect(digest({ findings, run: none })).toMatchObject({ answer: 'not-enforced' });
    expect(digest({ findings, excepted: new Set(findings.map(({ id }) => id)) })).toMatchObject({
      answer: 'not-enforced',
    });
  });

  it.each([
    ['the last audit is too old', { run: { ...RUN, takenAt: '2026-11-20T07:59:59.000Z' } }, 'before this digest began'],
    ['the nodes could not be listed', { run: none }, 'the nodes could not be listed'],
    ['the check was left out', { run: { ...RUN, checks: [] } }, 'not among the checks'],
    [
      'something could not be looked at',
      { run: { ...RUN, counts: { ...RUN.counts, 'not-evaluated': 1 } } },
      'could not look at everything',
    ],
    [
      'what failed could not be looked at again',
      { findings: [nodeFinding('a', { check: ENFORCED, unverifiedSince: '2026-11-20T10:00:00.000Z' })] },
      'could not be looked at again',
    ],
  ] as const)('is unknown, and says why, where %s', (_, change, because) => {
    expect(digest(change)).toMatchObject({ answer: 'unknown', because: expect.stringContaining(because) });
  });

  it('is unknown where no audit is remembered', () => {
    const input = { cluster: CLUSTER, since: SINCE, until: UNTIL, findings: [], excepted: new Set<string>() };

    expect(digestOf(input)).toMatchObject({ answer: 'unknown', because: 'no audit of the cluster is remembered' });
    expect(digestOf(input)).not.toHaveProperty('auditedAt');
  });

  it('is that there are no nodes where the check found none', () => {
    expect(
      digest({ run: { ...RUN, checks: [{ check: ENFORCED, population: 'complete', resources: 0 }] } }),
    ).toMatchObject({ answer: 'not-applicable' });
  });
});

describe('a digest', () => {
  it('counts what is open, and has what is new, what ended and what is open for longest', () => {
    const { open, appeared, ended, oldest, couldNotLook } = busyDay();
    const names = (findings: typeof appeared): readonly string[] => findings.map(({ resource }) => resource.name);

    expect(open).toMatchObject({ high: 4, low: 0 });
    expect(names(appeared)).toEqual(['node-4', 'node-2', 'node-3']);
    expect(names(ended)).toEqual(['node-5']);
    expect(names(oldest)[0]).toBe('node-1');
    expect(couldNotLook).toEqual({ checks: [], results: 2 });
  });

  it('counts excepted findings apart, and tells nobody of them as new', () => {
    const finding = nodeFinding('a', { openedAt: SINCE });

    expect(digest({ findings: [finding], excepted: new Set([finding.id]) })).toMatchObject({
      open: { high: 0 },
      excepted: 1,
      appeared: [],
      oldest: [],
    });
    expect(digest({ findings: [finding] })).toMatchObject({ open: { high: 1 }, excepted: 0, appeared: [finding] });
  });

  it('has the same id for the same cluster and time, and another for another', () => {
    expect(digest().id).toBe(digest({ findings: [nodeFinding('a')] }).id);
    expect(digest({ until: '2026-11-22T08:00:00.000Z' }).id).not.toBe(digest().id);
  });

  it('is quiet only where everything is known to be well', () => {
    expect(isQuiet(digest())).toBe(true);
    expect(isQuiet(digest({ run: none }))).toBe(false);
    expect(isQuiet(digest({ findings: [nodeFinding('a')] }))).toBe(false);
    expect(isQuiet(digest({ findings: [nodeFinding('a', { status: 'resolved', endedAt: SINCE })] }))).toBe(false);
  });
});
