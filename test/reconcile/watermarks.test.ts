import { describe, expect, it } from 'vitest';
import {
  type CheckWatermarks,
  compareInstants,
  decidedAt,
  lagKey,
  passedOverAt,
  readWatermarks,
  watermarksOf,
  withLook,
  withoutLook,
  writeWatermarks,
} from '../../shared/reconcile/watermarks.ts';
import { hour } from './scenario.ts';

const A = lagKey('node:a');
const B = lagKey('node:b');
const NONE: ReadonlySet<string> = new Set();
const NEVER = watermarksOf(new Map(), 'any/check');

const lagging = ({ lagging: map }: CheckWatermarks): object => Object.fromEntries(map);

describe('compareInstants', () => {
  it('compares instants, not texts', () => {
    expect(compareInstants('2026-11-20T10:00:00+02:00', '2026-11-20T09:00:00Z')).toBeLessThan(0);
    expect(compareInstants('2026-11-20T09:00:00Z', '2026-11-20T09:00:00.000Z')).toBe(0);
  });

  it('puts what never was before everything', () => {
    expect(compareInstants(undefined, hour(1))).toBeLessThan(0);
    expect(compareInstants(hour(1), undefined)).toBeGreaterThan(0);
    expect(compareInstants(undefined, undefined)).toBe(0);
  });
});

describe('withLook', () => {
  it('moves the watermark and leaves behind only what was not looked at', () => {
    const first = withLook(NEVER, new Set([A]), hour(1));
    const second = withLook(first, new Set([A, B]), hour(2));

    expect(first.overall).toEqual({ examinedAt: hour(1) });
    expect(lagging(first)).toEqual({ [A]: {} });
    expect(lagging(second)).toEqual({ [A]: {}, [B]: { examinedAt: hour(1) } });
    expect(decidedAt(second, 'node:a')).toBeUndefined();
    expect(decidedAt(second, 'node:b')).toBe(hour(1));
    expect(decidedAt(second, 'node:c')).toBe(hour(2));
    expect(passedOverAt(second, 'node:b')).toBe(hour(2));
    expect(passedOverAt(second, 'node:c')).toBeUndefined();
    expect(lagging(withLook(second, NONE, hour(3)))).toEqual({});
  });

  it('that is late lets what lags catch up, to itself only', () => {
    const behind = withLook(withLook(NEVER, NONE, hour(1)), new Set([A, B]), hour(4));
    const caughtUp = withLook(behind, new Set([B]), hour(3));

    expect(caughtUp.overall).toEqual({ examinedAt: hour(4) });
    expect(lagging(caughtUp)).toEqual({ [A]: { examinedAt: hour(3) }, [B]: { examinedAt: hour(1) } });
    expect(lagging(withLook(caughtUp, NONE, hour(2)))).toEqual({
      [A]: { examinedAt: hour(3) },
      [B]: { examinedAt: hour(2) },
    });
  });

  it('of the newest instant lets what lags catch up wholly, and leaves nothing new behind', () => {
    const behind = withLook(NEVER, new Set([A]), hour(1));

    expect(lagging(withLook(behind, new Set([B]), hour(1)))).toEqual({});
    expect(lagging(withLook(behind, new Set([A]), hour(1)))).toEqual({ [A]: {} });
  });

  it('forgets a failed look before it and keeps one after it', () => {
    const blind = withoutLook(NEVER, hour(3));

    expect(withLook(blind, NONE, hour(4)).overall).toEqual({ examinedAt: hour(4) });
    expect(withLook(blind, NONE, hour(2)).overall).toEqual({ examinedAt: hour(2), unverifiedSince: hour(3) });
  });
});

describe('withoutLook', () => {
  it('of which a look that comes late forgets those after it, since only the first is kept: the next run sets it again', () => {
    const inOrder = withoutLook(withLook(withoutLook(NEVER, hour(0)), NONE, hour(1)), hour(2));
    const late = withLook(withoutLook(withoutLook(NEVER, hour(0)), hour(2)), NONE, hour(1));

    expect(inOrder.overall).toEqual({ examinedAt: hour(1), unverifiedSince: hour(2) });
    expect(late.overall).toEqual({ examinedAt: hour(1) });
    expect(withoutLook(late, hour(3)).overall).toEqual({ examinedAt: hour(1), unverifiedSince: hour(3) });
  });

  it('keeps the earliest failed look after the newest look', () => {
    const looked = withLook(NEVER, NONE, hour(2));
    const blind = withoutLook(looked, hour(5));

    expect(withoutLook(looked, hour(2))).toBe(looked);
    expect(withoutLook(looked, hour(1))).toBe(looked);
    expect(blind.overall).toEqual({ examinedAt: hour(2), unverifiedSince: hour(5) });
    expect(withoutLook(blind, hour(6))).toBe(blind);
    expect(withoutLook(blind, hour(3)).overall).toEqual({ examinedAt: hour(2), unverifiedSince: hour(3) });
  });
});

describe('in the record', () => {
  it('the check stands under its id, what lags under its id and a digest that holds no name', () => {
    const all = new Map([
      ['a/b', withLook(NEVER, new Set([A]), hour(1))],
      ['a/c', withoutLook(NEVER, hour(1))],
    ]);
    const written = writeWatermarks(all);

    expect(written).toEqual({
      'a/b': { examinedAt: hour(1) },
      [`a/b ${A}`]: {},
      'a/c': { unverifiedSince: hour(1) },
    });
    expect(readWatermarks(written)).toEqual(all);
  });

  it('a key has 16 characters of a safe alphabet, whatever the name', () => {
    expect(lagKey('node:__proto__ \u0000\n"')).toMatch(/^[A-Za-z0-9_-]{16}$/);
    expect(A).not.toBe(B);
  });
});
