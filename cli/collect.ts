import { resolve } from 'node:path';
import { Command } from 'commander';
import { offline } from '../shared/compose.ts';
import { FACT_KEYS } from '../shared/model/snapshot.ts';
import type { ExitCode, Io } from './io.ts';
import { fileNameOf, snapshotSummary } from './import.ts';
import { collectCluster, costLine, withLiveFlags, type LiveFlags } from './live.ts';

export const collectCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  withLiveFlags(new Command('collect'))
    .description('read one live cluster, AWS and Kubernetes, into a snapshot file')
    .option('--out <file>', 'where to write it, .gz for compressed, - for standard output')
    .action(async (flags: LiveFlags & { readonly out?: string }) => {
      const began = io.now().getTime();
      const collected = await collectCluster(flags, FACT_KEYS, 'whole', io);
      const { snapshot } = collected;
      io.stderr(snapshotSummary(snapshot));
      io.stderr(`${costLine(collected, io.now().getTime() - began)}\n`);
      if (flags.out === '-') io.stdout(offline.encodeSnapshot(snapshot));
      else {
        const path = flags.out ?? fileNameOf(snapshot);
        await offline.writeSnapshot(resolve(io.cwd, path), snapshot);
        io.stderr(`written to ${path}\n`);
      }
      done(0);
    });
