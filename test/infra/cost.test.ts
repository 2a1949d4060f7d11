import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { monthlyCost, usageOf } from '../../infra/cost.ts';

const NOTHING = { clusters: 0, runsADay: 4, changes: 20, seconds: 20, launches: 0, denyGb: 0, hasMemberLogs: false };

const total = (lines: { readonly [line: string]: number }): number =>
  Object.values(lines).reduce((sum, dollars) => sum + dollars, 0);

describe('the cost of a month', () => {
  it('has a fixed part, which is what the documentation says', async () => {
    const fixed = total(monthlyCost(NOTHING)).toFixed(2);
    expect(fixed).toBe('7.99');
    expect(await readFile(new URL('../../docs/service/cost.md', import.meta.url), 'utf8')).toContain(`**${fixed}**`);
  });

  it('counts an audit by its memory and seconds: 140 of one cluster are 6 cents', () => {
    const { audits } = monthlyCost({ ...NOTHING, clusters: 1 });
    expect(audits).toBeCloseTo((4 * 30 + 20) * 20 * (1769 / 1024) * 0.0000133334, 10);
    expect(audits?.toFixed(2)).toBe('0.06');
  });

  it('asks for the stream only where member logs are on', () => {
    expect(monthlyCost({ ...NOTHING, denyGb: 2 })['member logs']).toBe(0);
    expect(monthlyCost({ ...NOTHING, denyGb: 2, hasMemberLogs: true })['member logs']).toBeCloseTo(29.36, 10);
  });

  it('reads its flags, and names the one that is wrong', () => {
    expect(usageOf(['--clusters', '100', '--member-logs'])).toMatchObject({ clusters: 100, hasMemberLogs: true });
    expect(() => usageOf(['--deny-gb', 'many'])).toThrow('--deny-gb: expected a number from 0, found many');
    expect(() => usageOf(['--clusters=-1'])).toThrow('--clusters: expected a number from 0, found -1');
  });
});
