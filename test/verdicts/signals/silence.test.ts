import { describe, expect, it } from 'vitest';
import type { SignalInput } from '../../../shared/verdicts/signals/index.ts';
import { countsOf, DAY, HOUR, run, told, windowAt } from './windows.ts';

const expected = { nodes: ['node-a', 'node-b'], eventLogs: true } as const;
const heard = (now: number, reportingNodes: readonly string[], change: Partial<SignalInput> = {}) =>
  windowAt(now, [], { reportingNodes, expected, ...change });
const dead = (now: number, change: Partial<SignalInput> = {}): SignalInput => {
  const { read: _read, ...input } = heard(now, [], { counts: countsOf(0), ...change });
  return input;
};
const both = heard(10, ['node-a', 'node-b']);

describe('silence of the log', () => {
  it('of a node is told once it was silent for an hour while another reported', () => {
    expect(told(run([both, heard(70, ['node-a'])]))).toEqual([]);
    const silent = run([both, heard(71, ['node-a'])]);
    expect(silent.signals).toEqual([
      {
        kind: 'log-silence',
        subject: { type: 'node', id: 'node-b', name: 'node-b' },
        status: 'active',
        since: '2026-11-16T00:10:00.000Z',
        lastSeenAt: '2026-11-16T01:11:00.000Z',
        count: 0,
        values: {
          what: 'Node node-b is sending no verdict lines, although policies isolate pods on it and other nodes report; first at 2026-11-16T00:10:00.000Z.',
        },
        pairs: [],
      },
    ]);
  });

  it('ends with the first line, and is told for seven days', () => {
    const silent = run([both, heard(71, ['node-a'])]);
    const back = run([heard(80, ['node-a', 'node-b'])], silent.state);
    expect(told(back)).toEqual(['log-silence cleared node-b']);
    const hours = Array.from({ length: 7 * 24 + 1 }, (_, hour) => heard(80 + (hour + 1) * HOUR, ['node-a', 'node-b']));
    expect(told(run(hours.slice(0, -1), back.state))).toEqual(['log-silence cleared node-b']);
    expect(told(run(hours, back.state))).toEqual([]);
  });

  it('is not told of a node whose pods no policy isolates, nor once it is gone', () => {
    const one = { nodes: ['node-a'], eventLogs: true } as const;
    expect(told(run([both, heard(71, ['node-a'], { expected: one })]))).toEqual([]);
    const silent = run([both, heard(71, ['node-a'])]);
    expect(told(run([heard(80, ['node-a'], { expected: one })], silent.state))).toEqual([]);
  });

  it('is not told while nobody knows who should report, and what was told before stays', () => {
    const { expected: _expected, ...unknown } = heard(71, ['node-a']);
    expect(told(run([both, unknown]))).toEqual([]);
    const silent = run([both, heard(71, ['node-a'])]);
    expect(told(run([{ ...unknown, now: unknown.now + 60_000 }], silent.state))).toEqual(['log-silence active node-b']);
  });

  it('gives a new node an hour, unless the log of that hour was read already', () => {
    const joined = { nodes: ['node-a', 'node-c'], eventLogs: true } as const;
    const hours = (minutes: number) => heard(minutes, ['node-a'], { expected: joined });
    expect(told(run([heard(10, ['node-a']), hours(200)]))).toEqual([]);
    expect(told(run([hours(200), hours(262)]))).toEqual(['log-silence active node-c']);
    const whole = { ...hours(200), read: { from: hours(100).now, to: hours(200).now } };
    expect(told(run([whole]))).toEqual(['log-silence active node-c']);
  });

  it('allows a node three times its usual pause', () => {
    // Node b reports every four hours, node a every hour.
    const hours = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => {
        const hour = from + index;
        return heard(hour * HOUR + 10, hour % 4 === 0 && hour <= 16 ? ['node-a', 'node-b'] : ['node-a']);
      });
    const usual = run(hours(0, 17));
    expect(told(usual)).toEqual(['log-silence cleared node-b']);
    expect(told(run(hours(17, 26), usual.state))).toEqual(['log-silence cleared node-b']);
    expect(told(run(hours(17, 27), usual.state))).toEqual(['log-silence active node-b']);
  });

  it('is told after an hour of a node that reported in every hour', () => {
    const busy = Array.from({ length: 10 }, (_, hour) => heard(hour * HOUR + 10, ['node-a', 'node-b']));
    const { state } = run(busy);
    expect(told(run([heard(10 * HOUR + 10, ['node-a'])], state))).toEqual([]);
    expect(told(run([heard(10 * HOUR + 11, ['node-a'])], state))).toEqual(['log-silence active node-b']);
  });

  it('of all nodes is the silence of the cluster, and no node is blamed', () => {
    const { state } = run([both]);
    expect(told(run([dead(70)], state))).toEqual([]);
    const silent = run([dead(71)], state);
    expect(told(silent)).toEqual(['log-silence active cluster']);
    expect(silent.signals[0]?.values.what).toBe(
      'The cluster is sending no verdict lines, although policies isolate pods; first at 2026-11-16T00:10:00.000Z.',
    );
    expect(told(run([heard(80, ['node-a', 'node-b'])], silent.state))).toEqual(['log-silence cleared cluster']);
  });

  it('of a node does not end because all fall silent', () => {
    const { state } = run([both, heard(71, ['node-a']), dead(200)]);
    expect(told(run([dead(201)], state))).toEqual(['log-silence active cluster', 'log-silence active node-b']);
  });

  it('is told at once where the agent is configured not to log', () => {
    const off = { nodes: ['node-a'], eventLogs: false } as const;
    const silent = run([dead(10, { expected: off })]);
    expect(told(silent)).toEqual(['log-silence active cluster']);
    expect(silent.signals[0]?.values.what).toContain('the event logs are switched off');
    expect(told(run([dead(10, { expected: { ...off, nodes: [] } })]))).toEqual([]);
    expect(told(run([dead(10, { expected: { ...off, eventLogs: 'unknown' } })]))).toEqual([]);
  });

  it('remembers a bounded number of nodes, those that reported last', () => {
    const names = Array.from({ length: 50 }, (_, index) => `node-${index}`);
    const options = { maxNodes: 10 };
    const { expected: _expected, ...input } = heard(10, names, { options });
    const { state } = run([
      input,
      { ...heard(20, ['node-49'], { options }), expected: { nodes: [], eventLogs: true } },
    ]);
    expect(state.nodes).toHaveLength(10);
    expect(state.nodes.map(({ name }) => name)).toContain('node-49');
    const old = run([{ ...heard(8 * DAY, ['node-1']), expected: { nodes: ['node-1'], eventLogs: true } }], state);
    expect(old.state.nodes.map(({ name }) => name)).toEqual(['node-1']);
  });

  it('takes a node named __proto__ for a name', () => {
    const odd = { nodes: ['__proto__', 'node-a'], eventLogs: true } as const;
    const start = heard(10, ['__proto__', 'node-a'], { expected: odd });
    expect(told(run([start, heard(71, ['node-a'], { expected: odd })]))).toEqual(['log-silence active __proto__']);
  });
});
