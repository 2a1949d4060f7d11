import { Command, Option } from 'commander';
import { type Announcement, findingOf } from '../shared/model/announcement.ts';
import { clusterArn } from '../shared/model/cluster.ts';
import { csvRecord } from '../shared/report/csv-record.ts';
import { inert, pad } from '../shared/report/text.ts';
import { day, plural } from '../shared/report/words.ts';
import { storedAnnouncements } from './findings-announce.ts';
import { inertJson } from './findings-formats.ts';
import { openPlace, type PlaceFlags, withPlaceFlags } from './findings-place.ts';
import { type SelectFlags, select, sinceOf, withSelectFlags } from './findings-select.ts';
import { oneLine, type ExitCode, type Io } from './io.ts';

/** What tells findings apart to people: the beginning of the digest in the id. */
export const shortId = (id: string): string => id.slice(id.lastIndexOf('/') + 1).slice(0, 12);

/** One word: what a person has to think of it. */
export const stateWord = (announcement: Announcement): string => {
  const { status, unverifiedSince } = findingOf(announcement);
  if (status !== 'open') return status;
  if (announcement.exception !== undefined) return 'excepted';
  return unverifiedSince === undefined ? 'open' : 'unverified';
};

const MOST_COLUMNS = 160;
const WIDTHS = { id: 12, severity: 8, state: 10, since: 10, cluster: 22, check: 36 } as const;

const tableText = (announcements: readonly Announcement[], columns: number): string => {
  const row = (cells: { readonly [C in keyof typeof WIDTHS]: string }, resource: string): string => {
    const fixed = Object.entries(WIDTHS).map(([name, width]) => pad(inert(cells[name as keyof typeof WIDTHS]), width));
    const used = fixed.reduce((sum, cell) => sum + cell.length + 2, 0);
    return [...fixed, pad(inert(resource), Math.max(20, columns - used))].join('  ').trimEnd();
  };
  const lines = announcements.map((announcement) => {
    const { id, cluster, check, severity, openedAt, resource } = findingOf(announcement);
    return row(
      { id: shortId(id), severity, state: stateWord(announcement), since: day(openedAt), cluster: cluster.name, check },
      resource.name,
    );
  });
  const head = row(
    { id: 'ID', severity: 'SEVERITY', state: 'STATE', since: 'SINCE', cluster: 'CLUSTER', check: 'CHECK' },
    'RESOURCE',
  );
  return [head, ...lines, '', plural(announcements.length, 'finding'), ''].join('\n');
};

/** A finding as JSON readers get it: the stored record, and what stands beside it. */
export const findingJson = ({ change, exception, owner, sequence, at }: Announcement) => ({
  ...change.finding,
  cluster: { ...change.finding.cluster, arn: clusterArn(change.finding.cluster) },
  sequence,
  changedAt: at,
  ...(owner === undefined ? {} : { owner }),
  ...(exception === undefined ? {} : { exception }),
});

export const jsonText = (announcements: readonly Announcement[]): string =>
  `${inertJson({ schemaVersion: 1, findings: announcements.map(findingJson) }, 2)}\n`;

const COLUMNS: readonly string[] = [
  'id',
  'cluster_arn',
  'check',
  'severity',
  'status',
  'resource_type',
  'resource',
  'message',
  'first_seen',
  'opened',
  'last_seen',
  'ended',
  'unverified_since',
  'reopened',
  'owner',
  'exception_owner',
  'exception_expires',
];

export const csvText = (announcements: readonly Announcement[]): string =>
  csvRecord(COLUMNS) +
  announcements
    .map(({ change: { finding }, owner, exception }) =>
      csvRecord([
        finding.id,
        clusterArn(finding.cluster),
        finding.check,
        finding.severity,
        finding.status,
        finding.resource.type,
        finding.resource.name,
        finding.message.text,
        finding.firstSeenAt,
        finding.openedAt,
        finding.lastSeenAt,
        finding.endedAt,
        finding.unverifiedSince,
        finding.reopenCount,
        owner,
        exception?.owner,
        exception?.expires,
      ]),
    )
    .join('');

/** Those that the flags ask for; says on stderr where nothing at all is known of the cluster, which is not "clean". */
export const chosen = async (flags: PlaceFlags & SelectFlags, io: Io): Promise<readonly Announcement[]> => {
  const now = io.now();
  const since = sinceOf(flags.since, now);
  const all = await storedAnnouncements(await openPlace(flags, io), since, now.toISOString());
  const { cluster } = flags;
  const isKnown = (announcement: Announcement): boolean =>
    [findingOf(announcement).cluster.name, clusterArn(findingOf(announcement).cluster)].includes(cluster ?? '');
  if (cluster !== undefined && !all.some(isKnown)) {
    io.stderr(
      `netpol-warden: no finding of ${oneLine(cluster)} is stored${flags.since === undefined ? '' : ' since then'}: it never failed, or was never audited\n`,
    );
  }
  return select(all, flags);
};

interface Flags extends PlaceFlags, SelectFlags {
  readonly output: string;
}

export const listCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withSelectFlags(withPlaceFlags(new Command('list')))
    .description('stored findings, the worst first')
    .addOption(
      new Option('-o, --output <format>', 'how to print them').choices(['table', 'json', 'csv']).default('table'),
    )
    .action(async (flags: Flags) => {
      const found = await chosen(flags, io);
      const columns = Math.min(io.stdoutColumns ?? MOST_COLUMNS, MOST_COLUMNS);
      io.stdout(
        flags.output === 'json' ? jsonText(found) : flags.output === 'csv' ? csvText(found) : tableText(found, columns),
      );
      done(0);
    });
