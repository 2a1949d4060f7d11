/** Wires verdict logs: files and log groups in, what they told out. */
import { join, relative } from 'node:path';
import { verdictFilesAt, verdictFilesIn, type VerdictFile } from './collect/verdict-files.ts';
import { FACT_KEYS, type Facts, type Snapshot } from './model/snapshot.ts';
import type { Flow } from './model/flow.ts';
import { unobserved } from './model/fact.ts';
import { readTraffic, withTraffic, type VerdictReading } from './traffic.ts';
import { absorbBatch, emptyState } from './verdicts/aggregate/index.ts';
import { decodeInput, toError } from './verdicts/decode/index.ts';

/** Something that verdict lines are read from. */
export interface VerdictInput {
  readonly name: string;
  /** Milliseconds: the time of lines that tell none. */
  readonly assumedTime: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

export interface ReadInput {
  readonly name: string;
  readonly problems: readonly string[];
}

export interface VerdictInputs extends VerdictReading {
  readonly inputs: readonly ReadInput[];
}

export interface ReadOptions {
  readonly onProgress?: (name: string, bytesRead: number) => void;
  /** Every verdict in the order of the inputs; slower than without. */
  readonly onFlow?: (flow: Flow) => void;
}

const inputOf = (file: VerdictFile): VerdictInput => ({
  name: file.path,
  assumedTime: file.modifiedAt,
  chunks: file.chunks,
});

/**
 * A file, or all files below a directory, in order of their names; the caller calls it `name`.
 * @throws what the file system says
 */
export const verdictInputs = async (path: string, name: string): Promise<readonly VerdictInput[]> =>
  (await verdictFilesAt(path)).map((file) => ({ ...inputOf(file), name: join(name, relative(path, file.path)) }));

/**
 * All inputs as one reading, one after the other in flat memory. One that cannot be read costs only itself and is named;
 * a subscription document that comes twice counts once.
 */
export const readVerdicts = async (
  inputs: readonly VerdictInput[],
  options: ReadOptions = {},
): Promise<VerdictInputs> => {
  const { onProgress, onFlow } = options;
  let state = emptyState();
  const read: ReadInput[] = [];
  for (const { name, assumedTime, chunks } of inputs) {
    try {
      const batch = await decodeInput(name, chunks(), {
        assumedTime,
        ...(onFlow === undefined ? {} : { onFlow }),
        ...(onProgress === undefined ? {} : { onProgress: (bytes: number) => onProgress(name, bytes) }),
      });
      state = absorbBatch(state, batch);
      read.push({ name, problems: batch.problems.map((problem) => toError(problem).message) });
    } catch (error) {
      read.push({ name, problems: [error instanceof Error ? error.message : String(error)] });
    }
  }
  return { summary: state.summary, counts: state.counts, inputs: read };
};

/** A snapshot with the logs that lie beside it in its dump, if any do. */
export const withVerdictsOf = async (snapshot: Snapshot, dump: string): Promise<Snapshot> => {
  const files = await verdictFilesIn(dump);
  if (files.length === 0) return snapshot;
  const reading = await readVerdicts(files.map(inputOf));
  const { traffic } = readTraffic(reading, { snapshot, now: Date.parse(snapshot.takenAt) });
  return withTraffic(snapshot, traffic);
};

/** A cluster of which nothing is known: addresses have no names, and nothing can be explained. */
export const bareSnapshot = (takenAt: string): Snapshot => {
  const nothing = Object.fromEntries(
    FACT_KEYS.map((key) => [key, unobserved('not-collected', 'no snapshot was given', key, takenAt)]),
  );
  // An entry for each key, each in a state that holds for every fact.
  const facts = nothing as unknown as Facts;
  return { cluster: { partition: 'aws', account: '000000000000', region: 'unknown', name: 'unknown' }, takenAt, facts };
};
