import { createHash } from 'node:crypto';
import type { DecodeCounts, Flow } from '../../model/flow.ts';
import type { FlowSummary, SummaryOptions } from '../aggregate/summary.ts';
import { emptySummary } from '../aggregate/summary.ts';
import { isControlPlaneStream, readHead } from '../envelope/subscription.ts';
import type { SubscriptionHead } from '../envelope/subscription.ts';
import { asNotVerdicts, NO_COUNTS } from './tally.ts';

export interface DecodeOptions extends SummaryOptions {
  /** Which verdicts are aggregated. All are counted. Default `denied`. */
  readonly keep?: 'denied' | 'all';
  /** A longer line or event is counted as unreadable and skipped. Default 1 MiB, CloudWatch's largest event; ≥ 4 KiB. */
  readonly maxLineBytes?: number;
  /** Milliseconds: the time of lines that tell none, such as a bare CloudWatch line in a file. Default: unreadable. */
  readonly assumedTime?: number;
  /**
   * Called for every flow in the order of the input, whatever `keep` says; what it throws ends the reading. Costs the fast
   * path: every line is then read by the reference decoder.
   */
  readonly onFlow?: (flow: Flow) => void;
}

/** `lines`: one verdict a line, as in a node's file. `subscription`: a CloudWatch Logs subscription document. */
export type ContentKind = 'lines' | 'subscription';

/** What was wrong with a payload as a whole; whatever could be read of it has been read. */
export type PayloadProblem =
  /** The text is not base64. */
  | { readonly kind: 'bad-base64' }
  /** The bytes are not gzip. */
  | { readonly kind: 'not-gzip' }
  /** The gzip data, or the document in it, ends before its end. */
  | { readonly kind: 'truncated' }
  /** The gzip data is damaged, somewhere: its checksum does not hold, so even what could be read may be wrong. */
  | { readonly kind: 'corrupt' }
  /** More comes out of it than is allowed: reading stopped there. `toError` makes it an Error. */
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  /** The content is no subscription document. */
  | { readonly kind: 'not-an-envelope' }
  /** The document around the events is damaged. */
  | { readonly kind: 'damaged-envelope' };

/** What one payload, file or stream of lines gave. */
export interface DecodedBatch {
  /** `control`: CloudWatch's own probe of the destination; there is nothing in it, whoever its owner claims to be. */
  readonly kind: 'verdicts' | 'control';
  /** Present where the content is a subscription document. */
  readonly head?: SubscriptionHead;
  /** Names the batch for `admitBatch`; absent for lines, which nobody redelivers. */
  readonly identity?: string;
  readonly counts: DecodeCounts;
  readonly summary: FlowSummary;
  readonly problems: readonly PayloadProblem[];
}

/** Takes the content piece by piece, cut anywhere, and says at the end what it was. */
export interface VerdictDecoder {
  push(bytes: Uint8Array): void;
  end(): DecodedBatch;
}

/** CloudWatch takes events of up to 1 MB (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html). */
const DEFAULT_MAX_LINE_BYTES = 1_048_576;

/** Far above any verdict: the hot path, which does not look at this bound, never reads a longer record. */
export const LEAST_MAX_LINE_BYTES = 4096;

/** Throws RangeError for a bound under 4 KiB. */
export const maxLineBytesOf = (options: DecodeOptions): number => {
  const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
  if (!Number.isInteger(maxLineBytes) || maxLineBytes < LEAST_MAX_LINE_BYTES) {
    throw new RangeError(`maxLineBytes must be an integer of at least ${LEAST_MAX_LINE_BYTES}`);
  }
  return maxLineBytes;
};

/** What was read of a subscription document. */
export interface DocumentParts {
  /** Through `"logEvents":[`; undefined where that was never found. */
  readonly before: string | undefined;
  /** From the `]` after the events; undefined where it never came. */
  readonly after: string | undefined;
  /** Something else stood between the events. */
  readonly isBroken: boolean;
  readonly firstId: string | undefined;
  readonly lastId: string | undefined;
  readonly counts: DecodeCounts;
  readonly summary: FlowSummary;
}

/**
 * CloudWatch redelivers a batch as it was, and Lambda retries the same bytes, so the ends of its range and its size name
 * it (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html).
 */
const identityOf = (head: SubscriptionHead, parts: DocumentParts): string =>
  createHash('sha256')
    .update(
      JSON.stringify([head.owner, head.logGroup, head.logStream, parts.firstId, parts.lastId, parts.counts.lines]),
    )
    .digest('hex')
    .slice(0, 32);

/** Puts a document's parts together: control messages and control-plane streams are recognised here. */
export const finishDocument = (parts: DocumentParts, options: DecodeOptions): DecodedBatch => {
  const { before, after, counts, summary } = parts;
  if (before === undefined) return { kind: 'verdicts', counts, summary, problems: [{ kind: 'not-an-envelope' }] };
  const { head, isWhole } = readHead(before, after);
  const problem: PayloadProblem = { kind: after === undefined ? 'truncated' : 'damaged-envelope' };
  const problems = isWhole && !parts.isBroken ? [] : [problem];
  if (head.messageType === 'CONTROL_MESSAGE') {
    return { kind: 'control', head, counts: NO_COUNTS, summary: emptySummary(options), problems };
  }
  const identity = identityOf(head, parts);
  if (head.logStream !== undefined && isControlPlaneStream(head.logStream)) {
    const nothing = emptySummary(options);
    return { kind: 'verdicts', head, identity, counts: asNotVerdicts(counts), summary: nothing, problems };
  }
  return { kind: 'verdicts', head, identity, counts, summary, problems };
};
