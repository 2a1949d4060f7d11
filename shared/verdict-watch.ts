/**
 * What the verdict path keeps between two invocations: each shard of a cluster holds the flows of the last hours and which
 * batches are among them, in one item that is replaced whole. Kept small: the Lambda that watches loads this and little else.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ClusterRef } from './model/cluster.ts';
import { StaleVerdictStateError, type VerdictStates } from './store/verdict-states.ts';
import { absorbBatch, emptyState, takeWindows, type VerdictState } from './verdicts/aggregate/index.ts';
import type { DecodedBatch } from './verdicts/decode/index.ts';

/** Writers of one cluster side by side; more would only meet each other less often. */
export const SHARDS: readonly string[] = ['flows-0', 'flows-1', 'flows-2', 'flows-3'];

/** Windows are kept so long; what the traffic audit has not read by then it will not read. */
const KEPT_MS = 6 * 3_600_000;
const WRITE_ATTEMPTS = 10;

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** Far above what a state can hold; a damaged or foreign item must not exhaust memory. */
const MOST_BYTES = 64 * 1_048_576;

/** Opaque to the store. */
export const packState = async (state: unknown): Promise<Uint8Array> => compress(JSON.stringify(state));

/** @throws where the bytes are not what `packState` gave */
export const unpackState = async (bytes: Uint8Array): Promise<unknown> =>
  JSON.parse((await decompress(bytes, { maxOutputLength: MOST_BYTES })).toString('utf8'));

/** All batches of one log stream go to one shard, so that a repeated one meets its own ledger. */
export const shardOf = (logStream: string): string => {
  const index = createHash('sha256').update(logStream, 'utf8').digest().readUInt32BE(0) % SHARDS.length;
  return SHARDS[index] ?? 'flows-0';
};

export interface ShardReading {
  readonly state: VerdictState;
  readonly revision: number;
}

export const readShard = async (states: VerdictStates, cluster: ClusterRef, shard: string): Promise<ShardReading> => {
  const stored = await states.get(cluster, shard);
  if (stored === undefined) return { state: emptyState(), revision: 0 };
  // Only this program writes these items, and only what `packState` made of a VerdictState.
  return { state: (await unpackState(stored.state)) as VerdictState, revision: stored.revision };
};

/**
 * Counts a batch exactly once, whatever the order and repetition of delivery.
 * @returns whether it was new; CloudWatch's own probes are not
 * @throws what the store throws; then the batch is not counted and must come again
 */
export const absorbVerdicts = async (
  states: VerdictStates,
  cluster: ClusterRef,
  batch: DecodedBatch,
  now: Date,
): Promise<boolean> => {
  if (batch.kind === 'control') return false;
  const shard = shardOf(batch.head?.logStream ?? '');
  for (let attempt = 1; ; attempt += 1) {
    const { state, revision } = await readShard(states, cluster, shard);
    const next = absorbBatch(state, batch);
    if (next.batches.admitted === state.batches.admitted) return false;
    const { rest } = takeWindows(next.summary, now.getTime() - KEPT_MS);
    try {
      await states.put(cluster, shard, await packState({ ...next, summary: rest }), revision);
      return true;
    } catch (error) {
      if (!(error instanceof StaleVerdictStateError) || attempt === WRITE_ATTEMPTS) throw error;
    }
  }
};
