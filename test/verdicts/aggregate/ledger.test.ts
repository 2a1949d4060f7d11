import { describe, expect, it } from 'vitest';
import { admitBatch, emptyLedger } from '../../../shared/verdicts/aggregate/ledger.ts';

describe('admitBatch', () => {
  it('admits a batch once', () => {
    const first = admitBatch(emptyLedger(), 'a');
    expect(first).toMatchObject({ isNew: true, ledger: { seen: ['a'] } });
    expect(admitBatch(first.ledger, 'a')).toEqual({ isNew: false, ledger: first.ledger });
    expect(admitBatch(first.ledger, 'b')).toMatchObject({ isNew: true, ledger: { seen: ['a', 'b'] } });
  });

  it('forgets the oldest beyond its limit', () => {
    let ledger = emptyLedger(2);
    for (const identity of ['a', 'b', 'c']) ({ ledger } = admitBatch(ledger, identity));
    expect(ledger.seen).toEqual(['b', 'c']);
    expect(admitBatch(ledger, 'a').isNew).toBe(true);
  });

  it('refuses a limit that is no positive whole number', () => {
    expect(() => emptyLedger(0)).toThrow('limit must be a positive whole number');
  });
});
