#!/usr/bin/env node
import { run } from './run.ts';

process.exitCode = await run(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  ...(process.stdout.isTTY ? { stdoutColumns: process.stdout.columns } : {}),
  stderrIsTerminal: process.stderr.isTTY,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
});
