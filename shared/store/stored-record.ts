import * as z from 'zod';
import { singleLine } from '../model/single-line.ts';
import { SEVERITIES } from '../model/check.ts';
import type { ClusterRef } from '../model/cluster.ts';
import type { ClusterRecord } from '../model/finding.ts';
import { FACT_KEYS } from '../model/snapshot.ts';
import { clusterKey, StoreError } from './port.ts';

/** Of a record as a file. Another shape is another number. */
export const SCHEMA_VERSION = 1;

const PROBLEM_LIMIT = 400;

const Instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an RFC 3339 time');

const Cluster = z.strictObject({ partition: z.string(), account: z.string(), region: z.string(), name: z.string() });

const Evidence = z.strictObject({
  fact: z.enum(FACT_KEYS),
  path: z.string(),
  value: z.string(),
  grade: z.enum(['observed', 'declared', 'inferred']),
  source: z.string(),
  observedAt: z.string(),
});

const Finding = z
  .strictObject({
    id: z.string(),
    cluster: Cluster,
    check: z.string(),
    severity: z.enum(SEVERITIES),
    resource: z.strictObject({
      type: z.enum(['cluster', 'node', 'addon', 'daemonset', 'configmap', 'namespace', 'nodegroup']),
      id: z.string(),
      name: z.string(),
    }),
    status: z.enum(['open', 'resolved', 'closed']),
    closeReason: z.enum(['not-applicable', 'resource-gone', 'check-retired']).exactOptional(),
    firstSeenAt: Instant,
    lastSeenAt: Instant,
    openedAt: Instant,
    endedAt: Instant.exactOptional(),
    reopenCount: z.int().nonnegative(),
    unverifiedSince: Instant.exactOptional(),
    takenAt: Instant,
    message: z.strictObject({
      key: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
      text: z.string(),
    }),
    evidence: z.array(Evidence),
  })
  .refine(({ status, closeReason }) => (status === 'closed') === (closeReason !== undefined), {
    path: ['closeReason'],
    error: 'expected exactly where status is closed',
  });

const Watermark = z.strictObject({ examinedAt: Instant.exactOptional(), unverifiedSince: Instant.exactOptional() });

const StoredRecord = z
  .strictObject({
    schemaVersion: z.literal(
      SCHEMA_VERSION,
      `expected ${SCHEMA_VERSION}: the record of another version of netpol-warden`,
    ),
    cluster: Cluster,
    findings: z.record(z.string(), Finding),
    watermarks: z.record(z.string(), Watermark),
  })
  .check(({ value: { cluster, findings }, issues }) => {
    for (const [id, finding] of Object.entries(findings)) {
      const path = ['findings', id];
      if (finding.id !== id)
        issues.push({ code: 'custom', input: id, path: [...path, 'id'], message: 'expected the key' });
      if (clusterKey(finding.cluster) === clusterKey(cluster)) continue;
      issues.push({
        code: 'custom',
        input: id,
        path: [...path, 'cluster'],
        message: 'expected the cluster of the record',
      });
    }
  });

const inOrder = <T>(entries: { readonly [key: string]: T }): { readonly [key: string]: T } =>
  Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** JSON with keys in order, so that equal records are equal texts. */
export const encodeRecord = ({ cluster, findings, watermarks }: ClusterRecord): string => {
  const { partition, account, region, name } = cluster;
  const stored = {
    schemaVersion: SCHEMA_VERSION,
    cluster: { partition, account, region, name },
    findings: inOrder(findings),
    watermarks: inOrder(watermarks),
  };
  return `${JSON.stringify(stored, undefined, 1)}\n`;
};

const parseJson = (place: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? singleLine(cause.message, PROBLEM_LIMIT) : 'not JSON';
    throw new StoreError(`${place}: expected a whole JSON document: ${problem}`, { cause });
  }
};

/** `place` is what errors name, a path. Throws StoreError. */
export const decodeRecord = (place: string, text: string): ClusterRecord => {
  const parsed = StoredRecord.safeParse(parseJson(place, text));
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const path = (first?.path ?? []).map(String).join('.');
    throw new StoreError(
      singleLine(`${place}: ${path === '' ? '' : `${path}: `}${first?.message ?? ''}`, PROBLEM_LIMIT),
    );
  }
  const { cluster, findings, watermarks } = parsed.data;
  return { cluster, findings, watermarks };
};

/** The record at this place, which must be that of the cluster. Throws StoreError. */
export const decodeRecordOf = (cluster: ClusterRef, place: string, text: string): ClusterRecord => {
  const record = decodeRecord(place, text);
  if (clusterKey(record.cluster) === clusterKey(cluster)) return record;
  const problem = `cluster: expected ${clusterKey(cluster)}, found ${clusterKey(record.cluster)}`;
  throw new StoreError(singleLine(`${place}: ${problem}`, PROBLEM_LIMIT));
};
