#!/usr/bin/env node
import { run } from './run.ts';

// Whoever reads us may have seen enough (`| head`): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const interrupted = new AbortController();
process.once('SIGINT', () => {
  interrupted.abort();
  // A second one ends whatever does not listen.
  process.once('SIGINT', () => process.exit(130));
  if (!process.argv.includes('--follow')) process.exit(130);
});

process.exitCode = await run(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  ...(process.stdout.isTTY ? { stdoutColumns: process.stdout.columns } : {}),
  stderrIsTerminal: process.stderr.isTTY,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  ...(process.stdin.isTTY ? {} : { stdin: process.stdin }),
  interrupted: interrupted.signal,
});
