import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Announcement } from '../../model/announcement.ts';
import { SEVERITIES } from '../../model/check.ts';
import type { Finding } from '../../model/finding.ts';
import type { OutboxEntry, OutboxThread } from '../../model/outbox.ts';
import { STANDARDS, type StandardKey } from '../../model/standards.ts';
import { parseFinding, parseStored } from '../stored-record.ts';
import { Kind } from './partition.ts';
import type { Item, Key } from './table.ts';

/**
 * No sort key of the outbox begins as that of a finding, so `changeFromStreamImage` passes over these items, and an event
 * filter on the key keeps them from waking its function:
 * `{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"FINDING#"}]}}}}`.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
export const ENTRY = 'ENTRY';
const THREAD = 'THREAD';

const digestOf = (name: string): string => createHash('sha256').update(name, 'utf8').digest('hex');

export const entryKey = (destination: string, finding: string): Key => ({
  pk: `outbox#${destination}#${digestOf(finding)}`,
  sk: ENTRY,
});

export const threadKey = (destination: string, thread: string): Key => ({
  pk: `outbox#${destination}#thread#${digestOf(thread)}`,
  sk: THREAD,
});

/** A destination that is down for a day must not gather its entries in one partition of an index. */
export const OUTBOX_SHARDS: readonly string[] = ['0', '1', '2', '3'];

const shardOf = (digest: string): string => String(Number.parseInt(digest.charAt(0), 16) % OUTBOX_SHARDS.length);

export const duePk = (destination: string, shard: string): string => `due#${destination}#${shard}`;
export const parkedPk = (destination: string, shard: string): string => `parked#${destination}#${shard}`;

/** After the year 9999, which no RFC 3339 time can name. */
const END_OF_TIME = 253_402_300_800_000;

/** The later, the smaller: what is due by a time are all from there on, the longest waiting last. */
export const dueSk = (time: number): string => String(END_OF_TIME - time).padStart(15, '0');

/** What the indexes know of an entry. */
export const indexed = ({ destination, finding, dueAt, parked }: OutboxEntry): Partial<Item> => {
  const digest = digestOf(finding);
  const shard = shardOf(digest);
  return {
    ...(dueAt === undefined
      ? {}
      : { gsi2pk: duePk(destination, shard), gsi2sk: `${dueSk(Date.parse(dueAt))} ${digest}` }),
    ...(parked.length === 0 ? {} : { gsi1pk: parkedPk(destination, shard), gsi1sk: digest }),
  };
};

const Instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an RFC 3339 time');
const Count = z.int().nonnegative();

/** The finding is looked at by its own schema. */
const StoredFinding = z.unknown().transform((value): Finding => parseFinding('announcement', value));

const isStandard = (key: string): key is StandardKey => Object.hasOwn(STANDARDS, key);

const StoredAnnouncement = z.object({
  id: z.string(),
  sequence: z.int().positive(),
  at: Instant,
  change: z.object({ kind: Kind, finding: StoredFinding }),
  check: z.object({
    id: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    rationale: z.string(),
    remediation: z.object({
      text: z.string(),
      command: z.string(),
      commands: z.record(z.string(), z.string()).exactOptional(),
      url: z.string(),
    }),
    references: z.array(
      z.object({
        standard: z.string().refine(isStandard, 'expected a standard'),
        control: z.string(),
        url: z.string(),
        readOn: z.string(),
      }),
    ),
  }),
  exception: z
    .object({
      check: z.string(),
      cluster: z.string().exactOptional(),
      resource: z.string().exactOptional(),
      owner: z.string(),
      reason: z.string(),
      expires: z.string(),
    })
    .exactOptional(),
  owner: z.string().exactOptional(),
  links: z.object({ report: z.string().exactOptional(), runbook: z.string().exactOptional() }),
}) satisfies z.ZodType<Announcement>;

const StoredEntry = z.object({
  destination: z.string(),
  finding: z.string(),
  done: Count,
  waiting: z.array(StoredAnnouncement),
  parked: z.array(z.object({ announcement: StoredAnnouncement, reason: z.string(), parkedAt: Instant })),
  attempts: Count,
  dueAt: Instant.exactOptional(),
  reason: z.string().exactOptional(),
  held: z.object({ flips: Count, since: Instant, lastAt: Instant }).exactOptional(),
  deliveredAt: Instant.exactOptional(),
  told: z
    .object({
      status: z.enum(['open', 'ended']),
      severity: z.enum(SEVERITIES),
      isUnverified: z.boolean(),
      flips: z.array(Instant),
    })
    .exactOptional(),
}) satisfies z.ZodType<Omit<OutboxEntry, 'revision'>>;

const StoredThread = z.object({
  destination: z.string(),
  thread: z.string(),
  reference: z.string().exactOptional(),
  sentAt: z.record(z.string(), Instant),
}) satisfies z.ZodType<OutboxThread>;

/** Throws StoreError. */
export const parseEntry = (place: string, revision: number, value: unknown): OutboxEntry => ({
  ...parseStored(StoredEntry, place, value),
  revision,
});

/** Throws StoreError. */
export const parseThread = (place: string, value: unknown): OutboxThread => parseStored(StoredThread, place, value);
