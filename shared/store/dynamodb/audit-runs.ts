import * as z from 'zod';
import type { AuditRun, AuditRuns } from '../audit-runs.ts';
import { parseStored } from '../stored-record.ts';
import { afterDays, isExpired } from './expiry.ts';
import { clusterPk } from './finding-item.ts';
import { clusterIn } from './head.ts';
import { compressed, expanded, refuseOversize } from './parts.ts';
import type { Item, Table } from './table.ts';

const Count = z.int().nonnegative();

const StoredRun = z.strictObject({
  cluster: z.unknown(),
  takenAt: z.string(),
  checks: z.array(z.strictObject({ check: z.string(), population: z.enum(['complete', 'none']), resources: Count })),
  counts: z.strictObject({ pass: Count, fail: Count, 'not-applicable': Count, 'not-evaluated': Count }),
  durationMs: z.number().nonnegative(),
  trigger: z.string(),
});

const runsPk = (cluster: AuditRun['cluster']): string => `${clusterPk(cluster)}#runs`;

export interface DynamoAuditRuns {
  readonly table: Table;
  readonly now: () => Date;
  readonly retentionDays: number;
}

export const dynamoAuditRuns = ({ table, now, retentionDays }: DynamoAuditRuns): AuditRuns => {
  const runIn = (item: Item): AuditRun => {
    const here = `${table.place}: ${item.pk} ${item.sk}`;
    const { cluster, ...run } = parseStored(StoredRun, here, expanded(here, item['body']));
    return { cluster: clusterIn(`${here}: cluster`, cluster), ...run };
  };

  return {
    recordRun: async (run) => {
      const item = {
        pk: runsPk(run.cluster),
        sk: new Date(run.takenAt).toISOString(),
        version: 1,
        body: compressed(run),
        expiresAt: afterDays(now(), retentionDays),
      };
      refuseOversize(`the audit run to store in ${table.place}`, item);
      await table.put(item);
    },
    listRuns: async (cluster, limit) =>
      (await table.query(runsPk(cluster), undefined, limit)).filter((item) => !isExpired(item, now())).map(runIn),
  };
};
