import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeniedPair } from '../../../shared/model/denied-traffic.ts';
import { advanceSignals, emptySignalState } from '../../../shared/verdicts/signals/index.ts';
import type { SignalInput } from '../../../shared/verdicts/signals/index.ts';
import {
  at,
  database,
  DAY,
  denied,
  dns,
  HOUR,
  imds,
  outside,
  ownNode,
  podOf,
  quietHours,
  run,
  suspected,
  told,
  web,
  windowAt,
} from './windows.ts';

const classes = fc.constantFrom<DeniedPair['class']>('policy-denied', 'reply', 'enforcement-anomaly', 'agent-defect');

/** A pair that is denied within the hour after minute 0. */
const somePair: fc.Arbitrary<DeniedPair> = fc
  .record({
    from: fc.nat(55),
    length: fc.nat(4),
    count: fc.integer({ min: 1, max: 30 }),
    source: fc.constantFrom(web, outside, ownNode),
    destination: fc.constantFrom(database, dns, imds, podOf('pay', 'api')),
    port: fc.constantFrom(53, 80),
    class: classes,
    starting: fc.boolean(),
  })
  .map(({ from, length, count, source, destination, port, class: denial, starting }) =>
    denied(from, from + length, count, {
      source,
      destination,
      destinationPort: port,
      class: denial,
      ...(starting ? suspected('start-up-window') : {}),
    }),
  );

const someWindow: fc.Arbitrary<SignalInput> = fc
  .record({
    pairs: fc.array(somePair, { maxLength: 6 }),
    scanned: fc.boolean(),
    changed: fc.boolean(),
  })
  .map(({ pairs, scanned, changed }) =>
    windowAt(60, pairs, {
      read: { from: at(0), to: at(60) },
      scans: scanned
        ? [{ source: '10.0.1.20', destinations: { count: 20, error: 0 }, ports: { count: 1, error: 0 } }]
        : [],
      changes: changed ? [{ what: 'namespace shop was relabelled', at: at(0), namespace: 'shop' }] : [],
    }),
  );

describe('signals over any windows', () => {
  it('are the same in every order of windows within an hour, however often a window is repeated', () => {
    fc.assert(
      fc.property(fc.array(someWindow, { minLength: 1, maxLength: 8 }), fc.func(fc.nat()), (windows, rank) => {
        // The changes are known at the end in either case.
        const last = windowAt(60, [], { changes: windows.flatMap(({ changes = [] }) => changes) });
        const shuffled = [...windows, ...windows].toSorted((a, b) => rank(a) - rank(b)).toReversed();

        const straight = run([...windows, last]);
        const other = run([...shuffled, last]);

        expect(told(other)).toEqual(told(straight));
        expect(other.state.pairs).toEqual(straight.state.pairs);
      }),
      { numRuns: 300 },
    );
  });

  it('do not change when the same window comes again', () => {
    fc.assert(
      fc.property(fc.array(someWindow, { minLength: 1, maxLength: 5 }), (windows) => {
        const once = run(windows);
        const twice = run(windows.slice(-1), once.state);
        expect(twice.state).toEqual(once.state);
        expect(twice.signals).toEqual(once.signals);
      }),
    );
  });

  it('survive being stored: the state is plain JSON', () => {
    fc.assert(
      fc.property(fc.array(someWindow, { minLength: 1, maxLength: 5 }), someWindow, (windows, next) => {
        const { state } = run(windows);
        // What was written is read back as what it was.
        const stored = JSON.parse(JSON.stringify(state)) as typeof state;
        expect(stored).toEqual(state);
        expect(advanceSignals(stored, next)).toEqual(advanceSignals(state, next));
      }),
    );
  });

  it('are raised by nothing that is denied once in eleven minutes, and never cleared before a day of quiet', () => {
    const hours = fc.array(fc.constantFrom('quiet', 'stray', 'burst'), { minLength: 1, maxLength: 5 * 24 });
    fc.assert(
      fc.property(hours, (kinds) => {
        expect(faultsOf(kinds)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** One kind of hour after the other; what a signal did against its rules. */
const faultsOf = (kinds: readonly string[]): readonly string[] => {
  const faults: string[] = [];
  let state = emptySignalState;
  let before = 'none';
  let lastLine = 0;
  for (const [hour, kind] of kinds.entries()) {
    const from = hour * HOUR + 20;
    const pairs = kind === 'quiet' ? [] : [denied(from, from, kind === 'stray' ? 1 : 3)];
    const next = advanceSignals(state, windowAt((hour + 1) * HOUR, pairs));
    const now = next.signals[0]?.status ?? 'none';
    if (before !== 'active' && now === 'active' && kind !== 'burst') faults.push(`raised by ${kind} at ${hour}`);
    if (before !== 'active' && now !== 'active' && kind === 'burst') faults.push(`not raised at ${hour}`);
    if (before === 'active' && now !== 'active' && kind !== 'quiet') faults.push(`cleared by ${kind} at ${hour}`);
    if (before === 'active' && now === 'none') faults.push(`forgotten at ${hour}`);
    if (before === 'active' && now === 'cleared' && from - lastLine <= DAY) faults.push(`cleared early at ${hour}`);
    if (kind !== 'quiet' && now === 'active') lastLine = from;
    ({ state } = next);
    before = now;
  }
  return faults;
};

describe('the state under very many pairs', () => {
  const many = (count: number, minute: number) =>
    Array.from({ length: count }, (_, index) =>
      denied(minute, minute + 1, 3, { destination: podOf('pay', `api${index}`, {}, '10.0.2.2') }),
    );

  it('stays bounded and keeps what was announced first', () => {
    const first = run([windowAt(10, [denied(5, 9, 3)])]);
    const flooded = run([windowAt(60, many(100_000, 50))], first.state);
    expect(flooded.state.pairs).toHaveLength(2000);
    expect(flooded.state.signals).toHaveLength(1000);
    expect(told(flooded)).toContain(
      'new-pair active workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP',
    );
    const again = run([windowAt(120, many(3000, 110))], flooded.state);
    expect(again.state.signals.map(({ subject }) => subject.id)).toEqual(
      flooded.state.signals.map(({ subject }) => subject.id),
    );
  });

  it('keeps a bounded past of one pair that is denied all the time', () => {
    const minutes = Array.from({ length: 300 }, (_, minute) => windowAt(minute + 1, [denied(minute, minute + 0.5, 9)]));
    const { state } = run(minutes);
    const [pair] = state.pairs;
    expect(pair?.recent.length).toBeLessThanOrEqual(70);
    expect(pair?.peaks).toHaveLength(4);
    expect((pair?.lines ?? 0) + (pair?.recent ?? []).reduce((sum, [, , lines]) => sum + lines, 0)).toBe(2700);
    // Nothing was closed that a window an hour late could still reach.
    const late = run([windowAt(301, [denied(245.2, 245.4, 5)])], state);
    expect(late.signals[0]?.count).toBe(2705);
  });

  it('counts no window that comes later than that, and forgets hours of the log that nobody asks for any more', () => {
    const { state } = run([windowAt(10, [denied(5, 9, 3)]), windowAt(200, [denied(190, 199, 3)])]);
    expect(run([windowAt(201, [denied(2, 3, 50)])], state).signals[0]).toMatchObject({
      count: 6,
      since: '2026-11-16T00:02:00.000Z',
    });
    expect(run(quietHours(200, 20 * DAY), state).state.hours).toHaveLength(15 * 24 + 1);
  });
});
