import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { ClusterRef } from '../../model/cluster.ts';
import { StoreError } from '../port.ts';
import { parseStored } from '../stored-record.ts';
import { StaleVerdictStateError, type VerdictState, type VerdictStates } from '../verdict-states.ts';
import { clusterPk } from './finding-item.ts';
import { inParallel } from './in-parallel.ts';
import { isPartOf, joined, partsOf } from './parts.ts';
import type { Table } from './table.ts';

const HEAD = '#HEAD';
const PART = 'PART';
const READ_ATTEMPTS = 20;

const StateHead = z.object({ version: z.int().positive(), writeId: z.string(), parts: z.int().positive() });

const statePk = (cluster: ClusterRef, shard: string): string =>
  `${clusterPk(cluster)}#verdicts#${createHash('sha256').update(shard, 'utf8').digest('hex')}`;

/** The parts are written first; then the head, by one conditional put, refers to them instead of those before. */
export const dynamoVerdictStates = (table: Table): VerdictStates => {
  const read = async (pk: string): Promise<VerdictState | undefined> => {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const items = await table.query(pk);
      const found = items.find(({ sk }) => sk === HEAD);
      if (found === undefined) return undefined;
      const { version, writeId, parts } = parseStored(StateHead, `${table.place}: ${pk} ${HEAD}`, found);
      const state = joined(
        items.filter((item) => isPartOf(item, PART, version, writeId)),
        parts,
      );
      // Between the pages of a query, another state may have replaced this one.
      if (state !== undefined) return { state, revision: version };
    }
    throw new StoreError(`${table.place}: ${pk}: expected every part of the state`);
  };

  return {
    get: async (cluster, shard) => read(statePk(cluster, shard)),

    put: async (cluster, shard, state, revision) => {
      const pk = statePk(cluster, shard);
      const version = revision + 1;
      const writeId = randomUUID();
      const parts = partsOf(pk, PART, version, writeId, state);
      await inParallel(parts, async (part) => table.put(part));
      const head = { pk, sk: HEAD, version, writeId, parts: parts.length };
      // Refused although it is ours: the answer got lost, and the SDK tried again.
      const isMade =
        (await table.put(head, { ifVersion: revision })) || (await table.get(head))?.['writeId'] === writeId;
      if (!isMade) {
        await inParallel(parts, async (part) => table.delete(part));
        throw new StaleVerdictStateError(`another state than that of revision ${revision} is stored in ${pk}`);
      }
      const tidy = async (): Promise<void> => {
        const litter = (await table.query(pk, { prefix: `${PART}#` })).filter(
          (item) => item.version <= version && !isPartOf(item, PART, version, writeId),
        );
        await inParallel(litter, async (part) => table.delete(part));
      };
      await tidy().catch((error: unknown) => {
        // The state is stored; what stays is removed after the next one.
        if (!(error instanceof StoreError)) throw error;
      });
      return version;
    },
  };
};
