import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../shared/model/flow.ts';
import { isLikelyReply, keyOfFlow, keyText, windowStartOf } from '../../../shared/verdicts/aggregate/key.ts';

const flow: Flow = {
  time: 1_787_393_730_512,
  source: '10.0.0.1',
  sourcePort: 41_022,
  destination: '10.0.0.2',
  destinationPort: 443,
  protocol: 'TCP',
  verdict: 'DENY',
};

describe('isLikelyReply', () => {
  it.each([
    [443, 41_022, true],
    [7979, 33_140, true],
    [32_767, 32_768, true],
    [1, 65_535, true],
    [41_022, 443, false],
    [41_022, 50_000, false],
    [443, 32_767, false],
    [0, 41_022, false],
    [0, 0, false],
  ])('from port %i to port %i: %s', (sourcePort, destinationPort, expected) => {
    expect(isLikelyReply(sourcePort, destinationPort)).toBe(expected);
  });
});

describe('the key of a flow', () => {
  it('has no source port, which is ephemeral', () => {
    const key = keyOfFlow(flow, 300_000);
    expect(key).toEqual({
      windowStart: 1_787_393_700_000,
      source: '10.0.0.1',
      destination: '10.0.0.2',
      destinationPort: 443,
      protocol: 'TCP',
      verdict: 'DENY',
    });
    expect(keyText(keyOfFlow({ ...flow, sourcePort: 50_000 }, 300_000))).toBe(keyText(key));
  });

  it('has both ports of a likely reply, and says so', () => {
    expect(keyOfFlow({ ...flow, sourcePort: 443, destinationPort: 41_022 }, 300_000)).toMatchObject({
      sourcePort: 443,
      destinationPort: 41_022,
      reply: 'likely',
    });
  });

  it('differs with every other part', () => {
    const variants: Flow[] = [
      flow,
      { ...flow, time: flow.time + 300_000 },
      { ...flow, source: '10.0.0.3' },
      { ...flow, destination: '10.0.0.3' },
      { ...flow, destinationPort: 80 },
      { ...flow, protocol: 'UDP' },
      { ...flow, verdict: 'ACCEPT' },
      { ...flow, direction: 'egress' },
      { ...flow, direction: 'ingress' },
    ];
    expect(new Set(variants.map((it) => keyText(keyOfFlow(it, 300_000)))).size).toBe(variants.length);
  });

  it('does not differ with node, tier, event or repair', () => {
    const other: Flow = { ...flow, node: 'n', tier: 'ADMIN', eventId: '1', repaired: ['source'] };
    expect(keyText(keyOfFlow(other, 300_000))).toBe(keyText(keyOfFlow(flow, 300_000)));
  });
});

describe('windowStartOf', () => {
  it('is the whole multiple of the window at or before the time', () => {
    expect(windowStartOf(299_999, 300_000)).toBe(0);
    expect(windowStartOf(300_000, 300_000)).toBe(300_000);
    expect(windowStartOf(8.64e15, 7)).toBe(Math.floor(8.64e15 / 7) * 7);
  });
});
