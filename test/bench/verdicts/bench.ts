/**
 * `node test/bench/verdicts/bench.ts [rounds]`: payload to aggregated flows, compared with gunzip alone on the same bytes,
 * and with Powertools' parser. Ratios are medians of paired rounds; on a busy machine read the CPU columns.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FORMS, isCloudWatch } from '../../support/verdict-lines.ts';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { measure } from './measure.ts';
import type { Figures } from './measure.ts';
import { floorRoute, oursRoute, powertoolsRoute, streamRoute, subjectOf } from './routes.ts';

const PAYLOAD_BYTES = 4_800_000;
const SHARES = [0.01, 0.2, 1];
const TARGETS = new Map([
  [0.2, 1.5],
  [1, 1.7],
]);
const rounds = Number(process.argv[2] ?? 9);

const cell = (value: number | undefined, digits = 2): string => (value === undefined ? '-' : value.toFixed(digits));

const print = (cells: readonly string[]): void => {
  process.stdout.write(`${cells.map((text, i) => (i === 0 ? text.padEnd(16) : text.padStart(9))).join('')}\n`);
};

const HEAD = [
  'form',
  'DENY',
  'lines',
  'distinct',
  'gzip 1:',
  'gunzip',
  'ours',
  'wall ×',
  'cpu ×',
  'target',
  'stream ×',
  'zod ×',
  'ns/line',
];

process.stdout.write(`Payloads of ${PAYLOAD_BYTES / 1e6} MB, ${rounds} rounds; gunzip and ours in ms of wall time.\n`);
print(HEAD);
for (const form of FORMS) {
  for (const share of SHARES) {
    const subject = subjectOf(form, share, PAYLOAD_BYTES);
    const routes = [floorRoute(subject), oursRoute(subject)];
    if (isCloudWatch(form)) routes.push(powertoolsRoute(subject));
    else routes.push(streamRoute(subject));
    const figures = await measure(routes, rounds, 12);
    const of = (name: string): Figures | undefined => figures.get(name);
    const decoder = new FastDecoder(isCloudWatch(form) ? 'subscription' : 'lines');
    decoder.push(subject.content);
    const { counts, summary } = decoder.end();
    const [gunzip, ours, zod] = [of('gunzip'), of('ours'), of('powertools')];
    print([
      form,
      `${share * 100}%`,
      String(counts.lines),
      String(summary.flows.length),
      cell(subject.content.length / subject.gzip.length, 1),
      cell(gunzip?.wall),
      cell(ours?.wall),
      cell(ours?.wallRatio),
      cell(ours?.cpuRatio),
      cell(TARGETS.get(share), 1),
      cell(of('streamed')?.wallRatio),
      cell(zod && ours && zod.cpu / ours.cpu, 1),
      cell(gunzip && ours && ((ours.cpu - gunzip.cpu) * 1e6) / counts.lines, 0),
    ]);
  }
}

process.stdout.write('\nPeak memory of a fresh process, MB (RSS over what it had before decoding).\n');
print(['what', 'MB', 'lines', 'RSS', '+RSS', 'heap', 'buffers']);
const folder = mkdtempSync(join(tmpdir(), 'verdicts-'));
const program = fileURLToPath(new URL('memory.ts', import.meta.url));
interface Memory {
  readonly lines: number;
  /** Kilobytes. */
  readonly before: number;
  readonly maxRSS: number;
  /** Bytes. */
  readonly peakHeap: number;
  readonly peakBuffers: number;
}
for (const [kind, form] of [
  ['payload', 'cloudwatch-tier'],
  ['stream', 'D'],
] as const) {
  for (const megabytes of [5, 50]) {
    const file = join(folder, `${kind}-${megabytes}.gz`);
    writeFileSync(file, subjectOf(form, 0.2, megabytes * 1e6).gzip);
    // The child prints exactly this.
    const memory = JSON.parse(execFileSync(process.execPath, [program, file, kind], { encoding: 'utf8' })) as Memory;
    print([
      `${kind} ${form}`,
      String(megabytes),
      String(memory.lines),
      cell(memory.maxRSS / 1024, 0),
      cell((memory.maxRSS - memory.before) / 1024, 0),
      cell(memory.peakHeap / 2 ** 20, 0),
      cell(memory.peakBuffers / 2 ** 20, 0),
    ]);
  }
}
rmSync(folder, { recursive: true });
