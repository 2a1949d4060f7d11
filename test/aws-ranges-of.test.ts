import { describe, expect, it } from 'vitest';
import { awsRangesOf } from '../shared/compose-service-parts.ts';
import type { Log } from '../shared/runtime/lambda/ports.ts';

const HOUR = 3_600_000;
const DOCUMENT = {
  syncToken: '1',
  createDate: '2026-08-22-21-17-05',
  prefixes: [{ ip_prefix: '203.0.113.0/24', service: 'S3', region: 'us-west-2' }],
  ipv6_prefixes: [],
};
const RANGES = [{ cidr: '203.0.113.0/24', service: 'S3', region: 'us-west-2' }];

const service = (answers: readonly unknown[], { isWanted = true, recorded = false } = {}) => {
  let clock = 0;
  let asked = 0;
  const warnings: string[] = [];
  const log: Log = { info: () => undefined, warn: (message) => warnings.push(message), error: () => undefined };
  const ranges = awsRangesOf(
    recorded ? { RECORDED_CLUSTERS: '/dumps' } : {},
    () => Promise.resolve({ awsIpRanges: isWanted }),
    () => new Date(clock),
    log,
    () => {
      const answer = answers[asked++];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  );
  return {
    ranges,
    warnings,
    asked: () => asked,
    pass: (ms: number): void => {
      clock += ms;
    },
  };
};

describe('the addresses of AWS services', () => {
  it('are asked for once a day', async () => {
    const { ranges, asked, pass } = service([DOCUMENT, DOCUMENT]);
    expect([await ranges(), await ranges()]).toEqual([RANGES, RANGES]);
    pass(24 * HOUR - 1);
    await ranges();
    expect(asked()).toBe(1);
    pass(1);
    await ranges();
    expect(asked()).toBe(2);
  });

  it.each([[new Error('no way out')], [{ prefixes: 'none' }]])(
    'are unknown, told once, and asked for again after an hour where the answer is %s',
    async (answer) => {
      const { ranges, asked, pass, warnings } = service([answer, DOCUMENT]);
      expect([await ranges(), await ranges()]).toEqual([undefined, undefined]);
      expect([asked(), warnings.length]).toEqual([1, 1]);
      pass(HOUR);
      expect(await ranges()).toEqual(RANGES);
    },
  );

  it('are not asked for where settings say so, nor of a recorded cluster', async () => {
    const [unwanted, recorded] = [service([DOCUMENT], { isWanted: false }), service([DOCUMENT], { recorded: true })];
    expect([await unwanted.ranges(), await recorded.ranges()]).toEqual([undefined, undefined]);
    expect([unwanted.asked(), recorded.asked()]).toEqual([0, 0]);
  });
});
