import { describe, expect, it } from 'vitest';
import type { DeniedPair } from '../../../shared/model/denied-traffic.ts';
import type { ScanSignal } from '../../../shared/verdicts/aggregate/index.ts';
import { DAY, denied, HOUR, podOf, quietHours, run, told, web, windowAt } from './windows.ts';

const exactly = (count: number) => ({ count, error: 0 });
const scanOf = (source: string, destinations: number, ports: number): ScanSignal => ({
  source,
  destinations: exactly(destinations),
  ports: exactly(ports),
});
const target = (index: number) => podOf('pay', `api${index}`, {}, `10.0.2.${index}`);
const sweep = (from: number, targets: number): readonly DeniedPair[] =>
  Array.from({ length: targets }, (_, index) => denied(from, from + 5, 3, { destination: target(index) }));

const scanning = windowAt(60, sweep(50, 20), { scans: [scanOf('10.0.1.20', 20, 1)] });

describe('scans', () => {
  it('are one signal of their source, and the pairs behind them are not announced one by one', () => {
    const { signals } = run([scanning]);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      kind: 'scan',
      subject: {
        type: 'flow',
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: 'shop/web (Deployment) → many destinations or ports',
      },
      count: 60,
      since: '2026-11-16T00:50:00.000Z',
    });
    expect(signals[0]?.pairs).toHaveLength(10);
    expect(signals[0]?.values.what).toBe(
      'shop/web (Deployment) is trying what it may not reach, as a scanner does: 20 or more destinations, 1 or more ports, 50 or more lines; first at 2026-11-16T00:50:00.000Z.',
    );
  });

  it('of two pods of one workload are one signal, of the wider', () => {
    const twice = { ...web, addresses: ['10.0.1.20', '10.0.1.21'], addressCount: 2 };
    const pairs = sweep(50, 20).map((pair) => ({ ...pair, source: twice }));
    const scans = [scanOf('10.0.1.20', 20, 1), scanOf('10.0.1.21', 2, 50)];
    const { signals } = run([windowAt(60, pairs, { scans })]);
    expect(signals.map(({ values }) => values.what)).toEqual([
      expect.stringContaining('20 or more destinations, 50 or more ports'),
    ]);
  });

  it('of an address that no pair names are told by the address', () => {
    const { signals } = run([windowAt(60, [], { scans: [scanOf('10.9.9.9', 40, 1)] })]);
    expect(signals[0]?.values.what).toMatch(/^10\.9\.9\.9 is trying/);
  });

  it('do not hide what was announced long before, nor what goes on long after', () => {
    const before = run([windowAt(10, [denied(5, 9, 3)]), scanning]);
    expect(told(before).filter((each) => each.startsWith('new-pair'))).toEqual([
      'new-pair active workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP',
    ]);
    const still = (hour: number) =>
      windowAt(hour * HOUR + 30, [denied(hour * HOUR + 25, hour * HOUR + 29, 3, { destination: target(1) })]);
    const after = run(
      Array.from({ length: 10 }, (_, index) => still(index + 2)),
      run([scanning]).state,
    );
    expect(told(after)).toContainEqual(expect.stringMatching(/^scan cleared /));
    expect(told(after).filter((each) => each.startsWith('new-pair'))).toEqual([
      'new-pair active workload:Deployment/shop/web>workload:Deployment/pay/api1:5432/TCP',
    ]);
  });

  it('do not hide the pairs of other sources', () => {
    const other = denied(50, 55, 3, { source: podOf('shop', 'cart', {}, '10.0.1.40') });
    const { signals } = run([{ ...scanning, pairs: [...scanning.pairs, other] }]);
    expect(signals.map(({ kind }) => kind)).toEqual(['new-pair', 'scan']);
  });

  it('are cleared after six quiet hours', () => {
    const { state } = run([scanning]);
    expect(told(run(quietHours(60, 6 * HOUR), state)).every((each) => !each.includes('scan cleared'))).toBe(true);
    expect(told(run(quietHours(60, 9 * HOUR), state)).some((each) => each.includes('scan cleared'))).toBe(true);
  });

  it('are the first to be forgotten when there is no room: pairs known before keep their past', () => {
    const options = { maxPairs: 5 };
    const known = run([windowAt(10, [denied(5, 9, 3)], { options })]);
    const { state } = run([{ ...scanning, options }], known.state);
    expect(state.pairs).toHaveLength(5);
    expect(state.pairs.map(({ key }) => key)).toContain(
      'workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP',
    );
    expect(run(quietHours(60, DAY), state).state.pairs).toHaveLength(5);
  });
});
