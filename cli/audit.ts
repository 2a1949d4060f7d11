import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { CORE_SCHEMA, load } from 'js-yaml';
import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import { findingsStore } from '../shared/compose.ts';
import { stateExceptions } from '../shared/compose-findings.ts';
import { selectChecks } from '../shared/evaluate/select-checks.ts';
import type { Exception } from '../shared/model/exception.ts';
import { type Check, SEVERITIES, type Severity } from '../shared/model/check.ts';
import type { ClusterReport, Unreadable } from '../shared/model/report.ts';
import { FACT_KEYS, type FactKey, type Snapshot } from '../shared/model/snapshot.ts';
import { auditCluster } from '../shared/pipeline.ts';
import { applyExceptions, parseExceptions } from '../shared/reconcile/exceptions.ts';
import { exitCode } from '../shared/report/exit-code.ts';
import { progress, UsageError, type ExitCode, type Io } from './io.ts';
import { collectCluster, costLine, withLiveFlags, type LiveFlags } from './live.ts';
import { FORMATS, parseOutputs, writeOutputs } from './outputs.ts';
import { findPlaces, problemOf, readPlace, type Place } from './snapshots.ts';
import { VERSION } from './version.ts';

interface Options extends LiveFlags {
  readonly snapshot?: readonly string[];
  readonly output?: readonly string[];
  readonly failOn: string;
  readonly state: string | false;
  readonly exceptions?: string;
  readonly check?: readonly string[];
}

interface FailOn {
  readonly failOn: Severity | 'never';
  readonly unknown: 'ignore' | 'fail';
}

/** `high`, `never`, `unknown`, or a severity and `unknown` with a comma. */
const parseFailOn = (text: string): FailOn => {
  const words = text.split(',').map((word) => word.trim());
  const severities = words.filter((word) => word !== 'unknown' && word !== 'never');
  const severity = SEVERITIES.find((known) => known === severities[0]);
  if (severities.length > 1 || (severities.length === 1 && severity === undefined) || words.includes('')) {
    throw new UsageError(
      `--fail-on ${text}: expected never, unknown, one of ${SEVERITIES.join(', ')}, or <severity>,unknown`,
    );
  }
  return { failOn: severity ?? 'never', unknown: words.includes('unknown') ? 'fail' : 'ignore' };
};

const readExceptions = async (path: string | undefined, cwd: string): Promise<readonly Exception[]> => {
  if (path === undefined) return [];
  const text = await readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw new UsageError(`--exceptions ${path}: ${problemOf(error)}`);
  });
  let raw: unknown;
  try {
    // Not the default schema: it turns an unquoted day into a Date.
    raw = load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    throw new UsageError(`${path}: expected JSON or YAML: ${problemOf(error)}`);
  }
  return parseExceptions(path, raw);
};

interface Read {
  readonly snapshots: readonly Snapshot[];
  readonly unreadable: readonly Unreadable[];
}

/** Between the clocks of two machines; more than this is a mistake. */
const CLOCK_TOLERANCE_MS = 900_000;

/** A snapshot from the future would outrank every other until then. */
const refuseFuture = (place: Place, { takenAt }: Snapshot, now: Date): void => {
  if (Date.parse(takenAt) > now.getTime() + CLOCK_TOLERANCE_MS) {
    throw new UsageError(`${place.path}: takenAt: expected a time that has passed, found ${takenAt}`);
  }
};

/** One unreadable input must not cost the others. */
const readAll = async (places: readonly Place[], io: Io): Promise<Read> => {
  const bar = progress(io);
  const snapshots: Snapshot[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, place] of places.entries()) {
    bar.show(`reading ${index + 1}/${places.length} ${place.path}`);
    try {
      const snapshot = await readPlace(place);
      refuseFuture(place, snapshot, io.now());
      snapshots.push(snapshot);
    } catch (error) {
      unreadable.push({ path: place.path, problem: problemOf(error) });
    }
  }
  bar.clear();
  for (const { problem } of unreadable) io.stderr(`netpol-warden: ${problem}\n`);
  return { snapshots: snapshots.toSorted((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt)), unreadable };
};

const TRAFFIC: FactKey = 'verdicts.denied-traffic';

/**
 * An audit of the configuration says nothing about denied traffic where nobody read the logs: its checks are out of scope,
 * which changes no finding, unlike "could not be evaluated", of which there would be a dozen.
 */
const withoutUnreadTraffic = (checks: readonly Check[], { facts }: Snapshot): readonly Check[] => {
  const fact = facts[TRAFFIC];
  const isUnread = fact.state === 'unobserved' && fact.reason === 'not-collected';
  return isUnread ? checks.filter(({ needs }) => needs[TRAFFIC] === undefined) : checks;
};

/** Of several snapshots of one cluster the newest is the report; all of them went through the store, oldest first. */
const newestPerCluster = (reports: readonly ClusterReport[]): readonly ClusterReport[] => {
  const byCluster = new Map(reports.map((report) => [JSON.stringify(report.snapshot.cluster), report]));
  return [...byCluster.values()].toSorted((a, b) => (a.snapshot.cluster.name < b.snapshot.cluster.name ? -1 : 1));
};

/** Every fact that the checks need or use, each once: an audit asks for nothing else. */
const factsOf = (checks: readonly Check[]): readonly FactKey[] =>
  FACT_KEYS.filter((key) => checks.some(({ needs, uses }) => needs[key] !== undefined || uses.includes(key)));

const readInputs = async (options: Options, checks: readonly Check[], io: Io): Promise<Read> => {
  if (options.snapshot !== undefined) {
    if (options.cluster !== undefined) throw new UsageError('expected --snapshot or --cluster, not both');
    return readAll(await findPlaces(options.snapshot, io.cwd), io);
  }
  const began = io.now().getTime();
  const collected = await collectCluster(options, factsOf(checks), 'lean', io);
  io.stderr(`${costLine(collected, io.now().getTime() - began)}\n`);
  return { snapshots: [collected.snapshot], unreadable: [] };
};

const audit = async (options: Options, io: Io): Promise<ExitCode> => {
  const outputs = parseOutputs(options.output ?? ['table']);
  const failOn = parseFailOn(options.failOn);
  const checks = selectChecks(CATALOGUE, options.check ?? []);
  // A document named on the command line beside what people decided with `findings except`.
  const exceptions = [
    ...(await readExceptions(options.exceptions, io.cwd)),
    ...(options.state === false ? [] : await stateExceptions(resolve(io.cwd, options.state)).list()),
  ];
  const { snapshots, unreadable } = await readInputs(options, checks, io);
  const store = findingsStore(options.state === false ? 'memory' : { directory: resolve(io.cwd, options.state) });
  const reports: ClusterReport[] = [];
  for (const snapshot of snapshots) {
    const selected = options.check === undefined ? withoutUnreadTraffic(checks, snapshot) : checks;
    reports.push(await auditCluster(snapshot, { checks: selected, catalogue: CATALOGUE, store }));
  }
  const clusters = newestPerCluster(reports);
  const generatedAt = io.now().toISOString();
  const report = {
    tool: { name: 'netpol-warden', version: VERSION },
    generatedAt,
    clusters,
    checks,
    exceptions: applyExceptions(
      exceptions,
      clusters.flatMap(({ findings }) => findings),
      generatedAt,
    ),
    unreadable,
  } as const;
  await writeOutputs(report, outputs, io);
  return exitCode(report, failOn);
};

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const auditCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withLiveFlags(new Command('audit'))
    .description(
      'judge a live cluster or recorded ones, remember the findings, report what is enforced and what is not',
    )
    .option('-s, --snapshot <path...>', 'snapshot files, raw dump directories, directories of either, or globs')
    .option('-o, --output <format[=file]>', `${FORMATS.join(', ')}; repeatable (default: table)`, collect)
    .option('--fail-on <level>', 'exit 1 from this severity on; never; unknown; or <severity>,unknown', 'low')
    .option('--state <dir>', 'where findings are remembered between runs', '.netpol-warden')
    .option('--no-state', 'remember nothing: every failure is newly opened')
    .option('--exceptions <file>', 'accepted findings with owner, reason and expiry (JSON or YAML)')
    .option('-c, --check <pattern>', 'only these checks; * stands for anything; repeatable', collect)
    .addHelpText(
      'after',
      '\nExit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run or could not read an input',
    )
    .action(async (options: Options) => {
      done(await audit(options, io));
    });
