import type { ClusterRef } from '../model/cluster.ts';
import type { ChangeKind, Finding } from '../model/finding.ts';
import type { Resource } from '../model/outcome.ts';
import type { AuditReport } from '../model/report.ts';

/** Kinds that a reader hears of, in the order of weight; the others change nothing that anybody must know. */
export const TOLD_CHANGES = ['opened', 'reopened', 'resolved', 'closed'] as const satisfies readonly ChangeKind[];
export type ToldChange = (typeof TOLD_CHANGES)[number];

/** The same happened to one check of one cluster on these resources. */
export interface ChangeGroup {
  readonly kind: ToldChange;
  readonly cluster: ClusterRef;
  readonly check: string;
  readonly resources: readonly [Resource, ...Resource[]];
}

const grouped = (kind: ToldChange, findings: readonly Finding[]): readonly ChangeGroup[] =>
  [...Map.groupBy(findings, ({ cluster, check }) => JSON.stringify([cluster, check])).values()].flatMap(
    ([first, ...others]) =>
      first === undefined
        ? []
        : [
            {
              kind,
              cluster: first.cluster,
              check: first.check,
              resources: [first.resource, ...others.map(({ resource }) => resource)],
            },
          ],
  );

export const changeGroups = ({ clusters }: AuditReport): readonly ChangeGroup[] => {
  const byKind = Map.groupBy(
    clusters.flatMap(({ changes }) => changes),
    ({ kind }) => kind,
  );
  return TOLD_CHANGES.flatMap((kind) =>
    grouped(
      kind,
      (byKind.get(kind) ?? []).map(({ finding }) => finding),
    ),
  );
};

/** `4 opened, 1 resolved`; empty where nothing of that happened. */
export const changeCounts = (groups: readonly ChangeGroup[]): string =>
  TOLD_CHANGES.map((kind) => ({
    kind,
    count: groups.filter((group) => group.kind === kind).reduce((total, { resources }) => total + resources.length, 0),
  }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(', ');
