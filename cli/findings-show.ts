import { Command, Option } from 'commander';
import { type Announcement, findingOf } from '../shared/model/announcement.ts';
import { remediationCommand } from '../shared/model/check.ts';
import { clusterArn } from '../shared/model/cluster.ts';
import { evidencePath } from '../shared/report/evidence-path.ts';
import { fixCommand } from '../shared/report/fix-command.ts';
import { inert, wrap } from '../shared/report/text.ts';
import { moment, plural } from '../shared/report/words.ts';
import { storedAnnouncements } from './findings-announce.ts';
import { inertJson } from './findings-formats.ts';
import { findingJson, shortId, stateWord } from './findings-list.ts';
import { openPlace, type PlaceFlags, withPlaceFlags } from './findings-place.ts';
import { sinceOf } from './findings-select.ts';
import { oneLine, UsageError, type ExitCode, type Io } from './io.ts';

const MOST_NAMED = 5;

/** The one finding that an id, or the beginning of an id or of its digest, stands for. @throws UsageError */
export const theOne = (all: readonly Announcement[], text: string): Announcement => {
  const named = all.filter((announcement) => {
    const { id } = findingOf(announcement);
    return text !== '' && (id.startsWith(text) || id.slice(id.lastIndexOf('/') + 1).startsWith(text));
  });
  const exact = named.find((announcement) => findingOf(announcement).id === text);
  if (exact !== undefined) return exact;
  const [only, ...others] = named;
  if (only === undefined) {
    throw new UsageError(`no finding ${oneLine(text)}; netpol-warden findings list --status all has their ids`);
  }
  if (others.length > 0) {
    const some = named.slice(0, MOST_NAMED).map((announcement) => shortId(findingOf(announcement).id));
    throw new UsageError(
      `${oneLine(text)} is the beginning of ${named.length} ids: ${some.join(', ')}${named.length > MOST_NAMED ? ', …' : ''}`,
    );
  }
  return only;
};

const lifeOf = (announcement: Announcement): readonly string[] => {
  const finding = findingOf(announcement);
  const { firstSeenAt, openedAt, lastSeenAt, endedAt, closeReason, unverifiedSince, reopenCount, status } = finding;
  return [
    `first seen ${moment(firstSeenAt)}`,
    reopenCount === 0
      ? `opened     ${moment(openedAt)}`
      : `reopened   ${moment(openedAt)} (${plural(reopenCount, 'time')} in all)`,
    `last seen  ${moment(lastSeenAt)}`,
    ...(unverifiedSince === undefined
      ? []
      : [`not looked at since ${moment(unverifiedSince)}: it is not known to hold, and not known to be mended`]),
    ...(endedAt === undefined || status === 'open'
      ? []
      : [`${status.padEnd(10)} ${moment(endedAt)}${closeReason === undefined ? '' : ` (${closeReason})`}`]),
  ];
};

const showText = (announcement: Announcement, width: number): string => {
  const { check, exception, owner } = announcement;
  const { id, cluster, resource, severity, message, evidence } = findingOf(announcement);
  const paragraph = (text: string): string =>
    wrap(inert(text), width - 2)
      .map((line) => `  ${line}`)
      .join('\n');
  return [
    `${severity} ${stateWord(announcement)}: ${inert(message.text)}`,
    '',
    `  id        ${inert(id)}`,
    `  cluster   ${inert(clusterArn(cluster))}`,
    `  ${inert(resource.type).padEnd(9)} ${inert(resource.name)}${resource.instanceId === undefined ? '' : ` (${inert(resource.instanceId)})`}`,
    ...(owner === undefined ? [] : [`  owner     ${inert(owner)}`]),
    '',
    `Check ${check.id} passes when`,
    paragraph(check.title),
    paragraph(check.rationale),
    '',
    'Life',
    ...lifeOf(announcement).map((line) => `  ${line}`),
    ...(exception === undefined
      ? []
      : ['', 'Excepted', paragraph(`by ${exception.owner} until ${exception.expires}: ${exception.reason}`)]),
    '',
    `Evidence (${evidence.length})`,
    ...evidence.flatMap(({ fact, path, value, grade, source, observedAt }) => [
      `  ${grade}: ${inert(evidencePath({ fact, path }))}`,
      `    = ${inert(value)}`,
      `    ${inert(source)}, ${inert(moment(observedAt))}`,
    ]),
    '',
    'Fix',
    paragraph(check.remediation.text),
    ...fixCommand(remediationCommand(check.remediation, message.key), cluster, [resource])
      .split('\n')
      .map((line) => `    ${inert(line)}`),
    `  ${check.remediation.url}`,
    '',
  ].join('\n');
};

interface Flags extends PlaceFlags {
  readonly output: string;
}

export const showCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withPlaceFlags(new Command('show'))
    .description('everything about one finding: what was seen, its life, how to mend it')
    .argument('<id>', 'id of a finding, or the beginning of it as list prints it')
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .action(async (id: string, flags: Flags) => {
      const now = io.now();
      const all = await storedAnnouncements(await openPlace(flags, io), sinceOf(undefined, now), now.toISOString());
      const found = theOne(all, id);
      io.stdout(
        flags.output === 'json'
          ? `${inertJson(findingJson(found), 2)}\n`
          : showText(found, Math.min(io.stdoutColumns ?? 80, 100)),
      );
      done(0);
    });
