import type { AuditRun, AuditRuns } from './audit-runs.ts';
import { clusterKey } from './port.ts';

/** Remembers for as long as the process lives. */
export const memoryAuditRuns = (): AuditRuns => {
  const held = new Map<string, ReadonlyMap<number, AuditRun>>();
  return {
    recordRun: (run) => {
      const key = clusterKey(run.cluster);
      held.set(key, new Map([...(held.get(key) ?? []), [Date.parse(run.takenAt), run]]));
      return Promise.resolve();
    },
    listRuns: (cluster, limit) =>
      Promise.resolve(
        [...(held.get(clusterKey(cluster)) ?? [])]
          .toSorted(([a], [b]) => b - a)
          .slice(0, limit)
          .map(([, run]) => run),
      ),
  };
};
