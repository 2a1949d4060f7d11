import { singleLine } from '../shared/model/single-line.ts';

/** Everything the command line touches outside itself, so that tests can hold it in their hands. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Columns of the terminal that stdout is, or nothing where it is a pipe or a file. */
  readonly stdoutColumns?: number;
  readonly stderrIsTerminal: boolean;
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  readonly now: () => Date;
  /** Standard input, where it is a pipe or a file. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Ends a command that would go on for ever. */
  readonly interrupted?: AbortSignal;
}

/** 0: clean. 1: findings at or above `--fail-on`. 2: could not run, or not on everything it was given. */
export type ExitCode = 0 | 1 | 2;

/** A mistake of the caller's, told in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Colour only where a person looks at a terminal and has not declined it: https://no-color.org */
export const wantsColour = ({ stdoutColumns, env }: Io): boolean =>
  (stdoutColumns !== undefined || (env['FORCE_COLOR'] ?? '') !== '') && (env['NO_COLOR'] ?? '') === '';

/** Any text as one harmless line: line breaks become blanks, what acts instead of being shown is written out. */
export const oneLine = (text: string, limit = 400): string => singleLine(text.replaceAll(/\s+/g, ' ').trim(), limit);

/** A line on stderr that replaces itself, and only where stderr is a terminal. */
export const progress = (io: Io) => ({
  show: (text: string): void => {
    if (io.stderrIsTerminal) io.stderr(`\r\u001b[2K${oneLine(text, 100)}`);
  },
  clear: (): void => {
    if (io.stderrIsTerminal) io.stderr('\r\u001b[2K');
  },
});
