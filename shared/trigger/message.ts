import * as z from 'zod/mini';
import { singleLine } from '../model/single-line.ts';
import { ACCOUNT, CLUSTER_NAME, INSTANCE_ID, REGION } from './place.ts';
import type { AuditReason, AuditRequest, NodeVerification } from './request.ts';

/** The body of a message cannot be read. Trying again does not help. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}

const Cluster = z.object({
  partition: z.string().check(z.regex(/^aws(?:-[a-z]+)*$/)),
  account: z.string().check(z.regex(ACCOUNT)),
  region: z.string().check(z.regex(REGION)),
  name: z.string().check(z.regex(CLUSTER_NAME)),
});

const REASONS = [
  'addon-changed',
  'cluster-changed',
  'nodegroup-changed',
  'access-changed',
  'group-changed',
  'instances-refreshed',
  'launch-template-changed',
  'nodes-launched',
  'nodes-gone',
  'kubectl-edit',
  'security-hub-action',
  'node-deadline',
  'denied-traffic',
  'follow-up',
  'schedule',
  'manual',
] as const satisfies readonly AuditReason[];

const Attempt = z.int().check(z.minimum(1), z.maximum(1000));
const Time = z.iso.datetime({ offset: true });
const Text = z.string().check(z.maxLength(400));

const Request = z.object({
  cluster: Cluster,
  kind: z.enum(['audit', 'traffic']),
  reason: z.enum(REASONS),
  source: Text,
  at: Time,
  attempt: Attempt,
});

const Verification = z.object({
  cluster: Cluster,
  instanceId: z.string().check(z.regex(INSTANCE_ID)),
  launchedAt: Time,
  attempt: Attempt,
  lifecycle: z.optional(z.object({ group: Text, hook: Text, token: z.optional(Text) })),
});

const PROBLEM_LIMIT = 300;

const bad = (what: string, issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]) => {
  const [{ path, message } = { path: [], message: 'not understood' }] = issues;
  return new BadMessageError(singleLine([what, ...path.map(String)].join('.').concat(`: ${message}`), PROBLEM_LIMIT));
};

/** Of a message, or of an event of Step Functions. @throws BadMessageError */
export const auditRequestIn = (value: unknown): AuditRequest => {
  const read = z.safeParse(Request, value);
  if (read.success) return read.data;
  throw bad('request', read.error.issues);
};

/** @throws BadMessageError */
export const nodeVerificationIn = (value: unknown): NodeVerification => {
  const read = z.safeParse(Verification, value);
  if (!read.success) throw bad('verification', read.error.issues);
  const { lifecycle, ...node } = read.data;
  if (lifecycle === undefined) return node;
  const { token, ...action } = lifecycle;
  return { ...node, lifecycle: { ...action, ...(token === undefined ? {} : { token }) } };
};

/** @throws BadMessageError */
export const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadMessageError('body: expected JSON');
  }
};
