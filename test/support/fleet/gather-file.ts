import type { DumpFile } from './dump.ts';
import type { ClusterPlan } from './plan.ts';

/** gather.json, which marks a dump directory: one line, as gather.sh prints it. */
export const gatherFile = (cluster: ClusterPlan): DumpFile => [
  'gather.json',
  `${JSON.stringify({
    schemaVersion: 1,
    tool: 'gather.sh',
    cluster: cluster.name,
    region: cluster.region,
    account: cluster.account,
    partition: 'aws',
    gatheredAt: cluster.gatheredAt,
  })}\n`,
];
