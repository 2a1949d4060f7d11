/**
 * `node test/bench/verdicts/bench.ts [rounds]`: payload to aggregated flows, compared with gunzip alone on the same bytes,
 * with the reference decoder, and with Powertools. Ratios are medians of paired rounds; on a busy
 * machine read those of CPU time, which the targets and `×less` are about. It reports and never judges: a missed target
 * is no failure. About a minute of CPU time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FORMS } from '../../support/verdict-lines.ts';
import { subjectOf } from './routes.ts';
import { number, row } from './table.ts';

const rounds = process.argv[2] ?? '5';

/**
 * glibc keeps freed memory. Otherwise now one route and now another has its buffer given by the kernel page by page, which
 * costs as much as half the decompression and says nothing about either.
 */
const KEEP_MEMORY = { MALLOC_TRIM_THRESHOLD_: '1073741824', MALLOC_MMAP_THRESHOLD_: '1073741824' };

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

process.stdout.write(
  `Payloads of 4.8 MB to aggregated flows: ${rounds} rounds, routes taking turns, medians. × is times gunzip alone.\n` +
    'ns/line: what a line costs beside gunzip. ×less: how many times our CPU time, which counts the threads of the\n' +
    'garbage collector; split: Powertools with its zod schema of the payload, and messages split, unseen; parser: with a\n' +
    'zod schema of the fields as well, which is what ours looks at. How fast gunzip itself is depends on how well the\n' +
    'payload compresses (gzip:1): the ratio rises where it is fast. Lines of a file differ in a time and a port and repeat\n' +
    'the rest, so they shrink to a fourteenth, however many pods there are; events of CloudWatch carry 20 random digits\n' +
    'each and shrink to a seventh.\n\n',
);
row('form DENY lines gzip:1 MB/s gunzip ours ns/line ours ours - reference split ×less parser ×less -'.split(' '));
row(['', '', '', '', 'gunzip', 'ms', 'ms', '', '×', 'CPU ×', 'target', '×', '×', '', '×', '', 'target']);
for (const form of FORMS) {
  execFileSync(process.execPath, ['--expose-gc', program('form.ts'), form, rounds], {
    stdio: 'inherit',
    env: { ...process.env, ...KEEP_MEMORY },
  });
}

interface Memory {
  readonly lines: number;
  /** Kilobytes. */
  readonly maxRSS: number;
  /** Bytes. */
  readonly peakHeap: number;
  readonly peakBuffers: number;
}

process.stdout.write('\nPeak memory of a fresh process, MB, by the size of what is decoded.\n');
row(['what', 'times', 'MB', 'lines', 'RSS', 'heap', 'buffers']);
const folder = mkdtempSync(join(tmpdir(), 'verdicts-'));
try {
  for (const [kind, form] of [
    ['payload', 'cloudwatch-tier'],
    ['input', 'D'],
  ] as const) {
    for (const times of [1, 4, 16]) {
      const { gzip, content } = subjectOf(form, 0.2, times * 4_800_000);
      const file = join(folder, `${kind}-${times}.gz`);
      writeFileSync(file, gzip);
      const printed = execFileSync(process.execPath, [program('memory.ts'), file, kind], { encoding: 'utf8' });
      // memory.ts prints exactly this.
      const memory = JSON.parse(printed) as Memory;
      row([
        kind,
        `${times}×`,
        number(content.length / 1e6, 0),
        String(memory.lines),
        number(memory.maxRSS / 1024, 0),
        number(memory.peakHeap / 2 ** 20, 0),
        number(memory.peakBuffers / 2 ** 20, 0),
      ]);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
