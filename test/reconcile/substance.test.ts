import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../shared/model/outcome.ts';
import { substance } from '../../shared/reconcile/substance.ts';
import { evidence, hour, message } from './scenario.ts';

const FIRST = evidence('4.14', hour(1));
const SECOND: Evidence = { ...FIRST, path: 'osImage', value: 'AL2' };
const SEEN = { message: message('fail', 'kernel'), evidence: [FIRST, SECOND] };

describe('substance', () => {
  it.each([
    ['when it was observed', { ...SEEN, evidence: [{ ...FIRST, observedAt: hour(9) }, SECOND] }],
    ['the order of the evidence', { ...SEEN, evidence: [SECOND, FIRST] }],
    ['evidence given twice', { ...SEEN, evidence: [FIRST, SECOND, FIRST] }],
    ['the order of the values', { ...SEEN, message: { ...SEEN.message, values: { b: 1, a: 2 } } }],
  ])('is not %s', (name, seen) => {
    const base =
      name === 'the order of the values' ? { ...SEEN, message: { ...SEEN.message, values: { a: 2, b: 1 } } } : SEEN;

    expect(substance(seen)).toBe(substance(base));
  });

  it.each([
    ['the fact', { ...SEEN, evidence: [{ ...FIRST, fact: 'nodes.probes' }, SECOND] }],
    ['the path', { ...SEEN, evidence: [{ ...FIRST, path: 'other' }, SECOND] }],
    ['the value', { ...SEEN, evidence: [{ ...FIRST, value: '5.4' }, SECOND] }],
    ['the grade', { ...SEEN, evidence: [{ ...FIRST, grade: 'inferred' }, SECOND] }],
    ['the source', { ...SEEN, evidence: [{ ...FIRST, source: 'ssm:SendCommand' }, SECOND] }],
    ['a missing piece', { ...SEEN, evidence: [FIRST] }],
    ['the message key', { ...SEEN, message: { ...SEEN.message, key: 'other' } }],
    ['a message value', { ...SEEN, message: { ...SEEN.message, values: { value: 'other' } } }],
    ['the kind of a message value', { ...SEEN, message: { ...SEEN.message, values: { value: 1 } } }],
    ['the wording', { ...SEEN, message: { ...SEEN.message, text: 'other' } }],
  ] as const)('is %s', (_, seen) => {
    expect(substance(seen)).not.toBe(substance(SEEN));
  });

  it('cannot be forged with separators', () => {
    const one = { ...SEEN, evidence: [{ ...FIRST, path: 'a","b', value: 'c' }] };
    const other = { ...SEEN, evidence: [{ ...FIRST, path: 'a', value: 'b","c' }] };

    expect(substance(one)).not.toBe(substance(other));
  });
});
