import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { malformed } from './error.ts';

/** What came over the wire for one answer. */
export interface Meter {
  /** Before decompression. */
  wireBytes: number;
  /** After it. */
  bodyBytes: number;
}

/**
 * A body whose compressed bytes are at most this is collected and unpacked at once: for pages of 500 pods that takes
 * two thirds of the CPU time of a stream, which goes to another thread and back for every chunk.
 */
const AT_ONCE_WIRE_BYTES = 1024 * 1024;

/** The greatest body that is unpacked at once, since that holds the whole of it. */
const AT_ONCE_BODY_BYTES = 16 * 1024 * 1024;

const STREAM_CHUNK_BYTES = 256 * 1024;

/**
 * The body in chunks, decompressed, each of which holds only until the next is asked for. Backpressure holds: nothing is read far ahead of the consumer, and a small body that
 * unpacks to a huge one is refused at `maxBytes`.
 *
 * @throws KubernetesError `malformed`: too large, not gzip though said so, damaged. Errors of the connection pass through.
 */
export async function* readBody(response: IncomingMessage, maxBytes: number, meter: Meter): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of unpacked(response, maxBytes, meter)) {
      meter.bodyBytes += chunk.length;
      if (meter.bodyBytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw malformed('the gzip body is longer than it says', error);
    if (typeof code === 'string' && code.startsWith('Z_')) {
      throw malformed(`the gzip body is damaged or cut off (${code})`, error);
    }
    throw error;
  }
}

const tooLarge = (maxBytes: number): Error => malformed(`the answer has more than ${maxBytes} bytes`);

async function* fromWire(response: IncomingMessage, meter: Meter): AsyncGenerator<Buffer> {
  for await (const chunk of response) {
    // A response gives Buffers as long as nobody sets an encoding on it.
    const bytes = chunk as Buffer;
    meter.wireBytes += bytes.length;
    yield bytes;
  }
}

async function* unpacked(response: IncomingMessage, maxBytes: number, meter: Meter): AsyncGenerator<Buffer> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  const wire = fromWire(response, meter);
  if (encoding === 'identity') {
    yield* wire;
    return;
  }
  if (encoding !== 'gzip') throw malformed(`content-encoding ${JSON.stringify(encoding)}, expected gzip`);

  const first: Buffer[] = [];
  while (meter.wireBytes <= AT_ONCE_WIRE_BYTES) {
    const { done, value } = await wire.next();
    if (done === true) {
      const packed = Buffer.concat(first);
      const size = unpackedSize(packed);
      first.splice(0, first.length, packed);
      if (size > Math.min(maxBytes, AT_ONCE_BODY_BYTES)) break;
      // One byte more than it should become, so that zlib sees its end without asking for another buffer. A body that is
      // longer than its last bytes said is an error of its own: no server of Kubernetes writes one.
      const body = gunzipSync(packed, { chunkSize: Math.max(size + 1, 64), maxOutputLength: Math.max(size, 1) });
      yield body;
      free(body);
      return;
    }
    first.push(value);
  }
  const gunzip = createGunzip({ chunkSize: STREAM_CHUNK_BYTES });
  // An error of either side ends the other, and the loop over gunzip throws it.
  pipeline(
    async function* () {
      yield* first;
      yield* wire;
    },
    gunzip,
    () => {},
  );
  for await (const chunk of gunzip) {
    // As above: no encoding is set.
    yield chunk as Buffer;
  }
}

/**
 * Gives the memory of a large body back at once. Left to the garbage collector it is counted as pressure from outside the
 * heap, and the collector then goes through everything that a long list has kept so far, again for every few pages: a
 * third of the CPU time of reading 150,000 pods, and 100 MB.
 */
const free = (body: Buffer): void => {
  // Smaller ones may be part of Node's pool, which is others' too.
  if (body.length >= 64 * 1024 && body.byteOffset === 0 && body.buffer instanceof ArrayBuffer) body.buffer.transfer(0);
};

/** ISIZE, the last four bytes of a gzip body (RFC 1952): a hint, for the sender can write there what it likes. */
const unpackedSize = (packed: Buffer): number => (packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4));
