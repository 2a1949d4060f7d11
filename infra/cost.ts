/**
 * What the service costs a month: docs/service/cost.md has the formulas, and where each price is from.
 *   npx node infra/cost.ts --clusters 100 --runs-a-day 4 --changes 20 --seconds 20 --launches 5000 --deny-gb 2 --member-logs
 */
import { parseArgs } from 'node:util';

/** US dollars, us-east-1. */
const PRICE = {
  lambdaGbSecond: 0.0000133334,
  dynamoWrite: 0.000000625,
  sqsRequest: 0.0000005,
  transition: 0.000025,
  kinesisHour: 0.04,
  kinesisGb: 0.08,
  alarm: 0.1,
  metric: 0.3,
  key: 1,
} as const;

export interface Usage {
  readonly clusters: number;
  readonly runsADay: number;
  /** Changes of clusters a month, each of which is an audit; per cluster. */
  readonly changes: number;
  /** Of one audit. */
  readonly seconds: number;
  /** Of nodes, a month, in all. */
  readonly launches: number;
  /** GB of DENY lines a month. */
  readonly denyGb: number;
  readonly hasMemberLogs: boolean;
}

const DAYS = 30;
const HOURS = 730;
const AUDIT_GB = 1769 / 1024;
const ALARMS = 24;
const METRICS = 15;
const WRITES_AN_AUDIT = 5 + 2 * 2;
const LOOKS_A_NODE = 4;

/** Dollars a month, by line of the bill. */
export const monthlyCost = (usage: Usage): { readonly [line: string]: number } => {
  const { clusters, runsADay, changes, seconds, launches, denyGb, hasMemberLogs } = usage;
  const scheduled = clusters * runsADay * DAYS;
  const audits = scheduled + clusters * changes;
  const minutes = HOURS * 60;
  return {
    'alarms, metrics, key': ALARMS * PRICE.alarm + METRICS * PRICE.metric + PRICE.key,
    'delivery each minute': minutes * 0.3 * 0.5 * PRICE.lambdaGbSecond,
    audits: audits * seconds * AUDIT_GB * PRICE.lambdaGbSecond,
    'fleet runs': scheduled * 4 * PRICE.transition,
    'findings kept': audits * WRITES_AN_AUDIT * PRICE.dynamoWrite,
    'node verifications': launches * LOOKS_A_NODE * (0.5 * PRICE.lambdaGbSecond + 3 * PRICE.sqsRequest),
    'member logs': hasMemberLogs ? HOURS * PRICE.kinesisHour + denyGb * PRICE.kinesisGb : 0,
  };
};

const amount = (name: string, text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`--${name}: expected a number from 0, found ${text}`);
  }
  return value;
};

/** @throws Error naming the flag that is wrong */
export const usageOf = (argv: readonly string[]): Usage => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      clusters: { type: 'string', default: '10' },
      'runs-a-day': { type: 'string', default: '4' },
      changes: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '20' },
      launches: { type: 'string', default: '1000' },
      'deny-gb': { type: 'string', default: '0' },
      'member-logs': { type: 'boolean', default: false },
    },
  });
  return {
    clusters: amount('clusters', values.clusters),
    runsADay: amount('runs-a-day', values['runs-a-day']),
    changes: amount('changes', values.changes),
    seconds: amount('seconds', values.seconds),
    launches: amount('launches', values.launches),
    denyGb: amount('deny-gb', values['deny-gb']),
    hasMemberLogs: values['member-logs'],
  };
};

if (import.meta.main) {
  const lines = Object.entries(monthlyCost(usageOf(process.argv.slice(2))));
  const total = lines.reduce((sum, [, dollars]) => sum + dollars, 0);
  for (const [name, dollars] of [...lines, ['in all', total] as const]) {
    process.stdout.write(`${name.padEnd(24)}${dollars.toFixed(2).padStart(10)}\n`);
  }
}
