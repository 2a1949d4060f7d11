import { describe, expect, it } from 'vitest';
import { lastBurst, lastSpike, medianPauseMs } from '../../../shared/verdicts/signals/observations.ts';
import type { Observation } from '../../../shared/verdicts/signals/observations.ts';
import { at, DAY, denied, HOUR, run, told, windowAt } from './windows.ts';

const PAIR = 'workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP';
const seen = (from: number, to: number, lines: number): Observation => [at(from), at(to), lines, 1];

/** The pair is denied `lines` times at ten to every hour, for three days. */
const usual = (lines: number) =>
  Array.from({ length: 72 }, (_, hour) =>
    windowAt((hour + 1) * HOUR, [denied(hour * HOUR + 50, hour * HOUR + 52, lines)]),
  );
const then = (lines: number) => windowAt(3 * DAY + HOUR, [denied(3 * DAY + 50, 3 * DAY + 54, lines)]);

describe('spikes', () => {
  it.each([
    [10, 81, true],
    [10, 80, false],
    [1, 21, true],
    [1, 20, false],
  ])('%i lines an hour usually, %i in five minutes now: spike %s', (lines, now, expected) => {
    const signals = told(run([...usual(lines), then(now)]));
    expect(signals.includes(`spike active ${PAIR}`)).toBe(expected);
    expect(signals).toContain(`new-pair active ${PAIR}`);
  });

  it('has none for a pair without a past: that is a new pair', () => {
    expect(told(run([windowAt(60, [denied(50, 52, 500)])]))).toEqual([`new-pair active ${PAIR}`]);
  });

  it('has none where the days before were not read: no line is no zero there', () => {
    const first = windowAt(60, [denied(50, 52, 5)]);
    expect(told(run([first, then(500)]))).toEqual([`new-pair active ${PAIR}`]);
  });

  it('does not take for a spike what varies as much by itself', () => {
    const hour = at(4 * DAY) / 3_600_000;
    // Around the same time of day on the three days before: the median is 10, and so is the median deviation.
    const loads = [
      [-72, 0],
      [-71, 0],
      [-73, 0],
      [-48, 0],
      [-47, 10],
      [-49, 20],
      [-24, 30],
      [-23, 40],
      [-25, 50],
    ] as const;
    const peaks = loads.map(([shift, lines]) => [hour + shift, lines] as const).toSorted(([a], [b]) => a - b);
    const read = new Set(peaks.map(([each]) => each));
    const spikes = (lines: number) => lastSpike({ recent: [seen(4 * DAY, 4 * DAY + 1, lines)], peaks }, at(0), read);

    expect(spikes(98)).toBeUndefined();
    expect(spikes(99)).toEqual({ at: at(4 * DAY + 1), lines: 99 });
  });

  it('is cleared after six hours, while the pair is still denied as usual', () => {
    const spiking = run([...usual(1), then(300)]);
    const later = Array.from({ length: 8 }, (_, hour) => {
      const from = 3 * DAY + (hour + 1) * HOUR;
      return windowAt(from + HOUR, [denied(from + 50, from + 52, 1)]);
    });
    expect(told(run(later, spiking.state))).toEqual([`new-pair active ${PAIR}`, `spike cleared ${PAIR}`]);
  });

  it('spreads what a long window saw evenly', () => {
    const read = new Set(Array.from({ length: 200 }, (_, hour) => Math.floor(at(0) / 3_600_000) + hour));
    const peaks = Array.from({ length: 72 }, (_, hour) => [Math.floor(at(0) / 3_600_000) + hour, 1] as const);
    const spike = (observation: Observation) => lastSpike({ recent: [observation], peaks }, at(0), read);
    expect(spike(seen(3 * DAY, 3 * DAY + 60, 240))).toBeUndefined();
    expect(spike(seen(3 * DAY, 3 * DAY + 60, 252 + 12))).toEqual({ at: at(3 * DAY + 60), lines: 22 });
  });
});

describe('bursts', () => {
  it.each<readonly [string, readonly Observation[], number, number | undefined]>([
    ['nothing seen', [], 1, undefined],
    ['one line', [seen(0, 0, 1)], 1, 0],
    ['all of a short window', [seen(0, 9, 3)], 3, 9],
    ['a long window, by the pigeonhole', [seen(0, 19, 5)], 3, 19],
    ['a long window that may be even', [seen(0, 19, 4)], 3, undefined],
    ['the end of one and the beginning of the next', [seen(0, 30, 2), seen(35, 70, 2)], 2, 35],
    ['ends too far apart', [seen(0, 30, 2), seen(41, 80, 2)], 2, undefined],
    ['the last of several', [seen(0, 1, 3), seen(60, 61, 3), seen(120, 120, 1)], 3, 61],
  ])('%s', (_name, observations, lines, end) => {
    expect(lastBurst(observations, lines, 600_000)).toBe(end === undefined ? undefined : at(end));
  });

  it('measures pauses in hours, whatever happens within one', () => {
    expect(medianPauseMs([])).toBe(0);
    expect(medianPauseMs([7, 7, 7])).toBe(0);
    expect(medianPauseMs([1, 2, 3, 4])).toBe(0);
    expect(medianPauseMs([1, 8, 15])).toBe(0);
    expect(medianPauseMs([1, 2, 8, 14])).toBe(5 * 3_600_000);
  });
});
