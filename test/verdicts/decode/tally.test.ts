import { describe, expect, it } from 'vitest';
import { addCounts, asNotVerdicts, NO_COUNTS, Tally } from '../../../shared/verdicts/decode/tally.ts';

const tallyOf = (act: (tally: Tally) => void): ReturnType<Tally['counts']> => {
  const tally = new Tally();
  act(tally);
  return tally.counts();
};

describe('Tally', () => {
  it('puts every line into exactly one of flows, other lines and unreadable lines', () => {
    const counts = tallyOf((tally) => {
      tally.flow('DENY', true);
      tally.flow('ACCEPT', false);
      tally.flow('AUDIT', false);
      tally.flows(10, 20, 30);
      tally.notVerdict(() => 'other');
      tally.unreadable('bad-port', 'line');
      tally.unreadable('bad-port', 'line');
      tally.unreadable('binary', 'line');
    });
    expect(counts).toMatchObject({
      lines: 67,
      flows: 63,
      denied: 11,
      accepted: 21,
      otherVerdicts: 31,
      repaired: 1,
      notVerdict: 1,
      unreadable: 3,
      unreadableBy: { 'bad-port': 2, binary: 1 },
    });
  });

  it('keeps few samples, short ones, and no blank ones', () => {
    const counts = tallyOf((tally) => {
      for (let i = 0; i < 100; i++) {
        tally.notVerdict(() => '  ');
        tally.notVerdict(() => `${i} ${'x'.repeat(1000)}`);
        tally.unreadable('bad-word', `${i} ${'y'.repeat(1000)}`);
      }
    });
    expect(counts.notVerdict).toBe(200);
    expect(counts.notVerdictSamples.map((text) => text.slice(0, 2))).toEqual(['0 ', '1 ', '2 ', '3 ', '4 ']);
    expect(counts.unreadableSamples).toHaveLength(5);
    expect(counts.notVerdictSamples.every((text) => text.length === 256)).toBe(true);
    expect(counts.unreadableSamples.every(({ text }) => text.length === 256)).toBe(true);
  });
});

describe('addCounts', () => {
  const a = tallyOf((tally) => {
    tally.flow('DENY', false);
    for (const text of ['b', 'd', 'f', 'h']) tally.notVerdict(() => text);
    tally.unreadable('binary', 'x');
  });
  const b = tallyOf((tally) => {
    tally.flow('ACCEPT', true);
    for (const text of ['a', 'c', 'e', 'b']) tally.notVerdict(() => text);
    tally.unreadable('bad-port', 'y');
    tally.unreadable('binary', 'w');
  });

  it('sums, and keeps the first samples by their text', () => {
    expect(addCounts(a, b)).toEqual({
      lines: 13,
      flows: 2,
      denied: 1,
      accepted: 1,
      otherVerdicts: 0,
      repaired: 1,
      notVerdict: 8,
      unreadable: 3,
      unreadableBy: { 'bad-port': 1, binary: 2 },
      notVerdictSamples: ['a', 'b', 'c', 'd', 'e'],
      unreadableSamples: [
        { reason: 'bad-port', text: 'y' },
        { reason: 'binary', text: 'w' },
        { reason: 'binary', text: 'x' },
      ],
    });
  });

  it('does not depend on the order, and nothing adds nothing', () => {
    expect(addCounts(b, a)).toEqual(addCounts(a, b));
    expect(addCounts(addCounts(a, b), a)).toEqual(addCounts(a, addCounts(b, a)));
    expect(addCounts(a, NO_COUNTS)).toEqual(a);
  });
});

describe('asNotVerdicts', () => {
  it('makes other lines of all but what the payload itself had damaged', () => {
    const counts = tallyOf((tally) => {
      tally.flow('DENY', true);
      tally.unreadable('bad-port', 'looks like a verdict');
      tally.unreadable('damaged-event', 'cut');
      tally.notVerdict(() => 'audit');
    });
    expect(asNotVerdicts(counts)).toEqual({
      ...NO_COUNTS,
      lines: 4,
      notVerdict: 3,
      unreadable: 1,
      unreadableBy: { 'damaged-event': 1 },
      notVerdictSamples: ['audit'],
      unreadableSamples: [{ reason: 'damaged-event', text: 'cut' }],
    });
  });
});
