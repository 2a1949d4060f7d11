import { resolve } from 'node:path';
import { Command } from 'commander';
import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import { findingsStore } from '../shared/compose.ts';
import type { Announcement, Notice } from '../shared/model/announcement.ts';
import { auditCluster } from '../shared/pipeline.ts';
import { moment, plural } from '../shared/report/words.ts';
import { writeAtomically } from '../shared/runtime/write-atomically.ts';
import { embedded } from './findings.ts';
import { announcementOf, storedAnnouncements } from './findings-announce.ts';
import { openPlace, type PlaceFlags } from './findings-place.ts';
import { sinceOf } from './findings-select.ts';
import { oneLine, UsageError, type ExitCode, type Io } from './io.ts';
import { noticesOf, slackPage } from './preview-slack.ts';
import { findPlaces, readPlace } from './snapshots.ts';

interface Flags extends PlaceFlags {
  readonly snapshot?: readonly string[];
  readonly since?: string;
  readonly channel: string;
  readonly out: string;
}

/** What people would be told if these snapshots were the first that anybody audited. */
const fromSnapshots = async (paths: readonly string[], io: Io): Promise<readonly Announcement[]> => {
  const store = findingsStore('memory');
  const told: Announcement[] = [];
  for (const place of await findPlaces(paths, io.cwd)) {
    const { changes } = await auditCluster(await readPlace(place), { checks: CATALOGUE, catalogue: CATALOGUE, store });
    told.push(...changes.map(({ finding }) => announcementOf(finding, undefined)));
  }
  return told;
};

const announcements = async (flags: Flags, io: Io): Promise<readonly Announcement[]> => {
  const { snapshot, state, table } = flags;
  if (snapshot === undefined) {
    const now = io.now();
    return storedAnnouncements(await openPlace(flags, io), sinceOf(flags.since, now), now.toISOString());
  }
  if (state !== undefined || table !== undefined) throw new UsageError('expected --snapshot or --state, not both');
  return fromSnapshots(snapshot, io);
};

const lastAt = ({ announcements }: Notice): string =>
  announcements.reduce((latest, { at }) => (at > latest ? at : latest), announcements[0].at);

export const previewCommand = (io: Io, done: (code: ExitCode) => void): Command => {
  const root = new Command('preview').description('what people would be told, without telling them');
  root.addCommand(
    new Command('slack')
      .description('an HTML page that looks like the messages in Slack')
      .option('-s, --snapshot <path...>', 'as if these were audited for the first time')
      .option('--state <dir>', 'of the findings that audit stored there (default: .netpol-warden)')
      .option('--since <when>', 'of those only what moved since: RFC 3339, YYYY-MM-DD, or 90m, 24h, 7d')
      .option('--channel <name>', 'name of the channel on the page', 'netpol-warden')
      .option('--out <file>', 'where to write the page', 'preview.html')
      .action(async (flags: Flags) => {
        const notices = noticesOf(await announcements(flags, io));
        const page = slackPage(
          flags.channel,
          notices.map((notice) => ({ notice, time: moment(lastAt(notice)) })),
        );
        await writeAtomically(resolve(io.cwd, flags.out), page);
        io.stderr(`${plural(notices.length, 'message')} written to ${oneLine(flags.out)}\n`);
        done(0);
      }),
  );
  return embedded(root, io);
};
