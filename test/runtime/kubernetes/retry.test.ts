import { describe, expect, it } from 'vitest';
import { waitMs } from '../../../shared/runtime/kubernetes/retry.ts';

const POLICY = { attempts: 9, baseMs: 200, capMs: 10_000 };

describe('waitMs', () => {
  it('is a random part of a bound that doubles with every failure up to the cap', () => {
    const most = [1, 2, 3, 6, 7, 8].map((failures) => waitMs(POLICY, failures, undefined, () => 1));
    expect(most).toEqual([200, 400, 800, 6400, 10_000, 10_000]);
    expect(waitMs(POLICY, 3, undefined, () => 0.25)).toBe(200);
  });

  it('is never shorter than what the server asked for, and at most half of that longer', () => {
    expect(waitMs(POLICY, 1, 4000, () => 0)).toBe(4000);
    expect(waitMs(POLICY, 1, 4000, () => 1)).toBe(6000);
    expect(waitMs(POLICY, 1, 60_000, () => 1)).toBe(70_000);
  });
});
