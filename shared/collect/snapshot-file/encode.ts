import { FACT_KEYS, type Snapshot } from '../../model/snapshot.ts';
import { compareText } from '../normalise/order.ts';
import { SCHEMA_VERSION } from './schema.ts';

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareText(a, b)))
    : value;

/** One line of JSON whose keys do not tell in which order somebody put the object together. */
const line = (value: unknown): string => JSON.stringify(value, sortedKeys);

/**
 * A snapshot as the published JSON, schema version 1: one fact a line, in the model's order, keys sorted, so that
 * equal snapshots are equal bytes and two of one cluster can be compared line by line. Ends in a line feed.
 */
export const encodeSnapshot = (snapshot: Snapshot): string => {
  const facts = FACT_KEYS.map((key) => `    ${JSON.stringify(key)}: ${line(snapshot.facts[key])}`);
  return [
    '{',
    `  "schemaVersion": ${SCHEMA_VERSION},`,
    `  "cluster": ${line(snapshot.cluster)},`,
    `  "takenAt": ${JSON.stringify(snapshot.takenAt)},`,
    '  "facts": {',
    facts.join(',\n'),
    '  }',
    '}',
    '',
  ].join('\n');
};
