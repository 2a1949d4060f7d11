/** Wires the real edges to the pipeline: the only file that knows them all. No decisions live here. */
import { importDump, isDumpDirectory } from './collect/dump/import-dump.ts';
import { encodeSnapshot, readSnapshot, writeSnapshot } from './collect/snapshot-file/snapshot-file.ts';
import { withVerdictsOf } from './compose-verdicts.ts';
import type { Snapshot } from './model/snapshot.ts';
import { fileStore } from './store/file-store.ts';
import { memoryStore } from './store/memory-store.ts';
import type { FindingsStore } from './store/port.ts';

/** A dump with the verdict logs that lie in it. */
const importWithVerdicts = async (dump: string): Promise<Snapshot> => withVerdictsOf(await importDump(dump), dump);

/** The offline edges: facts come from files. */
export const offline = {
  importDump: importWithVerdicts,
  isDumpDirectory,
  encodeSnapshot,
  readSnapshot,
  writeSnapshot,
} as const;

/** Findings remembered in a directory, or for this process only. */
export const findingsStore = (state: { readonly directory: string } | 'memory'): FindingsStore =>
  state === 'memory' ? memoryStore() : fileStore(state.directory);
