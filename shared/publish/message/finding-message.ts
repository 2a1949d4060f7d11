import * as z from 'zod';
import type { Announcement } from '../../model/announcement.ts';
import { remediationCommand, SEVERITIES } from '../../model/check.ts';
import { clusterArn } from '../../model/cluster.ts';
import { STANDARDS } from '../../model/standards.ts';
import { fixCommand } from '../../report/fix-command.ts';

/** The one version that this program writes. A new optional field keeps it; anything else is a new one. */
export const MESSAGE_VERSION = 1;

const time = z.iso.datetime();

/** One change of a finding, as SNS, EventBridge and webhooks carry it. Readers ignore fields they do not know. */
export const FindingMessage = z.object({
  schemaVersion: z.literal(MESSAGE_VERSION),
  id: z.string().describe('The same change has the same id however often it arrives'),
  sequence: z.int().positive().describe('Strictly increasing per finding'),
  at: time.describe('When the change was committed'),
  change: z.enum(['opened', 'updated', 'refreshed', 'resolved', 'closed', 'reopened', 'unverified', 'backdated']),
  cluster: z.object({
    arn: z.string(),
    partition: z.string(),
    account: z.string(),
    region: z.string(),
    name: z.string(),
  }),
  check: z.object({ id: z.string(), title: z.string(), rationale: z.string() }),
  finding: z.object({
    id: z.string(),
    status: z.enum(['open', 'resolved', 'closed']),
    severity: z.enum(SEVERITIES),
    resource: z.object({
      type: z.string(),
      id: z.string(),
      name: z.string(),
      instanceId: z.exactOptional(z.string()),
    }),
    message: z.object({
      key: z.string(),
      text: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
    firstSeenAt: z.string(),
    lastSeenAt: z.string(),
    openedAt: z.string(),
    endedAt: z.exactOptional(z.string()),
    closeReason: z.exactOptional(z.string()),
    unverifiedSince: z.exactOptional(z.string().describe('Nobody could look since: open is not known to hold')),
    reopenCount: z.int().nonnegative(),
    evidence: z.array(
      z.object({
        fact: z.string(),
        path: z.string(),
        value: z.string(),
        grade: z.enum(['observed', 'declared', 'inferred']),
        source: z.string(),
        observedAt: z.string(),
      }),
    ),
  }),
  remediation: z.object({ text: z.string(), command: z.string(), url: z.string() }),
  references: z.array(z.object({ standard: z.string(), version: z.string(), control: z.string(), url: z.string() })),
  owner: z.exactOptional(z.string()),
  exception: z.exactOptional(z.object({ owner: z.string(), reason: z.string(), expires: z.string() })),
  links: z.object({ report: z.exactOptional(z.string()), runbook: z.exactOptional(z.string()) }),
  truncated: z.exactOptional(
    z
      .object({
        evidence: z.int().positive().describe('Pieces of evidence left out, from the end'),
        full: z.exactOptional(z.string().describe('Where the whole message is: s3://bucket/key')),
      })
      .describe('Present exactly where the message was too large for its way'),
  ),
});
export type FindingMessage = z.infer<typeof FindingMessage>;

export const toMessage = (announcement: Announcement): FindingMessage => {
  const { id, sequence, at, change, check, owner, exception, links } = announcement;
  const { finding, kind } = change;
  const { cluster, resource, message } = finding;
  return {
    schemaVersion: MESSAGE_VERSION,
    id,
    sequence,
    at,
    change: kind,
    cluster: { arn: clusterArn(cluster), ...cluster },
    check: { id: check.id, title: check.title, rationale: check.rationale },
    finding: {
      id: finding.id,
      status: finding.status,
      severity: finding.severity,
      resource,
      message: { key: message.key, text: message.text, values: { ...message.values } },
      firstSeenAt: finding.firstSeenAt,
      lastSeenAt: finding.lastSeenAt,
      openedAt: finding.openedAt,
      ...(finding.endedAt === undefined ? {} : { endedAt: finding.endedAt }),
      ...(finding.closeReason === undefined ? {} : { closeReason: finding.closeReason }),
      ...(finding.unverifiedSince === undefined ? {} : { unverifiedSince: finding.unverifiedSince }),
      reopenCount: finding.reopenCount,
      evidence: [...finding.evidence],
    },
    remediation: {
      text: check.remediation.text,
      command: fixCommand(remediationCommand(check.remediation, message.key), cluster, [resource]),
      url: check.remediation.url,
    },
    references: check.references.map(({ standard, control, url }) => ({
      standard: STANDARDS[standard].title,
      version: STANDARDS[standard].version,
      control,
      url,
    })),
    ...(owner === undefined ? {} : { owner }),
    ...(exception === undefined
      ? {}
      : { exception: { owner: exception.owner, reason: exception.reason, expires: exception.expires } }),
    links,
  };
};

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Where whole messages are kept that were too large: gives the address of one. */
export type KeepFull = (id: string, body: string) => Promise<string>;

/** What was written, and whether it is everything. */
export interface Fitted {
  readonly body: string;
  readonly isWhole: boolean;
}

/**
 * The message as JSON of at most `limitBytes`. The rule for one that is larger: evidence goes, from the end, until it
 * fits; `truncated` says how much, and where the whole one is if somebody keeps it. Undefined where even that is not
 * enough.
 */
export const fitMessage = async (
  message: FindingMessage,
  limitBytes: number,
  keepFull: KeepFull | undefined,
): Promise<Fitted | undefined> => {
  const whole = JSON.stringify(message);
  if (bytesOf(whole) <= limitBytes) return { body: whole, isWhole: true };
  const full = await keepFull?.(message.id, whole);
  const { evidence } = message.finding;
  const cut = (kept: number): string =>
    JSON.stringify({
      ...message,
      finding: { ...message.finding, evidence: evidence.slice(0, kept) },
      truncated: { evidence: evidence.length - kept, ...(full === undefined ? {} : { full }) },
    } satisfies FindingMessage);
  // The most that fits, by halving: size grows with every piece.
  let [fits, tooMany] = [-1, evidence.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytesOf(cut(middle)) <= limitBytes) fits = middle;
    else tooMany = middle;
  }
  return fits < 0 ? undefined : { body: cut(fits), isWhole: false };
};
