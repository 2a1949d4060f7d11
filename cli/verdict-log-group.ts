import type { VerdictInput } from '../shared/compose-verdicts.ts';
import { logGroupEvents } from '../shared/compose-log-group.ts';
import { oneLine, UsageError, type Io } from './io.ts';
import type { VerdictFlags } from './verdicts.ts';

const UNIT_MS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `1h`, `7d` in milliseconds. @throws UsageError */
export const sinceMs = (text: string): number => {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  const ms = UNIT_MS[unit];
  if (count === undefined || ms === undefined) {
    throw new UsageError(`--since ${oneLine(text)}: expected a duration such as 30m, 1h or 7d`);
  }
  return Number(count) * ms;
};

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const LOG_GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;

/** A log group's events of some time, as one input. */
export const logGroupInput = (name: string, flags: VerdictFlags, io: Io): Promise<VerdictInput> => {
  if (!LOG_GROUP.test(name)) throw new UsageError(`--log-group ${oneLine(name)}: expected the name of a log group`);
  const region = flags.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new UsageError('--log-group: expected --region <region> or AWS_REGION');
  const now = io.now().getTime();
  const from = now - sinceMs(flags.since);
  return Promise.resolve({
    name,
    assumedTime: now,
    chunks: () =>
      logGroupEvents({ name, region, from, ...(flags.profile === undefined ? {} : { profile: flags.profile }) }),
  });
};
