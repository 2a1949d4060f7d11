import { Command } from 'commander';
import { exceptCommands } from './findings-except.ts';
import { exportCommand } from './findings-export.ts';
import { listCommand } from './findings-list.ts';
import { replayCommand } from './findings-replay.ts';
import { showCommand } from './findings-show.ts';
import type { ExitCode, Io } from './io.ts';

/** Commands below a command do not inherit how the program ends and prints. */
export const embedded = (command: Command, io: Io): Command => {
  for (const each of command.commands) embedded(each, io);
  return command
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .configureHelp({ helpWidth: io.stdoutColumns ?? 80 });
};

export const findingsCommand = (io: Io, done: (code: ExitCode) => void): Command => {
  const root = new Command('findings').description('what is stored: list, show, except, replay and export findings');
  for (const make of [listCommand, showCommand, exceptCommands, replayCommand, exportCommand])
    root.addCommand(make(io, done));
  return embedded(root, io);
};
