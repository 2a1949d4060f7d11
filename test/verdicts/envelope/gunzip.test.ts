import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DecompressedTooLargeError,
  gunzipInto,
  gunzipWhole,
  GunzipError,
  isGzip,
} from '../../../shared/verdicts/envelope/gunzip.ts';

/** Compresses badly enough to need many steps. */
const content = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${(i * 7919) % 100_003},`).join(''));
const gzip = gzipSync(content);

const into = async (
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  limitBytes = 2 ** 30,
): Promise<{ bytes: Buffer; failure: unknown }> => {
  const pieces: Uint8Array[] = [];
  const failure = await gunzipInto(source, (piece) => pieces.push(Buffer.from(piece)), limitBytes);
  return { bytes: Buffer.concat(pieces), failure };
};

describe('gunzipWhole', () => {
  it('gives the content', () => {
    expect(gunzipWhole(gzip, content.length)?.equals(content)).toBe(true);
    expect(gunzipWhole(gzipSync(Buffer.alloc(0)), 10)).toHaveLength(0);
  });

  it('gives the content of several members, whose trailer tells only the size of the last', () => {
    const two = Buffer.concat([gzip, gzipSync('end')]);
    expect(gunzipWhole(two, 2 * content.length)?.toString()).toBe(`${content.toString()}end`);
  });

  it.each([
    ['is larger than allowed', gzip, content.length - 1],
    ['is cut short', gzip.subarray(0, -9), 2 ** 30],
    ['is not gzip', Buffer.from('no gzip at all, not a bit'), 2 ** 30],
    ['is nothing', Buffer.alloc(0), 2 ** 30],
  ])('gives nothing where the input %s', (_, bytes, limit) => {
    expect(gunzipWhole(bytes, limit)).toBeUndefined();
  });

  it('does not believe a trailer that claims four gigabytes', () => {
    const lying = Buffer.from(gzip);
    lying.writeUInt32LE(0xffff_ffff, lying.length - 4);
    expect(gunzipWhole(lying, 2 ** 31)).toBeUndefined();
  });

  it('is not misled by a bomb that claims to be small', () => {
    const bomb = Buffer.from(gzipSync(Buffer.alloc(50_000_000)));
    bomb.writeUInt32LE(1000, bomb.length - 4);
    expect(gunzipWhole(bomb, 1_000_000)).toBeUndefined();
  });
});

describe('gunzipInto', () => {
  it('gives the content, however the input is cut', async () => {
    for (const size of [1000, 100_000, gzip.length]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < gzip.length; at += size) pieces.push(gzip.subarray(at, at + size));
      const { bytes, failure } = await into(pieces);
      expect(failure).toBeUndefined();
      expect(bytes.equals(content)).toBe(true);
    }
  });

  it('keeps all that came before the input breaks off, and says so', async () => {
    const { bytes, failure } = await into([gzip.subarray(0, gzip.length / 2)]);
    expect(failure).toBeInstanceOf(GunzipError);
    expect(failure).toMatchObject({ kind: 'truncated' });
    expect(bytes.length).toBeGreaterThan(content.length * 0.4);
    expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
  });

  it('keeps most of what came before damage, and says so', async () => {
    const damaged = Buffer.from(gzip);
    const damagedFrom = Math.floor(gzip.length * 0.8);
    damaged.fill(0xff, damagedFrom, damagedFrom + 64);
    const { bytes, failure } = await into([damaged]);
    expect(failure).toMatchObject({ name: 'GunzipError', kind: 'corrupt' });
    // Right before the damage zlib may still make something of it, which is wrong.
    const sure = Math.floor(content.length * 0.7);
    expect(bytes.subarray(0, sure).equals(content.subarray(0, sure))).toBe(true);
  });

  it('stops at the bound with exactly that much', async () => {
    const { bytes, failure } = await into([gzipSync(Buffer.alloc(20_000_000))], 1_000_000);
    expect(failure).toBeInstanceOf(DecompressedTooLargeError);
    expect(failure).toMatchObject({ limitBytes: 1_000_000, message: 'the decompressed content exceeds 1000000 bytes' });
    expect(bytes).toHaveLength(1_000_000);
  });

  it('takes content of exactly the bound', async () => {
    const { bytes, failure } = await into([gzip], content.length);
    expect(failure).toBeUndefined();
    expect(bytes).toHaveLength(content.length);
  });

  it('says so where the input is no gzip, or nothing', async () => {
    expect(await into([Buffer.from('nonsense')])).toMatchObject({ failure: { kind: 'not-gzip' } });
    expect(await into([])).toMatchObject({ failure: { kind: 'truncated' } });
  });

  it('gives the memory of a piece back once the sink has read it', async () => {
    const buffers = new Set<ArrayBufferLike>();
    let bytes = 0;
    let held = 0;
    const zeros = gzipSync(Buffer.alloc(20_000_000));
    await gunzipInto(
      [zeros],
      (piece) => {
        buffers.add(piece.buffer);
        bytes += piece.byteLength;
        held = Math.max(held, [...buffers].filter(({ byteLength }) => byteLength > 0).length);
      },
      2 ** 30,
    );
    expect(bytes).toBe(20_000_000);
    expect(buffers.size).toBeGreaterThan(70);
    expect(held).toBeLessThan(5);
  });

  it('rejects with what the source or the sink throws', async () => {
    const broken = async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzip.subarray(0, 1000);
      throw new Error('disk on fire');
    };
    await expect(into(broken())).rejects.toThrow('disk on fire');
    const sink = (): void => {
      throw new Error('sink is full');
    };
    await expect(gunzipInto([gzip], sink, 2 ** 30)).rejects.toThrow('sink is full');
  });
});

describe('isGzip', () => {
  it('looks at the first two bytes', () => {
    expect(isGzip(gzip)).toBe(true);
    expect(isGzip(Buffer.from([0x1f]))).toBe(false);
    expect(isGzip(Buffer.from('{"'))).toBe(false);
  });
});
