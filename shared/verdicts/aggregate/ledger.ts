/**
 * Which batches have been counted. CloudWatch Logs delivers at least once, and Lambda repeats a failed asynchronous
 * invocation with the same payload (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html):
 * the ledger is stored together with what it guards, in one write.
 */
export interface BatchLedger {
  /** At most this many are remembered; the oldest goes first. */
  readonly limit: number;
  /** Identities, oldest first. */
  readonly seen: readonly string[];
}

/** A batch every few seconds from each of some hundred nodes, for an hour: longer than redelivery usually takes. */
export const DEFAULT_LEDGER_LIMIT = 10_000;

export const emptyLedger = (limit: number = DEFAULT_LEDGER_LIMIT): BatchLedger => {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('limit must be a positive whole number');
  return { limit, seen: [] };
};

/** Whether the batch is new, and the ledger that knows it. A batch repeated after it has been forgotten counts twice. */
export const admitBatch = (
  ledger: BatchLedger,
  identity: string,
): { readonly isNew: boolean; readonly ledger: BatchLedger } =>
  ledger.seen.includes(identity)
    ? { isNew: false, ledger }
    : { isNew: true, ledger: { ...ledger, seen: [...ledger.seen, identity].slice(-ledger.limit) } };
