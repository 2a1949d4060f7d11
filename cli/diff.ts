import { Command, Option } from 'commander';
import type { FlowChange } from '../shared/policy/diff-policies.ts';
import { diffPolicies } from '../shared/policy/diff-policies.ts';
import { policyChanges } from './diff-policy-names.ts';
import { probesFor } from './diff-probes.ts';
import { renderDiff } from './diff-text.ts';
import type { ExitCode, Io } from './io.ts';
import { readEither, tellNotes, withSourceFlags, type PolicySource, type SourceFlags } from './policy-inputs.ts';
import { inertJson } from './simulate-json.ts';
import { parsePorts } from './simulate-ports.ts';

interface Options extends SourceFlags {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly ports?: readonly string[];
  readonly external?: readonly string[];
  readonly output: 'table' | 'json';
}

/** Rules on addresses say something about ends that no list of pods holds. */
const addressNote = ({ external }: Options, sides: readonly PolicySource[]): readonly string[] => {
  const ranged = sides.some(({ index }) => index.vocabulary.ranges.size > 0);
  return ranged && external === undefined
    ? ['policies have rules on address ranges; addresses outside the cluster are compared with --external only']
    : [];
};

const changeJson = ({ flow: { from, to, port, protocol }, before, after }: FlowChange) => ({
  from,
  to,
  port,
  protocol,
  before,
  after,
});

const diff = async (options: Options, io: Io): Promise<ExitCode> => {
  const asked = options.ports === undefined ? [] : parsePorts('--ports', options.ports);
  const before = await readEither(options.before, options, io);
  const after = await readEither(options.after, options, io);
  const notes = [...new Set([...before.notes, ...after.notes, ...addressNote(options, [before, after])])];
  tellNotes(notes, io);
  const probes = probesFor(before.index, after.index, options.external ?? [], asked);
  const found = diffPolicies(before.index, after.index, probes.flows());
  const policies = policyChanges(before.index.inputs, after.index.inputs);
  if (options.output === 'json') {
    const { onlyBefore, onlyAfter, ports } = probes;
    const { opens, closes, uncertain, unchanged } = found;
    const lists = {
      opens: opens.map(changeJson),
      closes: closes.map(changeJson),
      uncertain: uncertain.map(changeJson),
    };
    io.stdout(`${inertJson({ policies, ...lists, unchanged, ports, onlyBefore, onlyAfter, notes }, 2)}\n`);
  } else io.stdout(renderDiff(found, policies, probes));
  if (found.opens.length + found.closes.length > 0) return 1;
  return found.uncertain.length > 0 ? 2 : 0;
};

const HELP = `
Either side is manifests, a snapshot file or a raw dump directory. Compared are pods that live on both sides, on every port
that a pod declares or a rule mentions, unless --ports says otherwise.

Exit codes: 0 nothing opens or closes, 1 something does, 2 cannot be known, or could not run`;

const repeatable = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const diffCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withSourceFlags(
    new Command('diff')
      .description('which connections open and which close between two sets of policies? No cluster needed')
      .requiredOption('--before <path...>', 'manifest files or directories, or one snapshot')
      .requiredOption('--after <path...>', 'the same, after the change')
      .option('--ports <port/protocol,...>', 'only these ports, numbers', repeatable)
      .option('--external <ip,...>', 'addresses outside the cluster, in both directions', repeatable),
  )
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      done(await diff(options, io));
    });
