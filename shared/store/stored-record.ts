import * as z from 'zod';
import { singleLine } from '../model/single-line.ts';
import { SEVERITIES } from '../model/check.ts';
import type { ClusterRef } from '../model/cluster.ts';
import type { ClusterRecord, Finding } from '../model/finding.ts';
import type { ResourceType } from '../model/outcome.ts';
import { FACT_KEYS } from '../model/snapshot.ts';
import { clusterKey, StoreError } from './port.ts';

/** Of a record as a file. Another shape is another number. */
export const SCHEMA_VERSION = 1;

const PROBLEM_LIMIT = 400;

const Instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an RFC 3339 time');

const Cluster = z.strictObject({ partition: z.string(), account: z.string(), region: z.string(), name: z.string() });

/** The type guarantees that none is forgotten: a finding on such a resource could be stored and never read again. */
const RESOURCE_TYPES: { readonly [T in ResourceType]: T } = {
  cluster: 'cluster',
  node: 'node',
  addon: 'addon',
  daemonset: 'daemonset',
  configmap: 'configmap',
  namespace: 'namespace',
  nodegroup: 'nodegroup',
  workload: 'workload',
  flow: 'flow',
};

const Evidence = z.strictObject({
  fact: z.enum(FACT_KEYS),
  path: z.string(),
  value: z.string(),
  grade: z.enum(['observed', 'declared', 'inferred']),
  source: z.string(),
  observedAt: z.string(),
});

const StoredFinding = z
  .strictObject({
    id: z.string(),
    cluster: Cluster,
    check: z.string(),
    severity: z.enum(SEVERITIES),
    resource: z.strictObject({
      type: z.enum(RESOURCE_TYPES),
      id: z.string(),
      name: z.string(),
      instanceId: z.string().exactOptional(),
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

const StoredWatermark = z.strictObject({
  examinedAt: Instant.exactOptional(),
  unverifiedSince: Instant.exactOptional(),
});

const StoredRecord = z
  .strictObject({
    schemaVersion: z.literal(
      SCHEMA_VERSION,
      `expected ${SCHEMA_VERSION}: the record of another version of netpol-warden`,
    ),
    cluster: Cluster,
    findings: z.record(z.string(), StoredFinding),
    watermarks: z.record(z.string(), StoredWatermark),
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

export const parseJson = (place: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? singleLine(cause.message, PROBLEM_LIMIT) : 'not JSON';
    throw new StoreError(`${place}: expected a whole JSON document: ${problem}`, { cause });
  }
};

/** What stands at `place`, as the schema has it. Throws StoreError, which names the place and the path in it. */
export const parseStored = <T>(schema: z.ZodType<T>, place: string, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = (first?.path ?? []).map(String).join('.');
  throw new StoreError(singleLine(`${place}: ${path === '' ? '' : `${path}: `}${first?.message ?? ''}`, PROBLEM_LIMIT));
};

/** One finding as `JSON.parse` gives it. Throws StoreError. */
export const parseFinding = (place: string, value: unknown): Finding => parseStored(StoredFinding, place, value);

const Watermarks = z.record(z.string(), StoredWatermark);

/** The watermarks of a record as `JSON.parse` gives them. Throws StoreError. */
export const parseWatermarks = (place: string, value: unknown): ClusterRecord['watermarks'] =>
  parseStored(Watermarks, place, value);

/** `place` is what errors name, a path. Throws StoreError. */
export const decodeRecord = (place: string, text: string): ClusterRecord => {
  const { cluster, findings, watermarks } = parseStored(StoredRecord, place, parseJson(place, text));
  return { cluster, findings, watermarks };
};

/** The record at this place, which must be that of the cluster. Throws StoreError. */
export const decodeRecordOf = (cluster: ClusterRef, place: string, text: string): ClusterRecord => {
  const record = decodeRecord(place, text);
  if (clusterKey(record.cluster) === clusterKey(cluster)) return record;
  const problem = `cluster: expected ${clusterKey(cluster)}, found ${clusterKey(record.cluster)}`;
  throw new StoreError(singleLine(`${place}: ${problem}`, PROBLEM_LIMIT));
};
