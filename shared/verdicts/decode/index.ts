/**
 * Verdict logs of the VPC CNI's network policy agent, decoded.
 *
 *   new PayloadDecoder().decode(payload)   a subscription payload (Lambda, Kinesis, Firehose); see unwrapEvent
 *   decodeStream(chunks)                   a file or standard input, plain or gzip, in flat memory
 *   decodeLine(text)                       one line: the specification of the grammar
 *
 * Each answers with what could be read, what could not be and why, and never throws for what the input holds.
 */
export type { ContentKind, DecodedBatch, DecodeOptions, PayloadProblem } from './batch.ts';
export { decodeStream, PayloadDecoder, toError } from './payload.ts';
export type { PayloadOptions, StreamOptions } from './payload.ts';
export { decodeLine } from './reference.ts';
export type { LineContext, LineReading } from './reference.ts';
export { addCounts, NO_COUNTS } from './tally.ts';
export { DecompressedTooLargeError, GunzipError } from '../envelope/gunzip.ts';
export { isControlPlaneStream } from '../envelope/subscription.ts';
export type { SubscriptionHead } from '../envelope/subscription.ts';
export { unwrapEvent } from '../envelope/wrapper.ts';
export type { UnwrappedEvent, WrappedPayload, WrapperFault } from '../envelope/wrapper.ts';
