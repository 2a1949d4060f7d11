import { type ClusterRef, clusterArn } from '../model/cluster.ts';
import type { ChangeKind, Finding } from '../model/finding.ts';
import type { FindingsStore } from './port.ts';

/** Who is to look after a finding; undefined where nobody is named. */
export type OwnerOf = (finding: Finding) => string | undefined;

/** The last time that a finding became something else. What only refreshed or updated it moved nothing. */
export interface Move {
  readonly kind: Extract<ChangeKind, 'opened' | 'reopened' | 'resolved' | 'closed' | 'unverified'>;
  /** `takenAt` of the snapshot that showed it. */
  readonly at: string;
  readonly finding: Finding;
}

/**
 * Questions about what is stored now, across clusters. None of them writes, and none finishes another's commit.
 * Findings are ordered by cluster ARN, check and id.
 */
export interface FindingsQueries {
  readonly openByCluster: (cluster: ClusterRef) => Promise<readonly Finding[]>;
  readonly openByCheck: (check: string) => Promise<readonly Finding[]>;
  readonly openByOwner: (owner: string) => Promise<readonly Finding[]>;
  /** Whatever moved at this time (RFC 3339) or later, in the order in which it moved; each finding once. */
  readonly movedSince: (at: string) => Promise<readonly Move[]>;
  /** Open or ended; undefined where no such finding is stored. */
  readonly byId: (id: string) => Promise<Finding | undefined>;
}

export const moveOf = (finding: Finding): Move => {
  const { status, openedAt, endedAt, reopenCount, unverifiedSince } = finding;
  const move: Omit<Move, 'finding'> =
    status === 'open'
      ? { kind: reopenCount > 0 ? 'reopened' : 'opened', at: openedAt }
      : { kind: status, at: endedAt ?? openedAt };
  if (unverifiedSince === undefined || Date.parse(unverifiedSince) < Date.parse(move.at)) return { ...move, finding };
  return { kind: 'unverified', at: unverifiedSince, finding };
};

const orderOf = ({ cluster, check, id }: Finding): string => JSON.stringify([clusterArn(cluster), check, id]);

export const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));

export const movesSince = (findings: readonly Finding[], at: string): readonly Move[] =>
  inOrder(findings)
    .map(moveOf)
    .filter((move) => Date.parse(move.at) >= Date.parse(at))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

/** Answers from whole records: for stores that hold few clusters, in files or in memory. */
export const queriesOf = (store: FindingsStore, ownerOf: OwnerOf): FindingsQueries => {
  const all = async (): Promise<readonly Finding[]> =>
    (await store.list()).flatMap(({ findings }) => Object.values(findings));
  const open = async (): Promise<readonly Finding[]> =>
    inOrder((await all()).filter(({ status }) => status === 'open'));

  return {
    openByCluster: async (cluster) =>
      inOrder(Object.values((await store.read(cluster)).findings).filter(({ status }) => status === 'open')),
    openByCheck: async (check) => (await open()).filter((finding) => finding.check === check),
    openByOwner: async (owner) => (await open()).filter((finding) => ownerOf(finding) === owner),
    movedSince: async (at) => movesSince(await all(), at),
    byId: async (id) => (await all()).find((finding) => finding.id === id),
  };
};
