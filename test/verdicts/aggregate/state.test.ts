import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorbBatch, emptyState } from '../../../shared/verdicts/aggregate/state.ts';
import type { VerdictState } from '../../../shared/verdicts/aggregate/state.ts';
import { topFlows } from '../../../shared/verdicts/aggregate/summary.ts';
import type { DecodedBatch } from '../../../shared/verdicts/decode/batch.ts';
import { PlainDecoder } from '../../../shared/verdicts/decode/plain.ts';
import { eventId, renderLine, seeded, subscriptionDocument, trafficOf } from '../../support/verdict-lines.ts';

const decode = (text: string): DecodedBatch => {
  const decoder = new PlainDecoder('subscription');
  decoder.push(Buffer.from(text));
  return decoder.end();
};

/** Batches of one node's stream, with odd lines among them; each comes at its own time. */
const random = seeded(7);
const next = trafficOf(random, 0.5, 40);
const batches = Array.from({ length: 8 }, (_, number) =>
  decode(
    subscriptionDocument(
      Array.from({ length: 30 }, () => {
        const time = 1_787_393_700_000 + number * 100_000 + Math.floor(random() * 400_000);
        const message = random() < 0.1 ? 'Node: n;SIP: x' : renderLine('cloudwatch-tier', next(time));
        return { id: eventId(time, random), timestamp: time, message };
      }),
    ),
  ),
);

const probe = decode(subscriptionDocument([], { messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs' }));

const absorbAll = (all: readonly DecodedBatch[]): VerdictState => all.reduce(absorbBatch, emptyState());

describe('absorbBatch', () => {
  it('gives the same in any order and with any repetition of batches', () => {
    const once = absorbAll(batches);
    const indices = batches.map((_, i) => i);
    const deliveries = fc
      .tuple(
        fc.shuffledSubarray(indices, { minLength: indices.length }),
        fc.array(fc.constantFrom(...indices), { maxLength: 20 }),
        fc.nat(),
      )
      .map(([all, repeated, at]) => [...all.slice(0, at % 8), ...repeated, ...all.slice(at % 8)]);
    fc.assert(
      fc.property(deliveries, (order) => {
        const state = absorbAll(order.flatMap((i) => batches[i] ?? []));
        expect(topFlows(state.summary)).toEqual(topFlows(once.summary));
        expect(state.summary.total).toBe(once.summary.total);
        expect(state.counts).toEqual(once.counts);
        expect(new Set(state.ledger.seen)).toEqual(new Set(once.ledger.seen));
        expect(state.batches).toEqual({ admitted: 8, repeated: order.length - 8, control: 0 });
      }),
    );
  });

  it('counts every line of every batch', () => {
    const { counts, summary } = absorbAll(batches);
    expect(counts.lines).toBe(240);
    expect(counts.unreadable).toBeGreaterThan(5);
    expect(counts.flows + counts.unreadable).toBe(240);
    expect(summary.total).toBe(counts.denied);
  });

  it('counts probes apart and takes nothing from them', () => {
    const state = absorbAll([probe, probe]);
    expect(state).toEqual({ ...emptyState(), batches: { admitted: 0, repeated: 0, control: 2 } });
  });

  it('takes lines of a file each time it is given them: they have no identity', () => {
    const [batch] = batches;
    if (batch === undefined) throw new Error('eight batches');
    const { identity, ...file } = batch;
    expect(identity).toMatch(/^[0-9a-f]{32}$/);
    expect(absorbAll([file, file]).counts.lines).toBe(60);
  });

  it('survives storage as JSON between batches', () => {
    const stored = batches.reduce(
      // What was just written as JSON has the shape it had.
      (state, batch) => absorbBatch(JSON.parse(JSON.stringify(state)) as VerdictState, batch),
      emptyState(),
    );
    expect(stored).toEqual(absorbAll(batches));
  });
});
