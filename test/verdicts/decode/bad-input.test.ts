import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeInput } from '../../../shared/verdicts/decode/input.ts';
import { contentOf } from '../../support/verdict-lines.ts';

const AT = 1_787_393_730_512;
const MB = 1_048_576;
const verdict = (source: string): string =>
  `Node: n;SIP: ${source};SPORT: 41022;DIP: 10.0.40.9;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY`;
const good = `${verdict('10.0.0.1')}\n`;
const file = contentOf('D', 0.3, 200_000);

const pieces = function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

const read = (bytes: string | Buffer): ReturnType<typeof decodeInput> =>
  decodeInput('-', [Buffer.from(bytes)], { assumedTime: AT });

/** Bytes that no run repeats, all values among them. */
const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 13) & 255));

describe('a bad input is counted and reported, and what is good in it is read', () => {
  it('binary', async () => {
    const { counts, problems } = await read(Buffer.concat([noise, Buffer.from(`\n${good}`)]));
    expect(counts.denied).toBe(1);
    expect(counts.unreadableBy.binary).toBeGreaterThan(0);
    expect(counts.lines).toBe(counts.flows + counts.notVerdict + counts.unreadable);
    expect(problems).toEqual([]);
  });

  it.each([
    ['without its end', gzipSync(file).subarray(0, 8000), 'truncated'],
    ['damaged in the middle', gzipSync(file).fill(0xff, 8000, 8064), 'corrupt'],
  ])('gzip %s', async (_, bytes, kind) => {
    for (const size of [1000, bytes.length]) {
      const batch = await decodeInput('-', pieces(bytes, size));
      expect(batch.problems).toEqual([{ kind }]);
      expect(batch.counts.flows).toBeGreaterThan(100);
    }
  });

  it('two bytes that promise gzip', async () => {
    expect(await read(Buffer.from([0x1f, 0x8b]))).toMatchObject({ problems: [{ kind: 'truncated' }] });
    expect(await read(Buffer.from([0x1f, 0x8b, 0xff, 0xff, 0xff]))).toMatchObject({ problems: [{ kind: 'corrupt' }] });
  });

  it('a gzip bomb: reading stops at the bound, in little memory', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(good), Buffer.alloc(64 * MB, 'x')]));
    expect(bomb.length).toBeLessThan(MB / 8);
    const batch = await decodeInput('-', [bomb], { assumedTime: AT, maxDecompressedBytes: 8 * MB });
    expect(batch).toMatchObject({
      counts: { lines: 2, denied: 1, unreadableBy: { 'too-long': 1 } },
      problems: [{ kind: 'too-large', limitBytes: 8 * MB }],
    });
  });

  it('a plain input over the bound', async () => {
    const batch = await decodeInput('-', pieces(file, 1000), { maxDecompressedBytes: 50_000 });
    expect(batch.problems).toEqual([{ kind: 'too-large', limitBytes: 50_000 }]);
    expect(batch.counts.lines).toBeGreaterThan(100);
    expect(batch.counts.lines).toBeLessThan(300);
  });

  it.each([
    ['lines', '', 'x', `\n${good}`],
    ['an event list', '{"events":[{"message":"', 'x', `"},${JSON.stringify({ timestamp: AT, message: good })}]}`],
  ])('a line of 32 MB in %s counts once and is not held', async (_, before, filling, after) => {
    const piece = Buffer.alloc(MB, filling);
    let largest = 0;
    const line = function* line(): Generator<Buffer> {
      yield Buffer.from(before);
      const start = process.memoryUsage().arrayBuffers;
      for (let i = 0; i < 32; i++) {
        yield piece;
        largest = Math.max(largest, process.memoryUsage().arrayBuffers - start);
      }
      yield Buffer.from(after);
    };
    const { counts } = await decodeInput('-', line(), { assumedTime: AT });
    expect(counts).toMatchObject({ lines: 2, denied: 1, unreadableBy: { 'too-long': 1 } });
    expect(counts.unreadableSamples[0]?.text.length).toBeLessThanOrEqual(256);
    expect(largest).toBeLessThan(24 * MB);
  });

  it('UTF-16 by its mark is read as what it is, in either order, cut inside a letter', async () => {
    const little = Buffer.from(`\ufeffé\r\n${verdict('10.0.0.1')}\r\n`, 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      for (const size of [1, 3, bytes.length]) {
        const batch = await decodeInput('-', pieces(bytes, size), { assumedTime: AT });
        expect(batch.counts).toMatchObject({ lines: 2, denied: 1, notVerdict: 1 });
      }
    }
  });

  it('UTF-16 without a mark is binary, each line of it', async () => {
    const bytes = Buffer.concat([Buffer.from(good), Buffer.from(good + good, 'utf16le'), Buffer.from(`\n${good}`)]);
    expect((await read(bytes)).counts).toMatchObject({ lines: 5, denied: 2, unreadableBy: { binary: 3 } });
  });

  it('Latin-1 among UTF-8 costs the name that it is in, never the verdict', async () => {
    const latin = Buffer.from(`${verdict('10.0.0.1').replace('Node: n', 'Node: nö')}\n`, 'latin1');
    const batch = await read(Buffer.concat([Buffer.from(good), latin, Buffer.from([0xc3, 0x0a]), Buffer.from(good)]));
    expect(batch.counts).toMatchObject({ lines: 4, denied: 3, notVerdict: 1 });
    expect(batch.summary.flows[0]?.nodes).toEqual(['n']);
  });

  it.each([
    [
      'text of payloads that is no gzip',
      'H4sIAAAAAAAACqqqqqqqqqqqqqqqqqqq',
      [{ kind: 'not-gzip' }, { kind: 'truncated' }],
    ],
    ['a function event that breaks off', '{"awslogs":{"data":"H4sIAAAA', [{ kind: 'not-an-envelope' }]],
    ['a function event of another kind', '{"Records":[{"s3":{}}]}', [{ kind: 'not-an-envelope' }]],
    ['a function event without base64', '{"awslogs":{"data":"no base64!"}}', [{ kind: 'bad-base64' }]],
  ])('%s', async (_, text, kinds) => {
    const { counts, problems } = await read(text);
    expect(counts).toMatchObject({ lines: 1, unreadable: 1, flows: 0 });
    expect(problems).toHaveLength(1);
    expect(kinds).toContainEqual(problems[0]);
  });

  it('a function event beyond what Lambda takes', async () => {
    const bytes = Buffer.concat([Buffer.from('{"awslogs":{"data":"'), Buffer.alloc(17 * MB, 'A'), Buffer.from('"}}')]);
    expect(await decodeInput('-', pieces(bytes, MB))).toMatchObject({
      content: 'function-event',
      counts: { lines: 1, unreadable: 1 },
      problems: [{ kind: 'too-large', limitBytes: 16 * MB }],
    });
  });
});
