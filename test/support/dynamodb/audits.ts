import { auditCluster } from '../../../shared/pipeline.ts';
import type { ClusterRecord } from '../../../shared/model/finding.ts';
import type { ClusterReport } from '../../../shared/model/report.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { expanded } from '../../../shared/store/dynamodb/parts.ts';
import { dynamoStore } from '../../../shared/store/dynamodb/store.ts';
import type { CommittedChange } from '../../../shared/store/dynamodb/stream.ts';
import type { Item, Table } from '../../../shared/store/dynamodb/table.ts';
import type { FindingsStore } from '../../../shared/store/port.ts';
import { addonActive, nodesReady } from '../../evaluate/synthetic-checks.ts';
import { hour } from '../../reconcile/scenario.ts';
import { addon, CLUSTER, eksCluster, node, snapshot } from '../cluster.ts';

const CHECKS = [nodesReady, addonActive];

/** What a snapshot shows: which nodes are ready, or that nobody could look; and the add-on's status. */
export interface Shown {
  readonly nodes: { readonly [name: string]: 'True' | 'False' } | 'denied';
  readonly addon: string;
}

/** Of this hour, every fact as fresh as it. */
export const shown = (at: number, { nodes, addon: status }: Shown): Snapshot => {
  const takenAt = hour(at);
  const { facts, ...rest } = snapshot(
    {
      'eks.cluster': eksCluster(),
      'eks.vpc-cni-addon': addon({ status }),
      'kubernetes.nodes':
        nodes === 'denied' ? nodes : Object.entries(nodes).map(([name, ready]) => node({ name, ready })),
    },
    takenAt,
  );
  const fresh = Object.entries(facts).map(([key, fact]) => [key, { ...fact, observedAt: takenAt }] as const);
  // The same facts, of another time.
  return { ...rest, facts: Object.fromEntries(fresh) as unknown as Snapshot['facts'] };
};

/** A store of a process that has just begun. */
export const storeOver = (table: Table): FindingsStore =>
  dynamoStore({
    table,
    now: () => new Date('2026-11-21T12:00:00Z'),
    retention: { endedFindingsDays: 90 },
    ownerOf: ({ resource }) => (resource.type === 'node' ? 'platform' : undefined),
  });

export const audit = async (table: Table, each: Snapshot): Promise<ClusterReport> =>
  auditCluster(each, { checks: CHECKS, catalogue: CHECKS, store: storeOver(table) });

export const recordOf = async (table: Table): Promise<ClusterRecord> => storeOver(table).read(CLUSTER);

/** By finding, what the outbox says became of it. */
export const histories = (changes: readonly CommittedChange[]): { readonly [finding: string]: readonly string[] } =>
  Object.fromEntries(
    [...Map.groupBy(changes, ({ change }) => `${change.finding.check} ${change.finding.resource.id}`)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([finding, its]) => [finding, its.map(({ change, sequence }) => `${sequence} ${change.kind}`)]),
  );

const WRITE_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The items in order, their bodies as values, without the random names of writes. */
export const settledItems = (items: readonly Item[]): readonly unknown[] =>
  items
    .toSorted((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1))
    .map(({ body, ...item }) => [
      JSON.parse(JSON.stringify(item).replace(WRITE_ID, '<write>')) as unknown,
      body === undefined ? body : expanded('test', body),
    ]);
