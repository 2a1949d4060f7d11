import { DecompressedTooLargeError, gunzipInto, isGzip } from '../envelope/gunzip.ts';
import type { DecodedBatch } from './batch.ts';
import { ContentReader } from './content.ts';
import type { ContentForm } from './content.ts';
import { problemOf, withProblem } from './payload.ts';
import type { PayloadOptions } from './payload.ts';

export interface InputOptions extends PayloadOptions {
  /** Called after each chunk of the input, before its flows, with all bytes taken so far: compressed, where it is so. */
  readonly onProgress?: (bytesRead: number) => void;
}

/** What a file or standard input gave, and what it turned out to be. */
export interface DecodedInput extends DecodedBatch {
  /** As the caller calls it: a path, or `-`. Says nothing of what is in it. */
  readonly name: string;
  readonly compression: 'none' | 'gzip';
  readonly content: ContentForm;
  /** Bytes of the input, as they came. */
  readonly bytesRead: number;
}

const INPUT_LIMIT_BYTES = 64 * 1024 ** 3;

/**
 * Decodes a file or standard input as it comes, in flat memory. What it is shows in its content: gzip, one member or
 * several; the agent's log; what kubectl or the AWS command line printed; subscription documents; an event that wakes a
 * function. Never fails because of what the input holds: see `counts` and `problems`. Rejects only with what `chunks`,
 * `onFlow` or `onProgress` throw.
 */
export const decodeInput = async (
  name: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: InputOptions = {},
): Promise<DecodedInput> => {
  const limitBytes = options.maxDecompressedBytes ?? INPUT_LIMIT_BYTES;
  let bytesRead = 0;
  const counted = async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytesRead += chunk.byteLength;
      options.onProgress?.(bytesRead);
      yield chunk;
    }
  };
  const reader = new ContentReader(options);
  const { beginning, rest } = await headOf(counted());
  const isCompressed = isGzip(beginning);
  const problem = isCompressed
    ? await gunzipInto(rest, (piece) => reader.push(piece), limitBytes)
    : await passInto(rest, reader, limitBytes);
  const batch = await reader.end();
  return {
    ...withProblem(batch, problem && problemOf(problem)),
    name,
    compression: isCompressed ? 'gzip' : 'none',
    content: reader.form,
    bytesRead,
  };
};

/** Hands on what may be read; an error where more comes. */
const passInto = async (
  source: AsyncIterable<Uint8Array>,
  reader: ContentReader,
  limitBytes: number,
): Promise<DecompressedTooLargeError | undefined> => {
  let room = limitBytes;
  for await (const bytes of source) {
    reader.push(bytes.subarray(0, room));
    room -= bytes.byteLength;
    if (room < 0) return new DecompressedTooLargeError(limitBytes);
  }
  return undefined;
};

/** The first two bytes at least, and the whole source from its beginning. */
const headOf = async (
  source: AsyncGenerator<Uint8Array>,
): Promise<{ readonly beginning: Uint8Array; readonly rest: AsyncIterable<Uint8Array> }> => {
  let beginning: Uint8Array = new Uint8Array(0);
  while (beginning.byteLength < 2) {
    const { value, done } = await source.next();
    if (done === true) break;
    beginning = beginning.byteLength === 0 ? value : Buffer.concat([beginning, value]);
  }
  const rest = (async function* fromTheBeginning() {
    yield beginning;
    yield* source;
  })();
  return { beginning, rest };
};
