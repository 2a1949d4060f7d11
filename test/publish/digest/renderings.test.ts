import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../shared/publish/digest/digest.ts';
import { toChatDigest } from '../../../shared/publish/digest/to-chat-digest.ts';
import { toEmailDigest } from '../../../shared/publish/digest/to-email-digest.ts';
import { toSlackDigest } from '../../../shared/publish/digest/to-slack-digest.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { HOSTILE_TEXTS } from '../announcements.ts';
import { busyDay, digest, nodeFinding, RUN, SINCE } from './digests.ts';

const golden = (name: string): string => join(import.meta.dirname, '../../golden', name);

/** As busy as can be: more checks than are shown, all with the hostile name. */
const hostile = (text: string): Digest =>
  digest({
    cluster: { ...CLUSTER, name: text },
    findings: Array.from({ length: 60 }, (_, index) => [
      nodeFinding(text, { check: `network-policy/check-${index}`, id: `open-${index}`, openedAt: SINCE }),
      nodeFinding(text, {
        check: `network-policy/check-${index}`,
        id: `ended-${index}`,
        status: 'resolved',
        endedAt: SINCE,
      }),
    ]).flat(),
    run: { ...RUN, checks: [{ check: text, population: 'none', resources: 0 }] },
    report: text,
  });

const everyText = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(everyText) : [];
};

describe('a digest is what its golden file says', () => {
  it.each([
    ['in Slack', 'digest-slack.json', () => JSON.stringify(toSlackDigest(busyDay()), undefined, 2)],
    [
      'by e-mail',
      'digest-email.txt',
      () => `Subject: ${toEmailDigest(busyDay()).subject}\n\n${toEmailDigest(busyDay()).body}`,
    ],
    ['in a chat', 'digest-chat.json', () => JSON.stringify(toChatDigest(busyDay()), undefined, 2)],
  ])('%s', async (_, name, text) => {
    await expect(`${text().trimEnd()}\n`).toMatchFileSnapshot(golden(name));
  });
});

describe('a digest in Slack', () => {
  it.each(HOSTILE_TEXTS)('parses no markup of a hostile text and keeps Slack’s limits: %j', (text) => {
    const { blocks, text: fallback } = toSlackDigest(hostile(text));

    expect(blocks.every(({ type }) => type === 'header' || type === 'rich_text')).toBe(true);
    expect(fallback).not.toMatch(/[<>]/);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(everyText(blocks).every((each) => each !== '' && each.length <= 3000)).toBe(true);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_200);
    expect(JSON.stringify(blocks)).not.toContain('"url"');
  });

  it('puts 500 nodes of one check in one line', () => {
    const findings = Array.from({ length: 500 }, (_, index) => nodeFinding(`node-${index}`, { openedAt: SINCE }));

    expect(
      everyText(toSlackDigest(digest({ findings })).blocks).filter((text) => text === 'high, 500 nodes: '),
    ).toHaveLength(2);
  });
});

describe('a digest by e-mail', () => {
  it.each(HOSTILE_TEXTS)('has a subject that SNS takes, and no line that a hostile text made: %j', (text) => {
    const { subject, body } = toEmailDigest(hostile(text));

    expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
    expect(body).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    expect(body.split('\n').every((line) => line.length <= 400)).toBe(true);
    expect(body.split('\n')).toHaveLength(toEmailDigest(hostile('shop')).body.split('\n').length);
    expect(Buffer.byteLength(body)).toBeLessThan(65_536);
  });

  it('says in its subject that nobody knows, never that all is well, where nobody could look', () => {
    expect(toEmailDigest(digest({ run: { ...RUN, takenAt: '2026-11-01T00:00:00.000Z' } })).subject).toBe(
      '[Netpol Warden] shop-prod: UNKNOWN, nothing open',
    );
  });
});

describe('a digest in a chat', () => {
  it.each(HOSTILE_TEXTS)('escapes a hostile text and keeps the limits: %j', (text) => {
    const { content, metadata } = toChatDigest(hostile(text));

    expect(content.title.length).toBeLessThanOrEqual(250);
    expect(content.description.length).toBeLessThanOrEqual(8000);
    expect(`${content.title}${content.description}${metadata.summary}`).not.toMatch(/[<>]|(?<!\\)`|(?<!\\)\[/);
    expect(content.keywords.every((word) => word.length <= 75)).toBe(true);
  });
});
