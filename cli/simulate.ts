import { Command, Option } from 'commander';
import type { Verdict } from '../shared/policy/decision.ts';
import { UsageError, type ExitCode, type Io } from './io.ts';
import { readPolicySource, tellNotes, withSourceFlags, type Given, type PolicySource } from './policy-inputs.ts';
import { answer, type Answer } from './simulate-answer.ts';
import { resolveEnd, splitPort } from './simulate-ends.ts';
import { flowsOf } from './simulate-flows.ts';
import { inertJson } from './simulate-json.ts';
import { matrixEnds, matrixOf } from './simulate-matrix.ts';
import { writeMatrix } from './simulate-matrix-output.ts';
import { parsePort, parsePorts } from './simulate-ports.ts';
import { renderAnswer } from './simulate-text.ts';

interface Options extends Given {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly matrix?: true;
  readonly ports?: readonly string[];
  readonly external?: readonly string[];
  readonly namespace?: readonly string[];
  readonly output: 'table' | 'json' | 'csv';
}

const ONE_QUESTION = ['from', 'to', 'port'] as const;
const WHOLE_MATRIX = ['ports', 'external', 'namespace'] as const;

const refuse = (options: Options, flags: readonly (keyof Options)[], because: string): void => {
  const given = flags.find((flag) => options[flag] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} ${because}`);
};

/** An unknown verdict is no answer, and the exit code must not be read as one. */
const EXIT: { readonly [V in Verdict]: ExitCode } = { allowed: 0, denied: 1, unknown: 2 };

const asJson = ({ verdict, counts, explanation, flows }: Answer, notes: readonly string[]) => ({
  verdict,
  counts,
  ...explanation,
  flows: flows.map(({ flow: { from, to, port, protocol }, verdict: each }) => ({
    from,
    to,
    port,
    protocol,
    verdict: each,
  })),
  notes,
});

const askOne = (options: Options, source: PolicySource, io: Io): ExitCode => {
  const { from, to, output } = options;
  if (from === undefined || to === undefined) throw new UsageError('expected --from and --to, or --matrix');
  if (output === 'csv') throw new UsageError('--output csv: expected with --matrix only');
  const { end, port: attached } = splitPort(to);
  if ((attached === undefined) === (options.port === undefined)) {
    throw new UsageError('expected one port, as --port 8080/TCP or behind a colon of --to');
  }
  const port = attached === undefined ? parsePort('--port', options.port ?? '') : parsePort('--to', attached);
  const ends = [resolveEnd(source, '--from', splitPort(from).end), resolveEnd(source, '--to', end)] as const;
  const answered = answer(source.index, flowsOf(source, ...ends, port));
  io.stdout(output === 'json' ? `${inertJson(asJson(answered, source.notes), 2)}\n` : renderAnswer(answered));
  return EXIT[answered.verdict];
};

const askAll = async (options: Options, { index }: PolicySource, io: Io): Promise<ExitCode> => {
  const ports = parsePorts('--ports', options.ports ?? []);
  if (ports.length === 0) throw new UsageError('--matrix: expected --ports, such as --ports 80/TCP,53/UDP');
  const ends = matrixEnds(index, options.external ?? [], options.namespace);
  await writeMatrix(matrixOf(index, ends, ports), options.output, io.stdout);
  return 0;
};

const simulate = async (options: Options, io: Io): Promise<ExitCode> => {
  if (options.matrix === true) refuse(options, ONE_QUESTION, 'asks one question; --matrix asks all of them');
  else refuse(options, WHOLE_MATRIX, 'goes with --matrix');
  const source = await readPolicySource(options, io);
  tellNotes(source.notes, io);
  return options.matrix === true ? askAll(options, source, io) : askOne(options, source, io);
};

const HELP = `
Ends: namespace/pod, namespace/deployment/name (statefulset, daemonset, job, cronjob), svc:namespace/name, node:name, or an
IP address, which stands for whoever has it. A port of --to may be a name: --to shop/orders:http.
The verdict is what the policies mean. Whether they are enforced is what netpol-warden audit tells.

Exit codes: 0 allowed (a matrix: printed), 1 denied, 2 unknown, or could not run`;

const repeatable = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const simulateCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withSourceFlags(
    new Command('simulate')
      .description(
        'may this connection be made, why, and what is the smallest change that allows it? No cluster needed',
      )
      .option('-s, --snapshot <path>', 'a snapshot file, or a raw dump directory')
      .option(
        '-m, --manifests <path...>',
        'manifest files, or directories with *.yaml, *.yml and *.json below them; repeatable',
      )
      .option('--from <end>', 'who opens the connection')
      .option('--to <end[:port]>', 'to whom')
      .option('--port <port[/protocol]>', "the destination's port, number or name; TCP where not said")
      .option('--matrix', 'every pod to every pod')
      .option('--ports <port/protocol,...>', 'ports of the matrix, numbers', repeatable)
      .option('--external <ip,...>', 'addresses outside the cluster, in both directions of the matrix', repeatable)
      .option('--namespace <name,...>', 'only pods of these namespaces in the matrix', repeatable),
  )
    .addOption(
      new Option('-o, --output <format>', 'how to print it; csv for a matrix only')
        .choices(['table', 'json', 'csv'])
        .default('table'),
    )
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      done(await simulate(options, io));
    });
