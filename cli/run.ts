import { Command, CommanderError } from 'commander';
import { auditCommand } from './audit.ts';
import { checksCommand, explainCommand } from './checks.ts';
import { collectCommand } from './collect.ts';
import { diffCommand } from './diff.ts';
import { findingsCommand } from './findings.ts';
import { importCommand } from './import.ts';
import { oneLine, type ExitCode, type Io } from './io.ts';
import { onboardCommand } from './onboard.ts';
import { previewCommand } from './preview.ts';
import { simulateCommand } from './simulate.ts';
import { verdictsCommand } from './verdicts.ts';
import { VERSION } from './version.ts';

const program = (io: Io, done: (code: ExitCode) => void): Command => {
  const root = new Command('netpol-warden')
    .description(
      'Is Kubernetes NetworkPolicy really enforced on every node of every Amazon EKS cluster, and what did it deny?',
    )
    .version(VERSION)
    .showHelpAfterError('(netpol-warden --help lists the commands)')
    .configureHelp({ helpWidth: io.stdoutColumns ?? 80 });
  for (const make of [
    auditCommand,
    collectCommand,
    importCommand,
    explainCommand,
    checksCommand,
    simulateCommand,
    diffCommand,
    verdictsCommand,
    findingsCommand,
    previewCommand,
    onboardCommand,
  ])
    root.addCommand(make(io, done));
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  }
  return root;
};

/** Help and version are no failure; every other complaint of the parser is the caller's mistake. */
const parserExit = (error: CommanderError): ExitCode => (error.exitCode === 0 ? 0 : 2);

/** Runs one command line to its end. Never throws and never exits: the caller sets the exit code. */
export const run = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  let code: ExitCode = 0;
  try {
    await program(io, (result) => {
      code = result;
    }).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return parserExit(error);
    const text = error instanceof Error ? error.message : String(error);
    io.stderr(`netpol-warden: ${oneLine(text)}\n`);
    return 2;
  }
};
