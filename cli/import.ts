import { resolve } from 'node:path';
import { Command } from 'commander';
import { offline } from '../shared/compose.ts';
import { FACT_KEYS, type Snapshot } from '../shared/model/snapshot.ts';
import { oneLine, type ExitCode, type Io } from './io.ts';

/** Cluster names are letters, digits, hyphens and underscores in EKS, but this one came from a file. */
export const fileNameOf = ({ cluster }: Snapshot): string =>
  `${[cluster.account, cluster.region, cluster.name].map((part) => part.replaceAll(/[^A-Za-z0-9_-]/g, '_')).join('.')}.snapshot.json`;

/** How many facts were read, and which were not and why. */
export const snapshotSummary = (snapshot: Snapshot): string => {
  const counts = { observed: 0, absent: 0, unobserved: 0 };
  const lines: string[] = [];
  for (const key of FACT_KEYS) {
    const fact = snapshot.facts[key];
    counts[fact.state] += 1;
    if (fact.state === 'unobserved') lines.push(`  not read  ${key}: ${fact.reason}: ${oneLine(fact.detail, 120)}`);
  }
  const head = `${oneLine(snapshot.cluster.name)} as of ${snapshot.takenAt}: ${counts.observed} facts observed, ${counts.absent} absent, ${counts.unobserved} not read`;
  return [head, ...lines, ''].join('\n');
};

export const importCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  new Command('import')
    .description('build a snapshot from the raw JSON that kubectl and aws print (see docs/gather.md)')
    .argument('<dir>', 'directory that cli/gather.sh wrote')
    .option(
      '--out <file>',
      'where to write it, .gz for compressed, - for standard output (default: <account>.<region>.<cluster>.snapshot.json)',
    )
    .action(async (directory: string, { out }: { readonly out?: string }) => {
      const snapshot = await offline.importDump(resolve(io.cwd, directory));
      io.stderr(snapshotSummary(snapshot));
      if (out === '-') io.stdout(offline.encodeSnapshot(snapshot));
      else {
        const path = out ?? fileNameOf(snapshot);
        await offline.writeSnapshot(resolve(io.cwd, path), snapshot);
        io.stderr(`written to ${path}\n`);
      }
      done(0);
    });
