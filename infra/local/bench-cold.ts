/**
 * `npm run bench:cold`: how much longer each packaged function takes to ask for its first event than a handler that does
 * nothing, in the same run, under AWS's own runtime client. Needs `npm run build` before it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTIONS_DIRECTORY, functionNames } from '../build.ts';
import { startLambda } from './lambda-process.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const BARE = 'bare handler';

const ENV = {
  TABLE_NAME: 'netpol-warden',
  BUCKET_NAME: 'netpol-warden-local',
  SETTINGS_KEY: 'settings.json',
  AUDIT_QUEUE_URL: 'http://127.0.0.1:9/1/audit-requests.fifo',
  VERIFY_QUEUE_URL: 'http://127.0.0.1:9/1/verify-node',
};

const startOf = async (name: string, directory: string): Promise<number> => {
  const lambda = await startLambda({ directory, name, env: ENV });
  const milliseconds = await lambda.ready;
  await lambda.stop();
  return milliseconds;
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const bare = await mkdtemp(join(tmpdir(), 'netpol-warden-bare-'));
await writeFile(join(bare, 'index.cjs'), 'exports.handler = async () => ({});\n');
const directories = new Map([
  [BARE, bare],
  ...functionNames().map((name) => [name, join(FUNCTIONS_DIRECTORY, name)] as const),
]);
const times = new Map<string, number[]>([...directories.keys()].map((name) => [name, []]));
// Round by round and not function by function: what else the machine does then meets all of them alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, directory] of directories) times.get(name)?.push(await startOf(name, directory));
}
await rm(bare, { recursive: true });

const least = (name: string): number => Math.min(...(times.get(name) ?? []));
process.stdout.write(
  [
    `Milliseconds until the first event is asked for, ${ROUNDS} starts of each; the least is what the function itself costs.`,
    '',
    '| Function | Least | Median | Least, more than a bare handler |',
    '| --- | ---: | ---: | ---: |',
    ...[...times].map(
      ([name, values]) =>
        `| ${name} | ${least(name).toFixed(0)} | ${median(values).toFixed(0)} | ${(least(name) - least(BARE)).toFixed(0)} |`,
    ),
    '',
  ].join('\n'),
);
