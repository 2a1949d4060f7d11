import { Command } from 'commander';
import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import type { FindingsPlace } from '../shared/compose-findings.ts';
import { selectChecks } from '../shared/evaluate/select-checks.ts';
import { findingOf } from '../shared/model/announcement.ts';
import type { Exception } from '../shared/model/exception.ts';
import { applyExceptions, parseExceptions } from '../shared/reconcile/exceptions.ts';
import { inert } from '../shared/report/text.ts';
import { EXCEPTION_WORD, plural } from '../shared/report/words.ts';
import { storedAnnouncements } from './findings-announce.ts';
import { inertJson } from './findings-formats.ts';
import { openPlace, type PlaceFlags, withPlaceFlags } from './findings-place.ts';
import { sinceOf } from './findings-select.ts';
import { theOne } from './findings-show.ts';
import { UsageError, type ExitCode, type Io } from './io.ts';

interface SubjectFlags extends PlaceFlags {
  readonly check?: string;
  readonly cluster?: string;
  readonly resource?: string;
  readonly all?: true;
}

interface AddFlags extends SubjectFlags {
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
}

const withSubject = (command: Command): Command =>
  command
    .argument('[id]', 'the one finding, by id or the beginning of it; or --check with --cluster and --resource')
    .option('-c, --check <id>', 'one check')
    .option('--cluster <name>', 'name or ARN of a cluster; every cluster without it')
    .option('--resource <name>', 'name or id of a resource; every resource without it');

const subjectOf = async (id: string | undefined, flags: SubjectFlags, place: FindingsPlace, io: Io) => {
  const { check, cluster, resource } = flags;
  if (id !== undefined) {
    if (check !== undefined || cluster !== undefined || resource !== undefined) {
      throw new UsageError('expected the id of a finding, or --check with --cluster and --resource; not both');
    }
    const now = io.now();
    const finding = findingOf(theOne(await storedAnnouncements(place, sinceOf(undefined, now), now.toISOString()), id));
    const { partition, region, account, name } = finding.cluster;
    return {
      check: finding.check,
      cluster: `arn:${partition}:eks:${region}:${account}:cluster/${name}`,
      resource: finding.resource.id,
    };
  }
  if (check === undefined) throw new UsageError('expected the id of a finding, or --check <id>');
  return {
    check,
    ...(cluster === undefined ? {} : { cluster }),
    ...(resource === undefined ? {} : { resource }),
  };
};

const subjectText = ({ check, cluster, resource }: Pick<Exception, 'check' | 'cluster' | 'resource'>): string =>
  `${inert(check)} on ${resource === undefined ? 'every resource' : inert(resource)} of ${cluster === undefined ? 'every cluster' : inert(cluster)}`;

const add = async (id: string | undefined, flags: AddFlags, io: Io): Promise<void> => {
  const place = await openPlace(flags, io);
  const subject = await subjectOf(id, flags, place, io);
  if (subject.resource === undefined && subject.cluster === undefined && flags.all !== true) {
    throw new UsageError('expected --cluster or --resource, or --all where every cluster is meant');
  }
  selectChecks(CATALOGUE, [subject.check]);
  const { owner, reason, expires } = flags;
  const [exception] = parseExceptions('the exception', { exceptions: [{ ...subject, owner, reason, expires }] });
  if (exception === undefined) throw new TypeError('an exception that was read is there');
  if (Date.parse(exception.expires) <= io.now().getTime()) {
    throw new UsageError(`--expires ${inert(expires)}: expected a day or time to come`);
  }
  await place.exceptions.put(exception);
  io.stderr(`excepted until ${inert(expires)}: ${subjectText(subject)}\n`);
};

const remove = async (id: string | undefined, flags: SubjectFlags, io: Io): Promise<void> => {
  const place = await openPlace(flags, io);
  const subject = await subjectOf(id, flags, place, io);
  const before = await place.exceptions.list();
  await place.exceptions.delete(subject);
  const removed = before.length - (await place.exceptions.list()).length;
  if (removed < 1) throw new UsageError(`no exception for exactly ${subjectText(subject)}`);
  io.stderr(`no longer excepted: ${subjectText(subject)}\n`);
};

const list = async (flags: PlaceFlags & { readonly output?: string }, io: Io): Promise<void> => {
  const place = await openPlace(flags, io);
  const now = io.now();
  const all = await storedAnnouncements(place, sinceOf(undefined, now), now.toISOString());
  const uses = applyExceptions(await place.exceptions.list(), all.map(findingOf), now.toISOString());
  if (flags.output === 'json') {
    io.stdout(`${inertJson({ schemaVersion: 1, exceptions: uses }, 2)}\n`);
    return;
  }
  for (const { exception, state, findings } of uses) {
    io.stdout(`${EXCEPTION_WORD[state].padEnd(8)} until ${inert(exception.expires)}  ${subjectText(exception)}\n`);
    io.stdout(
      `         ${inert(exception.owner)}: ${inert(exception.reason)} (holds for ${plural(findings.length, 'finding')})\n`,
    );
  }
  io.stdout(`${plural(uses.length, 'exception')} in ${inert(place.name)}\n`);
};

export const exceptCommands = (io: Io, done: (code: ExitCode) => void): Command => {
  const root = new Command('except').description('findings that stand but need no action until a day');
  root.addCommand(
    withPlaceFlags(withSubject(new Command('add')))
      .description('except one finding, or one check on a cluster or resource; replaces an earlier one of the same')
      .requiredOption('--owner <who>', 'who decided it')
      .requiredOption('--reason <why>', 'why no action is needed')
      .requiredOption('--expires <day>', 'YYYY-MM-DD or RFC 3339, from which it no longer holds')
      .option('--all', 'with --check alone: on every cluster')
      .action(async (id: string | undefined, flags: AddFlags) => {
        await add(id, flags, io);
        done(0);
      }),
  );
  root.addCommand(
    withPlaceFlags(new Command('list'))
      .description('exceptions, whether each holds, and for how many findings')
      .option('-o, --output <format>', 'text or json', 'text')
      .action(async (flags: PlaceFlags & { readonly output?: string }) => {
        await list(flags, io);
        done(0);
      }),
  );
  root.addCommand(
    withPlaceFlags(withSubject(new Command('remove')))
      .description('remove the exception for exactly this')
      .action(async (id: string | undefined, flags: SubjectFlags) => {
        await remove(id, flags, io);
        done(0);
      }),
  );
  return root;
};
