import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../shared/model/flow.ts';
import { DistinctCollector, estimateBySource, fractionOf } from '../../../shared/verdicts/aggregate/distinct.ts';
import { scanSignals } from '../../../shared/verdicts/aggregate/scan.ts';
import { mergeSummaries, SummaryBuilder } from '../../../shared/verdicts/aggregate/summary.ts';
import type { FlowSummary, SummaryOptions } from '../../../shared/verdicts/aggregate/summary.ts';
import { denial } from './flows.ts';

const summaryOf = (flows: Iterable<Flow>, options: SummaryOptions = {}): FlowSummary => {
  const builder = new SummaryBuilder(options);
  for (const flow of flows) builder.add(flow);
  return builder.summary();
};

const scan = (source: string, from: number, to: number): Flow[] =>
  Array.from({ length: to - from }, (_, i) => denial(source, from + i));

describe('scanSignals', () => {
  it('counts destinations and ports exactly while nothing was dropped', () => {
    const ports = Array.from({ length: 20 }, (_, i) => ({ ...denial('10.0.0.67', 1), destinationPort: 1000 + i }));
    const summary = summaryOf([
      ...scan('10.0.0.66', 0, 15),
      ...scan('10.0.0.66', 0, 15),
      ...ports,
      ...scan('10.0.0.1', 0, 14),
    ]);
    expect(scanSignals(summary)).toEqual([
      { source: '10.0.0.67', destinations: { count: 1, error: 0 }, ports: { count: 20, error: 0 } },
      { source: '10.0.0.66', destinations: { count: 15, error: 0 }, ports: { count: 1, error: 0 } },
    ]);
    expect(scanSignals(summary, { destinations: 16, ports: 21 })).toEqual([]);
  });

  it('does not take a server that answers many clients, nor one that is let through, for a scanner', () => {
    const replies = Array.from({ length: 100 }, (_, i) => ({
      ...denial('10.0.0.66', i),
      sourcePort: 443,
      destinationPort: 40_000 + i,
    }));
    const allowed = scan('10.0.0.67', 0, 100).map((flow) => ({ ...flow, verdict: 'ACCEPT' }));
    expect(scanSignals(summaryOf([...replies, ...allowed]))).toEqual([]);
    expect(scanSignals(summaryOf([...replies, ...allowed], { limit: 10 }))).toEqual([]);
  });

  it('estimates a million destinations from a summary that held two thousand flows at most', () => {
    const builder = new SummaryBuilder({ limit: 1000 });
    // A seventh of the denials are another source's, ten thousand destinations over and over.
    for (let i = 0; i < 120_000; i++)
      builder.add(i % 7 === 0 ? denial('10.0.0.67', i % 10_000) : denial('10.0.0.66', i));
    const summary = builder.summary();
    expect(summary.flows.length).toBeLessThanOrEqual(2000);
    const [widest, second] = scanSignals(summary);
    expect(widest?.source).toBe('10.0.0.66');
    expect(Math.abs((widest?.destinations.count ?? 0) / 102_857 - 1)).toBeLessThan(
      4 * (widest?.destinations.error ?? 0),
    );
    expect(widest?.destinations.error).toBeLessThan(0.03);
    expect(second?.source).toBe('10.0.0.67');
    expect(Math.abs((second?.destinations.count ?? 0) / 10_000 - 1)).toBeLessThan(
      4 * (second?.destinations.error ?? 0),
    );
  });

  it('sees the same scan however its flows are split among batches', () => {
    const flows = scan('10.0.0.66', 0, 3000);
    const whole = scanSignals(summaryOf(flows, { limit: 100 }));
    const parts = [flows.slice(0, 700), flows.slice(500, 2500), flows.slice(2500)].map((part) =>
      summaryOf(part, { limit: 100 }),
    );
    const [first, second, third] = parts;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three parts');
    expect(scanSignals(mergeSummaries(first, second, third))).toEqual(whole);
    expect(scanSignals(mergeSummaries(third, first, second, first))).toEqual(whole);
  });
});

describe('a sample of distinct things', () => {
  it('is a set: order and repetition do not change it, and united samples are the sample of the union', () => {
    const things = fc.array(fc.nat(400), { maxLength: 300 });
    fc.assert(
      fc.property(things, things, (a, b) => {
        const collect = (...numbers: number[]): DistinctCollector => {
          const collector = new DistinctCollector();
          for (const number of numbers) collector.offer(fractionOf([number]), () => `s${number % 3}`);
          return collector;
        };
        const united = new DistinctCollector(collect(...a).sample());
        united.unite(collect(...b).sample());
        expect(united.sample()).toEqual(collect(...b, ...a, ...a.toReversed()).sample());
      }),
    );
  });

  it('is exact while it is not full, and near the truth afterwards', () => {
    const collector = new DistinctCollector();
    for (let i = 0; i < 1000; i++) collector.offer(fractionOf([i, 1]), () => 's');
    expect(estimateBySource(collector.sample()).get('s')).toEqual({ count: 1000, error: 0 });
    for (let i = 0; i < 200_000; i++) collector.offer(fractionOf([i, 1]), () => 's');
    const estimate = estimateBySource(collector.sample()).get('s');
    expect(collector.sample().kept).toHaveLength(2048);
    expect(estimate?.error).toBeCloseTo(1 / Math.sqrt(2048));
    expect(Math.abs((estimate?.count ?? 0) / 200_000 - 1)).toBeLessThan(0.1);
  });

  it('hashes as it always has: samples are stored', () => {
    expect(fractionOf([0])).toBe(fractionOf([0]));
    expect([fractionOf([1, 2, 3]), fractionOf([-1])]).toMatchInlineSnapshot(`
      [
        0.5253710548594408,
        0.31855605802769116,
      ]
    `);
  });
});
