import { createHash } from 'node:crypto';
import type { ChangeKind, Finding } from '../../model/finding.ts';
import { fileStem } from '../file-name.ts';
import { StoreError } from '../port.ts';
import { moveOf } from '../queries.ts';
import { parseFinding } from '../stored-record.ts';
import { compressed, expanded } from './parts.ts';
import type { Item, Key } from './table.ts';

/** One change of a commit, with all that the item needs: whoever applies it writes the same. */
export interface StagedChange {
  readonly kind: ChangeKind;
  readonly finding: Finding;
  readonly owner?: string;
  /** Unix seconds; only where the finding has ended. */
  readonly expiresAt?: number;
}

/** Records of one cluster stand under one partition key, which holds nothing hostile. */
export const clusterPk = fileStem;

export const FINDING = 'FINDING#';

const digestOf = (id: string): string => createHash('sha256').update(id, 'utf8').digest('hex');

export const findingKey = (pk: string, id: string): Key => ({ pk, sk: `${FINDING}${digestOf(id)}` });

/** A storm of one check on one cluster must not meet in one partition of the index. */
export const SHARDS: readonly string[] = '0123456789abcdef'.split('');

export const openPk = (shard: string): string => `open#${shard}`;

/** Of one check; check ids hold no space. */
export const openSk = (check: string, rest = ''): string => `${check} ${rest}`;

/** `day` is YYYY-MM-DD, UTC. */
export const movedPk = (day: string, shard: string): string => `moved#${day}#${shard}`;

/** `revision` is that of the cluster's record: higher with every commit, and so with every change of this finding. */
export const findingItem = (staged: StagedChange, revision: number, changedAt: string): Item => {
  const { kind, finding, owner, expiresAt } = staged;
  const key = findingKey(clusterPk(finding.cluster), finding.id);
  const shard = digestOf(finding.id).charAt(0);
  const moved = new Date(moveOf(finding).at).toISOString();
  const open = { gsi1pk: openPk(shard), gsi1sk: openSk(finding.check, `${key.pk} ${key.sk}`) };
  return {
    ...key,
    version: revision,
    change: kind,
    changedAt,
    check: finding.check,
    severity: finding.severity,
    status: finding.status,
    body: compressed(finding),
    ...(finding.status === 'open' ? open : {}),
    gsi2pk: movedPk(moved.slice(0, 10), shard),
    gsi2sk: `${moved} ${key.sk}`,
    ...(owner === undefined ? {} : { owner }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
};

/** Throws StoreError. */
export const findingIn = (place: string, item: Item): Finding => {
  const here = `${place}: ${item.pk} ${item.sk}`;
  const finding = parseFinding(here, expanded(here, item['body']));
  if (findingKey(clusterPk(finding.cluster), finding.id).sk === item.sk && clusterPk(finding.cluster) === item.pk) {
    return finding;
  }
  throw new StoreError(`${here}: expected the finding of its key`);
};
