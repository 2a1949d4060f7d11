/** Decompression that keeps to a bound and keeps what it got. Computes only: the bytes are handed in. */
import { createGunzip, gunzipSync } from 'node:zlib';

/** The content was larger than allowed; what came before the bound has been read. */
export class DecompressedTooLargeError extends Error {
  override readonly name = 'DecompressedTooLargeError';
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`the decompressed content exceeds ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

/** The data is no gzip, or was damaged from some point on, or ended before its end. */
export class GunzipError extends Error {
  override readonly name = 'GunzipError';
  readonly kind: 'not-gzip' | 'corrupt' | 'truncated';

  constructor(kind: GunzipError['kind'], detail: string) {
    super(`gzip data is ${kind}: ${detail}`);
    this.kind = kind;
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Deflate cannot do better than this (https://zlib.net/zlib_tech.html). */
const LARGEST_RATIO = 1032;

/** The uncompressed size that a gzip file claims in its last four bytes (RFC 1952 §2.3.1): a hint, and perhaps a lie. */
const claimedSize = (gzip: Uint8Array): number => {
  const trailer = new DataView(gzip.buffer, gzip.byteOffset + gzip.byteLength - 4, 4);
  return Math.min(trailer.getUint32(0, true), gzip.byteLength * LARGEST_RATIO);
};

/**
 * The whole content at once, into one buffer of the right size, which is a third faster than zlib's default. Undefined
 * where it is larger than `limitBytes` or anything is wrong: `gunzipInto` then finds out what, and saves what it can.
 */
export const gunzipWhole = (gzip: Uint8Array, limitBytes: number): Buffer | undefined => {
  if (gzip.byteLength < 18) return undefined;
  const size = claimedSize(gzip);
  if (size > limitBytes) return undefined;
  try {
    // A little more than the size, or zlib would ask for a second chunk to find that nothing is left.
    return gunzipSync(gzip, { chunkSize: size + 64, maxOutputLength: limitBytes });
  } catch {
    return undefined;
  }
};

const CHUNK_BYTES = 262_144;
/** Given to zlib at a time: of a step that fails zlib hands out nothing, so this much input, at most, is lost with it. */
const STEP_BYTES = 16_384;
/** A small file is worth small steps. */
const FIRST_STEP_BYTES = 1024;
const FIRST_BYTES = 32_768;

function* steps(bytes: Uint8Array, inputBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength;) {
    const to = at + (inputBytes + at < FIRST_BYTES ? FIRST_STEP_BYTES : STEP_BYTES);
    yield bytes.subarray(at, to);
    at = to;
  }
}

const problemOf = (error: Error, beginning: Uint8Array): Error => {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return new GunzipError('truncated', error.message);
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new GunzipError(isGzip(beginning) ? 'corrupt' : 'not-gzip', error.message);
  }
  return error;
};

/**
 * Gives a piece's memory back at once, where it is the last of its buffer and zlib has taken another. Left to the garbage
 * collector, which looks at 32 MB of a tiny heap only now and then, pieces that were read long ago pile up to that.
 */
const release = ({ buffer, byteOffset, byteLength }: Uint8Array): void => {
  const isLast = byteOffset + byteLength === CHUNK_BYTES && buffer.byteLength === CHUNK_BYTES;
  if (isLast && buffer instanceof ArrayBuffer) buffer.transfer(0);
};

/**
 * Decompresses a stream of bytes in flat memory and hands each piece to `sink`, which must not keep it. zlib works on the next piece in its
 * thread while `sink` reads the last one. Returns what ended it early: a GunzipError or a DecompressedTooLargeError;
 * everything before that has been handed over. Rejects with what `source` or `sink` throws.
 */
export const gunzipInto = async (
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  sink: (piece: Uint8Array) => void,
  limitBytes: number,
): Promise<GunzipError | DecompressedTooLargeError | undefined> => {
  const engine = createGunzip({ chunkSize: CHUNK_BYTES });
  const waiting: Uint8Array[] = [];
  let beginning: Uint8Array = new Uint8Array(0);
  let inputBytes = 0;
  let outputBytes = 0;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    engine.destroy();
  };
  const drain = (): void => {
    try {
      for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
        sink(piece);
        release(piece);
      }
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const closed = new Promise<void>((resolve) => engine.once('close', resolve));
  engine.on('error', (error: Error) => fail(problemOf(error, beginning)));
  engine.on('data', (piece: Buffer) => {
    const room = limitBytes - outputBytes;
    outputBytes += piece.length;
    waiting.push(piece.subarray(0, room));
    if (piece.length > room) fail(new DecompressedTooLargeError(limitBytes));
    // Not now: the engine first sets zlib to work on the next piece.
    else queueMicrotask(drain);
  });
  try {
    for await (const bytes of source) {
      if (inputBytes < 2) beginning = Buffer.concat([beginning, bytes.subarray(0, 2)]);
      for (const step of steps(bytes, inputBytes)) {
        if (failure !== undefined) break;
        const written = new Promise<void>((resolve) => {
          engine.write(step, () => resolve());
        });
        // A step that fails is never called back.
        await Promise.race([written, closed]);
      }
      inputBytes += bytes.byteLength;
      if (failure !== undefined) break;
    }
    engine.end();
  } catch (error) {
    // The source's own.
    engine.destroy();
    throw error;
  }
  await closed;
  drain();
  if (failure === undefined || failure instanceof GunzipError || failure instanceof DecompressedTooLargeError) {
    return failure;
  }
  throw failure;
};
