import { describe, expect, it } from 'vitest';
import type { ClusterRecord } from '../../shared/model/finding.ts';
import { StoreError } from '../../shared/store/port.ts';
import { decodeRecord, encodeRecord } from '../../shared/store/stored-record.ts';
import { after, run } from '../reconcile/scenario.ts';

const RECORD = after([
  run(1, { a: 'fail', b: 'fail', c: 'fail' }),
  run(2, { a: 'fail', b: 'pass', d: 'not-evaluated' }),
  run(3, 'none'),
]);
const [FINDING] = Object.values(RECORD.findings);

const changed = (change: object): ClusterRecord => {
  if (FINDING === undefined) throw new Error('the record has no finding');
  return { ...RECORD, findings: { [FINDING.id]: { ...FINDING, ...change } } };
};

const decoding = (record: ClusterRecord): string => {
  try {
    decodeRecord('here', encodeRecord(record));
  } catch (error) {
    if (error instanceof StoreError) return error.message.replace(FINDING?.id ?? '', '<id>');
    throw error;
  }
  return 'was read';
};

describe('a stored record', () => {
  it('is read as it was written', () => {
    expect(
      Object.values(RECORD.findings)
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(['closed', 'open', 'resolved']);
    expect(decodeRecord('here', encodeRecord(RECORD))).toEqual(RECORD);
  });

  it('is one text, whatever the order in which it came to be', () => {
    const turned: ClusterRecord = {
      cluster: RECORD.cluster,
      findings: Object.fromEntries(Object.entries(RECORD.findings).toReversed()),
      watermarks: Object.fromEntries(Object.entries(RECORD.watermarks).toReversed()),
    };

    expect(encodeRecord(turned)).toBe(encodeRecord(RECORD));
  });

  it.each([
    ['a status that is none', { status: 'fixed' }, 'status: Invalid option'],
    [
      'a close reason on what is not closed',
      { status: 'open', closeReason: 'resource-gone' },
      'closeReason: expected exactly where status is closed',
    ],
    [
      'a closed finding without reason',
      { status: 'closed', closeReason: undefined },
      'closeReason: expected exactly where status is closed',
    ],
    ['a severity that is none', { severity: 'urgent' }, 'severity: Invalid option'],
    [
      'a day that does not exist',
      { lastSeenAt: '2026-11-31T00:00:00', firstSeenAt: 'then' },
      'firstSeenAt: expected an RFC 3339 time',
    ],
    ['half a count', { reopenCount: 0.5 }, 'reopenCount: Invalid input'],
    ['an id that is not its key', { id: 'other' }, 'id: expected the key'],
    [
      'a finding of another cluster',
      { cluster: { ...RECORD.cluster, name: 'shop-test' } },
      'cluster: expected the cluster of the record',
    ],
    [
      'evidence of a fact that nobody knows',
      { evidence: [{ fact: 'x', path: '', value: '', grade: 'observed', source: '', observedAt: '' }] },
      'evidence.0.fact: Invalid option',
    ],
    [
      'a message value that JSON cannot hold',
      { message: { key: 'k', values: { n: Number.NaN }, text: 't' } },
      'message.values.n: Invalid input',
    ],
    ['a key that nobody knows', { workflow: 'NEW' }, 'Unrecognized key'],
  ])('is refused with %s', (_, change, problem) => {
    expect(decoding(changed(change))).toContain(
      `here: findings.<id>${problem.startsWith('Unrec') ? ': ' : '.'}${problem}`,
    );
  });

  it('names a hostile path on one short line', () => {
    const hostile: ClusterRecord = {
      ...RECORD,
      watermarks: { [`\u001b]0;\n${'x'.repeat(1000)}`]: { examinedAt: '?' } },
    };

    expect(decoding(hostile)).toMatch(/^here: watermarks\.\\u\{1b\}\]0;\\u\{a\}x+…$/);
    expect(decoding(hostile).length).toBeLessThanOrEqual(400);
  });
});
