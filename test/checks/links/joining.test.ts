import { describe, expect, it } from 'vitest';
import { joiningFor } from '../../../shared/checks/links/joining.ts';

const AT = '2026-11-20T09:00:00Z';

describe('joiningFor', () => {
  it.each([
    ['2026-11-20T08:59:59Z', 1],
    ['2026-11-20T08:55:00Z', 300],
    ['2026-11-20T09:00:00Z', 0],
    ['2026-11-20T09:04:00Z', 0],
  ])('a node made at %s is joining for %d s', (createdAt, seconds) => {
    expect(joiningFor({ createdAt }, AT)).toBe(seconds);
  });

  it.each(['2026-11-20T08:54:59Z', '2025-01-01T00:00:00Z'])('a node made at %s is settled', (createdAt) => {
    expect(joiningFor({ createdAt }, AT)).toBeUndefined();
  });
});
