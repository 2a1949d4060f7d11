import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../shared/model/flow.ts';
import { SummaryBuilder } from '../../../shared/verdicts/aggregate/summary.ts';
import type { FlowSummary, SummaryOptions } from '../../../shared/verdicts/aggregate/summary.ts';
import { FlowTable } from '../../../shared/verdicts/aggregate/table.ts';
import { denial, someFlow } from './flows.ts';

const both = (flows: readonly Flow[], options: SummaryOptions, table = new FlowTable()): [FlowSummary, FlowSummary] => {
  table.reset(options);
  const builder = new SummaryBuilder(options);
  for (const flow of flows) {
    table.addFlow(flow);
    builder.add(flow);
  }
  return [table.summary(), builder.summary()];
};

describe('FlowTable holds what SummaryBuilder holds', () => {
  it('for any flows, overflowing or not, when used again and again', () => {
    const table = new FlowTable();
    const limit = fc.constantFrom(1, 2, 5, 20, 1000);
    const windowMs = fc.constantFrom(1, 1000, 300_000, 2 ** 45);
    fc.assert(
      fc.property(fc.array(someFlow, { maxLength: 300 }), limit, windowMs, (flows, most, length) => {
        const [fromTable, fromBuilder] = both(flows, { limit: most, windowMs: length }, table);
        expect(fromTable).toStrictEqual(fromBuilder);
      }),
      { numRuns: 400 },
    );
  });

  it('through many evictions and growths', () => {
    const flows = Array.from({ length: 30_000 }, (_, i) =>
      denial(i % 3 === 0 ? '10.0.0.66' : '2001:db8::66', i % 7 === 0 ? i % 50 : i, 1_787_393_700_000 + i * 40),
    );
    for (const limit of [10, 700, 100_000]) {
      const [fromTable, fromBuilder] = both(flows, { limit });
      expect(fromTable).toStrictEqual(fromBuilder);
    }
  });

  it('for times before and after every other', () => {
    const flows = [0, 8.64e15, 1, 8.64e15 - 1, 0].map((time) => denial('10.0.0.1', 1, time));
    for (const windowMs of [1, 7, 300_000]) {
      const [fromTable, fromBuilder] = both(flows, { windowMs });
      expect(fromTable).toStrictEqual(fromBuilder);
    }
  });

  it('for words that keep changing, which are forgotten with their flows', () => {
    const flows = Array.from({ length: 3000 }, (_, i) => ({
      ...denial('10.0.0.1', 1),
      protocol: `P${i}`,
      tier: `T${i % 40}`,
      node: `n${i % 40}`,
    }));
    const [fromTable, fromBuilder] = both(flows, { limit: 20 });
    expect(fromTable).toStrictEqual(fromBuilder);
  });

  it('refuses what SummaryBuilder refuses', () => {
    expect(() => new FlowTable({ limit: 0 })).toThrow('limit must be a positive whole number');
  });
});
