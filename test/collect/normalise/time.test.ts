import { describe, expect, test } from 'vitest';
import { parse } from '../../../shared/collect/normalise/parse.ts';
import { awsTime, kubernetesTime, toUtc } from '../../../shared/collect/normalise/time.ts';
import { refusal } from './malformed.ts';

describe('AWS times', () => {
  test.each([
    {
      form: 'ISO with microseconds and offset (CLI v2)',
      raw: '2026-03-30T14:02:33.616000+00:00',
      utc: '2026-03-30T14:02:33.616Z',
    },
    { form: 'ISO in another zone', raw: '2026-03-30T16:02:33+02:00', utc: '2026-03-30T14:02:33Z' },
    { form: 'ISO in UTC', raw: '2026-03-30T14:02:33.616Z', utc: '2026-03-30T14:02:33.616Z' },
    { form: 'epoch seconds', raw: 1_774_879_353, utc: '2026-03-30T14:02:33Z' },
    { form: 'epoch seconds with a fraction (CLI v1)', raw: 1_774_879_353.616, utc: '2026-03-30T14:02:33.616Z' },
    { form: 'epoch milliseconds', raw: 1_774_879_353_616, utc: '2026-03-30T14:02:33.616Z' },
    { form: 'Date (SDK)', raw: new Date('2026-03-30T14:02:33.616Z'), utc: '2026-03-30T14:02:33.616Z' },
  ])('$form', ({ raw, utc }) => {
    expect(parse(awsTime, raw, '')).toBe(utc);
  });

  test.each([
    { raw: 'yesterday', found: '"yesterday"' },
    { raw: new Date(Number.NaN), found: 'invalid date' },
    { raw: Number.MAX_VALUE, found: 'number 1.7976931348623157e+308' },
    { raw: true, found: 'boolean true' },
  ])('$found is refused', ({ raw, found }) => {
    expect(refusal(() => parse(awsTime, raw, 'cluster.createdAt'))).toEqual({
      path: 'cluster.createdAt',
      expected: 'time',
      found,
    });
  });
});

describe('Kubernetes times', () => {
  test('seconds stay without a fraction', () => {
    expect(parse(kubernetesTime, '2026-11-20T09:00:00Z', '')).toBe('2026-11-20T09:00:00Z');
    expect(toUtc(new Date('2026-11-20T09:00:00.000Z'))).toBe('2026-11-20T09:00:00Z');
  });

  test.each(['2026-02-31T00:00:00Z', '2026-11-20', '2026-11-20T09:00:00', '1789000000', ''])('%j is refused', (raw) => {
    expect(refusal(() => parse(kubernetesTime, raw, 'metadata.creationTimestamp'))).toEqual({
      path: 'metadata.creationTimestamp',
      expected: 'RFC 3339 time',
      found: JSON.stringify(raw),
    });
  });
});
