import { describe, expect, it } from 'vitest';
import type { Exception } from '../../shared/model/exception.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { applyExceptions, ExceptionsError, parseExceptions } from '../../shared/reconcile/exceptions.ts';
import { after, CHECK, evaluationAt, hour, OTHER } from './scenario.ts';

const ENTRY: Exception = {
  check: CHECK,
  owner: 'platform@shop.example',
  reason: 'replaced in December',
  expires: '2026-12-01',
};

const FINDINGS: readonly Finding[] = Object.values(
  after([
    evaluationAt(hour(1), { [CHECK]: { a: 'fail', b: 'fail', c: 'fail' }, [OTHER]: { a: 'fail' } }),
    evaluationAt(hour(2), { [CHECK]: { a: 'fail', b: 'fail', c: 'pass' }, [OTHER]: { a: 'fail' } }),
  ]).findings,
);

const idOf = (check: string, node: string): string | undefined =>
  FINDINGS.find((finding) => finding.check === check && finding.resource.name === node)?.id;

const use = (change: Partial<Exception>, at = '2026-11-21T00:00:00Z') => {
  const [used] = applyExceptions([{ ...ENTRY, ...change }], FINDINGS, at);
  return [used?.state, used?.findings];
};

describe('applyExceptions', () => {
  const both = [idOf(CHECK, 'a'), idOf(CHECK, 'b')];

  it('holds for the open findings of its check', () => {
    expect(use({})).toEqual(['active', both]);
  });

  it('holds for a cluster by name or by ARN', () => {
    expect(use({ cluster: 'shop-prod' })).toEqual(['active', both]);
    expect(use({ cluster: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod' })).toEqual(['active', both]);
    expect(use({ cluster: 'shop' })).toEqual(['unused', []]);
    expect(use({ cluster: 'arn:aws:eks:eu-west-1:111122223333:cluster/shop-prod' })).toEqual(['unused', []]);
  });

  it('holds for a resource by name or by id', () => {
    const named = FINDINGS.filter(({ id }) => id === idOf(CHECK, 'a')).map((finding): Finding => ({
      ...finding,
      resource: { type: 'node', id: 'a/uid-1', name: 'a' },
    }));
    const states = (resource: string) =>
      applyExceptions([{ ...ENTRY, resource }], named, '2026-11-21T00:00:00Z').map(({ state }) => state);

    expect(states('a')).toEqual(['active']);
    expect(states('a/uid-1')).toEqual(['active']);
    expect(states('uid-1')).toEqual(['unused']);
    expect(states('A')).toEqual(['unused']);
  });

  it('is unused when what it names is not open', () => {
    expect(use({ resource: 'c' })).toEqual(['unused', []]);
  });

  it('takes the check exactly', () => {
    expect(use({ check: 'network-policy/*' })).toEqual(['unused', []]);
    expect(use({ check: 'network-policy/enforce' })).toEqual(['unused', []]);
    expect(use({ check: OTHER })).toEqual(['active', [idOf(OTHER, 'a')]]);
  });

  it('holds until the moment it expires, and a day expires as it begins', () => {
    expect(use({}, '2026-11-30T23:59:59.999Z')).toEqual(['active', both]);
    expect(use({}, '2026-12-01T00:00:00Z')).toEqual(['expired', []]);
    expect(use({ expires: '2026-12-01T12:00:00+02:00' }, '2026-12-01T09:59:59Z')).toEqual(['active', both]);
    expect(use({ expires: '2026-12-01T12:00:00+02:00' }, '2026-12-01T10:00:00Z')).toEqual(['expired', []]);
  });

  it('is expired even if nothing was left for it to hold for', () => {
    expect(use({ resource: 'c', expires: '2026-01-01' })).toEqual(['expired', []]);
  });

  it('never holds by mistake: a time that is none has passed', () => {
    expect(use({}, 'now')).toEqual(['expired', []]);
    expect(use({ expires: 'never' })).toEqual(['expired', []]);
  });

  it('answers for each exception, in order', () => {
    const used = applyExceptions(
      [{ ...ENTRY, expires: '2026-01-01' }, ENTRY, { ...ENTRY, cluster: 'x' }],
      FINDINGS,
      hour(3),
    );

    expect(used.map(({ state, exception }) => [state, exception.cluster])).toEqual([
      ['expired', undefined],
      ['active', undefined],
      ['unused', 'x'],
    ]);
  });
});

const problems = (raw: unknown): readonly string[] => {
  try {
    parseExceptions('exceptions.yaml', raw);
  } catch (error) {
    if (error instanceof ExceptionsError) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('parseExceptions', () => {
  it('reads a list of exceptions', () => {
    const narrow = { ...ENTRY, cluster: 'shop-prod', resource: 'a', expires: '2026-12-01T12:00:00+02:00' };

    expect(parseExceptions('exceptions.yaml', { exceptions: [ENTRY, narrow] })).toEqual([ENTRY, narrow]);
    expect(parseExceptions('exceptions.yaml', { exceptions: [] })).toEqual([]);
  });

  it.each([
    ['nothing', undefined, 'expected a mapping with the one key `exceptions`'],
    ['an empty file', null, 'expected a mapping with the one key `exceptions`'],
    ['a bare list', [ENTRY], 'expected a mapping with the one key `exceptions`'],
    ['a mapping of something else', {}, 'exceptions: expected a list of exceptions'],
    ['one exception that is no list', { exceptions: ENTRY }, 'exceptions: expected a list of exceptions'],
  ])('refuses %s', (_, raw, problem) => {
    expect(problems(raw)).toEqual([`exceptions.yaml: ${problem}`]);
  });

  it.each([
    ['a missing owner', { owner: undefined }, 'owner: expected who decided this'],
    ['a blank reason', { reason: ' \t' }, 'reason: expected why no action is needed'],
    ['a pattern for a check', { check: 'network-policy/*' }, 'check: expected one whole check id, no pattern'],
    ['a check that is no text', { check: 7 }, 'check: expected a check id'],
    [
      'an empty cluster',
      { cluster: '' },
      'cluster: expected the name or ARN of a cluster, or no such key for every cluster',
    ],
    [
      'a null resource',
      { resource: null },
      'resource: expected the name or id of a resource, or no such key for every resource',
    ],
    [
      'no expiry',
      { expires: undefined },
      'expires: expected a day (YYYY-MM-DD, the first on which it no longer holds, UTC) or a time (RFC 3339)',
    ],
    [
      'a day that does not exist',
      { expires: '2026-02-30' },
      'expires: expected a day (YYYY-MM-DD, the first on which it no longer holds, UTC) or a time (RFC 3339)',
    ],
    [
      'a time without offset',
      { expires: '2026-12-01T00:00:00' },
      'expires: expected a day (YYYY-MM-DD, the first on which it no longer holds, UTC) or a time (RFC 3339)',
    ],
  ])('refuses %s', (_, change, problem) => {
    expect(problems({ exceptions: [ENTRY, { ...ENTRY, ...change }] })).toEqual([
      `exceptions.yaml: exceptions[1].${problem}`,
    ]);
  });

  it('refuses a misspelt key, which would widen the exception', () => {
    const [problem, ...others] = problems({ exceptions: [{ ...ENTRY, resorce: 'a' }] });
    const [root] = problems({ exceptions: [], exceptoins: [ENTRY] });

    expect(problem).toMatch(/^exceptions\.yaml: exceptions\[0\]: .*"resorce"/);
    expect(others).toEqual([]);
    expect(root).toMatch(/^exceptions\.yaml: .*"exceptoins"/);
  });

  it('refuses two exceptions for the same check, cluster and resource', () => {
    const narrow = { ...ENTRY, resource: 'a' };

    expect(problems({ exceptions: [ENTRY, narrow, { ...narrow, owner: 'x', expires: '2027-01-01' }] })).toEqual([
      'exceptions.yaml: exceptions[2]: expected each check, cluster and resource once; the same as exceptions[1]',
    ]);
  });

  it('names every problem, up to twenty', () => {
    const many = problems({ exceptions: Array.from({ length: 15 }, () => ({ ...ENTRY, owner: '', reason: '' })) });

    expect(many).toHaveLength(21);
    expect(many[20]).toBe('and 10 more');
  });

  it('shows hostile keys on one line', () => {
    expect(problems({ exceptions: [{ ...ENTRY, '\u001b[2J\n': 'a' }] })).toHaveLength(1);
    expect(problems({ exceptions: [{ ...ENTRY, '\u001b[2J\n': 'a' }] })[0]).toContain('\\u{1b}[2J\\u{a}');
  });
});
