import { deepStrictEqual } from 'node:assert/strict';
import type { DecodedBatch } from '../../../shared/verdicts/decode/batch.ts';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { PlainDecoder } from '../../../shared/verdicts/decode/plain.ts';
import { RecordReader } from '../../../shared/verdicts/decode/record-reader.ts';
import { cutSomewhere } from './random-content.ts';
import type { RandomContent } from './random-content.ts';

/** Serves many contents, so what it learnt from one must not show in the next. */
const reader = new RecordReader();

export interface Agreement {
  readonly batch: DecodedBatch;
  /** Records that took the slow path. */
  readonly slow: number;
}

/** Decodes plainly, fast at once, and fast in pieces; throws an AssertionError where the answers differ. */
export const expectAgreement = (content: RandomContent, random: () => number): Agreement => {
  const { kind, bytes, options } = content;
  const plain = new PlainDecoder(kind, options);
  plain.push(bytes);
  const expected = plain.end();
  const fast = new FastDecoder(kind, options, reader);
  fast.push(bytes);
  deepStrictEqual(fast.end(), expected, 'at once');
  const pieced = new FastDecoder(kind, options);
  for (const piece of cutSomewhere(random, bytes)) pieced.push(piece);
  deepStrictEqual(pieced.end(), expected, 'in pieces');
  return { batch: expected, slow: fast.slow };
};
