/** The published snapshot file: docs/snapshots.md describes it, docs/snapshot.schema.json is its JSON Schema. */
export { encodeSnapshot } from './encode.ts';
export { readSnapshot } from './read.ts';
export { SnapshotError } from './snapshot-error.ts';
export { writeSnapshot } from './write.ts';
