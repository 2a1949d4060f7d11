import { describe, expect, it } from 'vitest';
import { HOUR as MINUTES, at, countsOf, DAY, denied, quietHours, run, told, windowAt } from './windows.ts';

const PAIR = 'workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP';
const ACTIVE = [`new-pair active ${PAIR}`];
const CLEARED = [`new-pair cleared ${PAIR}`];
const hold = (hours: number) => ({ options: { holdMs: { 'new-pair': hours * 3_600_000 } } });
const burst = windowAt(10, [denied(5, 10, 4)]);

describe('how long a signal lasts', () => {
  it('stays active for its hold of 24 hours without recurrence, then it is cleared', () => {
    const { state } = run([burst]);
    expect(told(run(quietHours(10, 24 * MINUTES), state))).toEqual(ACTIVE);
    const cleared = run(quietHours(10, 26 * MINUTES), state);
    expect(told(cleared)).toEqual(CLEARED);
    expect(cleared.signals[0]?.values.what).toBe(
      'shop/web (Deployment) was denied to shop/db (Deployment) on 5432/TCP, isolated by shop/default-deny; from 2026-11-16T00:05:00.000Z to 2026-11-16T00:10:00.000Z, and has stopped.',
    );
  });

  it('is kept alive by a single line, which would not have raised it', () => {
    const kept = run(
      [...quietHours(10, 20 * MINUTES), windowAt(20 * MINUTES + 10, [denied(1210, 1210, 1)])],
      run([burst]).state,
    );
    expect(told(run(quietHours(1220, 40 * MINUTES), kept.state))).toEqual(ACTIVE);
    expect(told(run(quietHours(1220, 46 * MINUTES), kept.state))).toEqual(CLEARED);
  });

  it('is not cleared by a log that is not read: time alone is no proof of quiet', () => {
    const { state } = run([burst]);
    const unread = { counts: countsOf(0), reportingNodes: [] };
    const { read: _read, ...dead } = windowAt(5 * DAY, [], unread);
    expect(told(run([dead], state))).toEqual(ACTIVE);
    // One line after five days proves that one hour, not the days before.
    expect(told(run([windowAt(5 * DAY, [])], state))).toEqual(ACTIVE);
    expect(told(run([windowAt(5 * DAY, []), ...quietHours(5 * DAY, 6 * DAY + 120)], state))).toEqual(CLEARED);
  });

  it('is not cleared where a time was read and not one verdict stood in it', () => {
    const { state } = run([burst]);
    const empty = { counts: countsOf(0), reportingNodes: [], read: { from: at(60), to: at(3 * DAY) } };
    expect(told(run([windowAt(3 * DAY, [], empty)], state))).toEqual(ACTIVE);
    expect(told(run([windowAt(3 * DAY, [], { ...empty, counts: countsOf(1) })], state))).toEqual(CLEARED);
  });

  it('waits for three times the usual pause of a pair that is denied every six hours', () => {
    const every = [0, 1, 2, 3, 4].map((index) =>
      windowAt(index * 360 + 10, [denied(index * 360 + 5, index * 360 + 8, 3)], hold(2)),
    );
    const between = (from: number) => quietHours(from + 10, from + 360).map((each) => ({ ...each, ...hold(2) }));
    const windows = every.flatMap((each, index) => [each, ...between(index * 360)]);
    const seen = windows.map((_, index) => told(run(windows.slice(0, index + 1))));
    // Two hours of hold clear it until three pauses are known; then three times five hours hold.
    const changes = seen.filter((each, index) => index > 0 && each.join() !== seen[index - 1]?.join());
    expect(changes).toEqual([CLEARED, ACTIVE, CLEARED, ACTIVE, CLEARED, ACTIVE]);
  });

  it('does not flap: a cleared signal comes back by what would raise it, not by a stray line', () => {
    const cleared = run([burst, ...quietHours(10, 26 * MINUTES)]);
    const stray = run([windowAt(1580, [denied(1575, 1575, 1)])], cleared.state);
    expect(told(stray)).toEqual(CLEARED);
    const again = run([windowAt(1640, [denied(1630, 1631, 2)])], stray.state);
    expect(told(again)).toEqual(ACTIVE);
    expect(again.signals[0]).toMatchObject({ since: '2026-11-16T00:05:00.000Z', count: 7 });
  });

  it('does not come back because the pause that a stray line makes usual is longer than its hold was', () => {
    const stray = (hour: number) => windowAt(hour * MINUTES + 10, [denied(hour * MINUTES + 5, hour * MINUTES + 5, 1)]);
    const strays = [
      ...quietHours(10, 10 * MINUTES),
      stray(10),
      ...quietHours(10 * MINUTES, 20 * MINUTES),
      stray(20),
      stray(21),
    ];
    const windows = [burst, ...strays].map((each) => ({ ...each, ...hold(2) }));
    expect(told(run(windows))).toEqual(CLEARED);
  });

  it('tells of a cleared signal for seven days, then no more', () => {
    const cleared = run([burst, ...quietHours(10, 26 * MINUTES)]);
    expect(told(run(quietHours(26 * MINUTES, 25 * MINUTES + 7 * DAY), cleared.state))).toEqual(CLEARED);
    expect(told(run(quietHours(26 * MINUTES, 26 * MINUTES + 7 * DAY), cleared.state))).toEqual([]);
  });

  it('says the same of the same traffic as it goes on, but for the order of magnitude', () => {
    const first = run([burst]);
    const more = run([windowAt(20, [denied(15, 20, 4)])], first.state);
    const tens = run([windowAt(30, [denied(25, 30, 4)])], more.state);
    const what = (each: typeof first) => each.signals[0]?.values.what;
    expect(what(more)).toBe(what(first));
    expect(what(tens)).not.toBe(what(first));
    expect([first, more, tens].map(({ signals }) => signals[0]?.count)).toEqual([4, 8, 12]);
  });

  it('forgets a pair after fourteen quiet days', () => {
    const { state } = run([burst]);
    expect(run(quietHours(10, 14 * DAY), state).state.pairs).toHaveLength(1);
    expect(run(quietHours(10, 14 * DAY + 120), state).state.pairs).toHaveLength(0);
  });

  it('takes lines from the future for lines of now', () => {
    const { state, signals } = run([
      windowAt(10, [denied(5, 99 * DAY, 4)], { read: { from: at(0), to: at(99 * DAY) } }),
    ]);
    expect(state.until).toBe(at(10));
    expect(signals[0]?.lastSeenAt).toBe('2026-11-16T00:10:00.000Z');
  });
});
