import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow, FlowAggregate } from '../../../shared/model/flow.ts';
import {
  emptySummary,
  mergeSummaries,
  SummaryBuilder,
  takeWindows,
  topFlows,
} from '../../../shared/verdicts/aggregate/summary.ts';
import type { FlowSummary, SummaryOptions } from '../../../shared/verdicts/aggregate/summary.ts';
import { keyOfFlow, keyText } from '../../../shared/verdicts/aggregate/key.ts';
import { denial, someFlow } from './flows.ts';

const summaryOf = (flows: readonly Flow[], options: SummaryOptions = {}): FlowSummary => {
  const builder = new SummaryBuilder(options);
  for (const flow of flows) builder.add(flow);
  return builder.summary();
};

const trueCounts = (flows: readonly Flow[], windowMs = 300_000): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const flow of flows) {
    const key = keyText(keyOfFlow(flow, windowMs));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** Windows follow each other, and some flows come late. */
const inSomeWindow = (number: number, i: number): Flow =>
  denial('10.0.0.1', number, 1_787_393_700_000 + 300_000 * (Math.floor(i / 100) - (number % 5 === 0 ? 1 : 0)));

/** Every promise about the flows it was made of that a summary breaks. */
const brokenPromises = (summary: FlowSummary, flows: readonly Flow[]): string[] => {
  const held = new Map(summary.flows.map((it) => [keyText(it), it]));
  const bound = flows.length / summary.limit;
  const promises: [string, boolean][] = [
    ['an exact total', summary.total === flows.length],
    ['a floor of at most total / K', summary.floor <= bound],
    ['at most 2K entries', summary.flows.length <= 2 * summary.limit],
    ['one entry a key', held.size === summary.flows.length],
  ];
  for (const [key, count] of trueCounts(flows)) {
    const aggregate = held.get(key);
    if (aggregate === undefined) promises.push([`${key} is missing and rarer than the floor`, count <= summary.floor]);
    else {
      promises.push([`${key} is not counted too often`, aggregate.count <= count]);
      promises.push([`${key} is not counted too rarely`, count <= aggregate.count + aggregate.uncounted]);
      promises.push([`${key} is uncounted at most total / K`, aggregate.uncounted <= bound]);
    }
  }
  return promises.filter(([, isKept]) => !isKept).map(([promise]) => promise);
};

describe('a summary', () => {
  it('counts equal flows, keeps first and last time, and the first few nodes, tiers and events', () => {
    const flow: Flow = { ...denial('10.0.0.1', 7), direction: 'egress' };
    const at = (offset: number, rest: Partial<Flow> = {}): Flow => ({ ...flow, time: flow.time + offset, ...rest });
    const summary = summaryOf([
      at(20, { node: 'n3', tier: 'DEFAULT', eventId: '9' }),
      at(10, { node: 'n1', eventId: '10', repaired: ['destination'] }),
      at(30, { node: 'n5', tier: 'ADMIN', eventId: '11' }),
      at(30, { node: 'n4', eventId: '8' }),
      at(25, { node: 'n2', repaired: ['source'] }),
    ]);
    expect(summary.flows).toEqual([
      {
        ...keyOfFlow(flow, 300_000),
        count: 5,
        uncounted: 0,
        firstSeenAt: flow.time + 10,
        lastSeenAt: flow.time + 30,
        nodes: ['n1', 'n2', 'n3', 'n4'],
        tiers: ['ADMIN', 'DEFAULT'],
        sampleEventIds: ['8', '9', '10'],
        repaired: ['source', 'destination'],
      },
    ]);
  });

  it('is exact as long as no more than twice the limit of distinct flows have come', () => {
    fc.assert(
      fc.property(fc.array(someFlow, { maxLength: 200 }), (flows) => {
        const summary = summaryOf(flows);
        const truth = trueCounts(flows);
        expect(summary.floor).toBe(0);
        expect(new Map(summary.flows.map((it) => [keyText(it), it.count]))).toEqual(truth);
        expect(summary.flows.every((it) => it.uncounted === 0)).toBe(true);
      }),
    );
  });

  it('keeps its bounds when it overflows, whatever comes', () => {
    const numbers = fc.array(fc.oneof(fc.nat(5), fc.nat(40), fc.nat(5000)), { maxLength: 600 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (all, limit) => {
        const flows = all.map((number, i) => inSomeWindow(number, i));
        expect(brokenPromises(summaryOf(flows, { limit }), flows)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its bounds when overflowed summaries are merged', () => {
    const numbers = fc.array(fc.oneof(fc.nat(5), fc.nat(40), fc.nat(5000)), { maxLength: 300 });
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (batches, limit) => {
          const flows = batches.map((all) => all.map((number, i) => inSomeWindow(number, i)));
          const merged = mergeSummaries(emptySummary({ limit }), ...flows.map((batch) => summaryOf(batch, { limit })));
          expect(brokenPromises(merged, flows.flat())).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps a flow that comes often through a scan of many that come once', () => {
    const flows: Flow[] = [];
    for (let i = 0; i < 20_000; i++) {
      flows.push(denial('10.0.0.66', i));
      if (i % 10 === 0) flows.push(denial('10.0.0.1', 1 << 23));
    }
    const summary = summaryOf(flows, { limit: 100 });
    expect(summary.flows.length).toBeLessThanOrEqual(200);
    const [top] = topFlows(summary, 1);
    expect(top).toMatchObject({ source: '10.0.0.1', destination: '10.128.0.0' });
    expect(top && top.count + top.uncounted).toBeGreaterThanOrEqual(2000);
    expect(summary.total).toBe(22_000);
  });

  it('owes nothing to a window that came after the scan', () => {
    const flows = Array.from({ length: 50 }, (_, i) => denial('10.0.0.66', i));
    const later = { ...denial('10.0.0.1', 1), time: denial('10.0.0.1', 1).time + 300_000 };
    const summary = summaryOf([...flows, later], { limit: 5 });
    expect(summary.floor).toBe(5);
    expect(summary.floorWindow).toBe(1_787_393_700_000);
    expect(summary.flows.find((it) => it.source === '10.0.0.1')).toMatchObject({ count: 1, uncounted: 0 });
  });

  it('refuses a window or a limit that is no positive whole number', () => {
    for (const options of [{ windowMs: 0 }, { windowMs: 1.5 }, { limit: 0 }, { limit: -1 }, { limit: Number.NaN }]) {
      expect(() => new SummaryBuilder(options)).toThrow('must be a positive whole number');
    }
  });
});

describe('mergeSummaries', () => {
  it('gives the same flows in any order and grouping, and the same as all flows at once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(someFlow, { maxLength: 30 }), { minLength: 1, maxLength: 6 }), (batches) => {
        const summaries = batches.map((batch) => summaryOf(batch));
        const [first = emptySummary(), ...rest] = summaries;
        const forward = mergeSummaries(first, ...rest);
        const backward = mergeSummaries(emptySummary(), ...summaries.toReversed());
        const nested = rest.reduceRight((sum, summary) => mergeSummaries(summary, sum), first);
        const expected = topFlows(summaryOf(batches.flat()));
        for (const merged of [forward, backward, nested]) {
          expect(topFlows(merged)).toEqual(expected);
          expect(merged.total).toBe(batches.flat().length);
        }
      }),
    );
  });

  it('takes the smallest limit, and no other window length', () => {
    expect(mergeSummaries(emptySummary({ limit: 9 }), emptySummary({ limit: 3 })).limit).toBe(3);
    expect(() => mergeSummaries(emptySummary(), emptySummary({ windowMs: 1000 }))).toThrow(
      'cannot merge windows of 1000 ms into windows of 300000 ms',
    );
  });

  it('survives storage as JSON', () => {
    const flows = Array.from({ length: 500 }, (_, i) => denial('10.0.0.66', i));
    const summary = summaryOf(flows, { limit: 50 });
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

describe('topFlows', () => {
  it('orders by count, then by key, and cuts at the limit', () => {
    const flows = [1, 2, 2, 3, 3, 4, 4, 4].map((number) => denial('10.0.0.1', number));
    const destinations = (all: readonly FlowAggregate[]): string[] => all.map((it) => it.destination);
    expect(destinations(topFlows(summaryOf(flows)))).toEqual(['10.0.0.4', '10.0.0.2', '10.0.0.3', '10.0.0.1']);
    expect(destinations(topFlows(summaryOf(flows), 2))).toEqual(['10.0.0.4', '10.0.0.2']);
    expect(topFlows(summaryOf(flows, { limit: 3 }))).toHaveLength(3);
  });
});

describe('takeWindows', () => {
  const start = denial('10.0.0.1', 1).time;
  const flows = [0, 1, 300_000, 600_000].map((offset) => denial('10.0.0.1', 1, start + offset));

  it('takes the windows that began before a time and leaves the rest', () => {
    const { taken, rest } = takeWindows(summaryOf(flows), start + 600_000);
    expect(taken.map((it) => [it.windowStart - start, it.count])).toEqual([
      [0, 2],
      [300_000, 1],
    ]);
    expect(rest.flows.map((it) => it.windowStart - start)).toEqual([600_000]);
    expect(rest.total).toBe(1);
  });

  it('lets what comes late open its window anew', () => {
    const { rest } = takeWindows(summaryOf(flows), start + 600_000);
    const merged = mergeSummaries(rest, summaryOf([denial('10.0.0.1', 1, start)]));
    expect(takeWindows(merged, start + 600_000).taken).toMatchObject([{ windowStart: start, count: 1 }]);
  });

  it('forgets a scan with the last window that it reached', () => {
    const scan = Array.from({ length: 50 }, (_, i) => denial('10.0.0.66', i));
    const summary = summaryOf(scan, { limit: 5 });
    expect(takeWindows(summary, start).rest.floor).toBe(4);
    const { rest } = takeWindows(summary, start + 1);
    expect(rest).toMatchObject({ floor: 0, floorWindow: -1, droppedPairs: { kept: [] } });
  });
});
