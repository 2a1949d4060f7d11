import { type Command, Option } from 'commander';
import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import { selectChecks } from '../shared/evaluate/select-checks.ts';
import { type Announcement, findingOf } from '../shared/model/announcement.ts';
import { SEVERITIES } from '../shared/model/check.ts';
import { clusterArn } from '../shared/model/cluster.ts';
import { oneLine, UsageError } from './io.ts';

export interface SelectFlags {
  readonly cluster?: string;
  readonly check?: string;
  readonly severity?: string;
  readonly status: string;
  readonly owner?: string;
  readonly since?: string;
}

const STATUSES = ['open', 'ended', 'excepted', 'unverified', 'all'] as const;

export const withSelectFlags = (command: Command): Command =>
  command
    .option('--cluster <name>', 'name or ARN of a cluster')
    .option('-c, --check <pattern>', 'id of a check; * stands for anything')
    .addOption(new Option('--severity <least>', 'this severe or worse').choices([...SEVERITIES]))
    .addOption(
      new Option('--status <status>', 'excepted: open under an exception; unverified: nobody could look since')
        .choices([...STATUSES])
        .default('open'),
    )
    .option('--owner <name>', 'whose they are, as the service recorded it')
    .option('--since <when>', 'what moved since: RFC 3339, YYYY-MM-DD, or 90m, 24h, 7d');

const EPOCH = '1970-01-01T00:00:00.000Z';
const UNIT_MS: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** RFC 3339; the beginning of time where none is given. @throws UsageError */
export const sinceOf = (text: string | undefined, now: Date): string => {
  if (text === undefined) return EPOCH;
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ago = UNIT_MS[unit];
  if (count !== undefined && ago !== undefined) return new Date(now.getTime() - Number(count) * ago).toISOString();
  const time = /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(`--since ${oneLine(text)}: expected RFC 3339, YYYY-MM-DD, or a time ago as 90m, 24h or 7d`);
  }
  return new Date(time).toISOString();
};

/** A misspelt check must not look like a clean cluster; one that is stored and was retired can still be asked for. */
const checksOf = (pattern: string, all: readonly Announcement[]): ReadonlySet<string> =>
  all.some((announcement) => findingOf(announcement).check === pattern)
    ? new Set([pattern])
    : new Set(selectChecks(CATALOGUE, [pattern]).map(({ id }) => id));

const hasStatus = (announcement: Announcement, status: string): boolean => {
  const { status: found, unverifiedSince } = findingOf(announcement);
  switch (status) {
    case 'open':
      return found === 'open';
    case 'ended':
      return found !== 'open';
    case 'excepted':
      return announcement.exception !== undefined;
    case 'unverified':
      return found === 'open' && unverifiedSince !== undefined;
    default:
      return true;
  }
};

const worstFirst = (a: Announcement, b: Announcement): number =>
  SEVERITIES.indexOf(findingOf(b).severity) - SEVERITIES.indexOf(findingOf(a).severity);

/**
 * Those asked for, the worst first, in other ways as they came.
 * @throws UnknownCheckError
 */
export const select = (all: readonly Announcement[], flags: SelectFlags): readonly Announcement[] => {
  const least = SEVERITIES.findIndex((severity) => severity === flags.severity);
  const checks = flags.check === undefined ? undefined : checksOf(flags.check, all);
  return all
    .filter((announcement) => {
      const { cluster, severity } = findingOf(announcement);
      return (
        (flags.cluster === undefined || flags.cluster === cluster.name || flags.cluster === clusterArn(cluster)) &&
        (checks === undefined || checks.has(findingOf(announcement).check)) &&
        SEVERITIES.indexOf(severity) >= least &&
        (flags.owner === undefined || flags.owner === announcement.owner) &&
        hasStatus(announcement, flags.status)
      );
    })
    .toSorted(worstFirst);
};
