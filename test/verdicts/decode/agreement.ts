import { deepStrictEqual } from 'node:assert/strict';
import type { Flow } from '../../../shared/model/flow.ts';
import type { DecodedBatch, VerdictDecoder } from '../../../shared/verdicts/decode/batch.ts';
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

const decode = (decoder: VerdictDecoder, pieces: readonly Buffer[]): DecodedBatch => {
  for (const piece of pieces) decoder.push(piece);
  return decoder.end();
};

/**
 * Decodes plainly, fast at once, fast in pieces, and both with a listener; throws an AssertionError where the answers, or
 * the flows told, differ.
 */
export const expectAgreement = (content: RandomContent, random: () => number): Agreement => {
  const { kind, bytes, options } = content;
  const expected = decode(new PlainDecoder(kind, options), [bytes]);
  const fast = new FastDecoder(kind, options, reader);
  deepStrictEqual(decode(fast, [bytes]), expected, 'at once');
  const pieces = cutSomewhere(random, bytes);
  deepStrictEqual(decode(new FastDecoder(kind, options), pieces), expected, 'in pieces');
  if (random() < 0.2) {
    const told: Flow[] = [];
    const toldFast: Flow[] = [];
    decode(new PlainDecoder(kind, { ...options, onFlow: (flow) => told.push(flow) }), [bytes]);
    const listened = new FastDecoder(kind, { ...options, onFlow: (flow) => toldFast.push(flow) });
    deepStrictEqual(decode(listened, pieces), expected, 'with a listener');
    deepStrictEqual(toldFast, told, 'what the listener is told');
  }
  return { batch: expected, slow: fast.slow };
};
