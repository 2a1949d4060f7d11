/**
 * Verdict logs of the VPC CNI's network policy agent, decoded.
 *
 *   new PayloadDecoder().decode(payload)   a subscription payload (Lambda, Kinesis, Firehose); see unwrapEvent
 *   decodeEvent(event, decoder)            all payloads of an event, each on its own
 *   decodeInput(name, chunks)              a file or standard input, whatever is in it, in flat memory
 *   decodeLine(text)                       one line: the specification of the grammar
 *
 * Each answers with what could be read, what could not be and why, and never throws for what the input holds.
 */
export type { ContentKind, DecodedBatch, DecodeOptions, PayloadProblem } from './batch.ts';
export type { ContentForm } from './content.ts';
export { decodeEvent } from './event.ts';
export type { DecodedEvent, DecodedRecord } from './event.ts';
export { decodeInput } from './input.ts';
export type { DecodedInput, InputOptions } from './input.ts';
export { PayloadDecoder, toError } from './payload.ts';
export type { PayloadOptions } from './payload.ts';
export { decodeLine } from './reference.ts';
export type { LineContext, LineReading } from './reference.ts';
export { addCounts, NO_COUNTS } from './tally.ts';
export { DecompressedTooLargeError, GunzipError } from '../envelope/gunzip.ts';
export { isControlPlaneStream } from '../envelope/subscription.ts';
export type { SubscriptionHead } from '../envelope/subscription.ts';
export { unwrapEvent } from '../envelope/wrapper.ts';
export type { UnwrappedEvent, WrappedPayload, WrapperFault } from '../envelope/wrapper.ts';
