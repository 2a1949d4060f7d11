import { describe, expect, it } from 'vitest';
import { parseTime, readTime } from '../../../shared/verdicts/decode/time.ts';

describe('parseTime', () => {
  it.each([
    ['2023-05-30T16:05:32.573Z', 1_685_462_732_573],
    ['2023-05-30T18:05:32.573+0200', 1_685_462_732_573],
    ['2023-05-30T18:05:32.573+02:00', 1_685_462_732_573],
    ['2023-05-30T11:35:32.573-04:30', 1_685_462_732_573],
    ['2023-05-30T16:05:32Z', 1_685_462_732_000],
    ['2023-05-30T16:05:32.5Z', 1_685_462_732_500],
    ['2023-05-30T16:05:32.573999999Z', 1_685_462_732_573],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['1970-01-01T00:00:00Z', 0],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-05-30T24:00:00Z',
    '2023-05-30T16:60:00Z',
    '2023-05-30T16:05:60Z',
    '2023-05-30T16:05:32.573',
    '2023-05-30 16:05:32Z',
    '2023-05-30T16:05:32+24:00',
    '2023-05-30T16:05:32+01:60',
    '0099-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2023-05-30T16:05:32.1234567890Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe('readTime', () => {
  it('takes a number for seconds, as zap writes it, or for milliseconds where it is too large for seconds', () => {
    expect(readTime(1_685_462_732.573)).toBe(1_685_462_732_573);
    expect(readTime(1_685_462_732_573)).toBe(1_685_462_732_573);
  });

  it.each([null, undefined, true, -1, Number.NaN, Infinity, 1e300, {}])('refuses %j', (value) => {
    expect(readTime(value)).toBeUndefined();
  });
});
