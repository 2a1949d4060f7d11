import { run } from '../../cli/run.ts';
import type { ExitCode, Io } from '../../cli/io.ts';

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line inside this process, as if it stood in `cwd`, with output to a pipe unless columns are given. */
export const terminal = async (
  argv: readonly string[],
  cwd: string,
  change: Partial<Pick<Io, 'stdoutColumns' | 'stderrIsTerminal' | 'env' | 'now'>> = {},
): Promise<Ran> => {
  let stdout = '';
  let stderr = '';
  const code = await run(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stderrIsTerminal: false,
    env: {},
    cwd,
    now: () => new Date('2026-11-20T12:00:00Z'),
    ...change,
  });
  return { code, stdout, stderr };
};
