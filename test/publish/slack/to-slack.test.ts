import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mrkdwn } from '../../../shared/publish/slack/rich-text.ts';
import { toSlack } from '../../../shared/publish/slack/to-slack.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';
import { nodeAnnouncement, noticeOf } from '../notices.ts';

const everyText = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(everyText) : [];
};

describe('a notice in Slack', () => {
  it('is what the golden file says', async () => {
    await expect(`${JSON.stringify(toSlack(noticeOf()), undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, '../../golden/slack-node-agent-disabled.json'),
    );
  });

  it('tells of a storm in one message: how many, ten by name, the texts counted', () => {
    const texts = ['a', 'a', 'b'];
    const storm = Array.from({ length: 500 }, (_, index) => {
      const one = nodeAnnouncement(index);
      const text = texts[index % 3] ?? 'a';
      return {
        ...one,
        change: { ...one.change, finding: { ...one.change.finding, message: { key: text, values: {}, text } } },
      };
    });
    const [first, ...others] = storm;
    const all = everyText(toSlack(noticeOf(first === undefined ? undefined : [first, ...others])).blocks);

    expect(all[1]).toBe('plain_text');
    expect(all.find((text) => text.startsWith('NEW, high: shop-prod, 500 nodes'))).toBeDefined();
    expect(all.find((text) => text.endsWith('and 490 more'))).toBeDefined();
    expect(all.filter((text) => /^node-\d+$/.test(text))).toHaveLength(10);
    expect(all.find((text) => text === '334× ')).toBeDefined();
    expect(all.find((text) => text === '500 of this check open on the cluster.')).toBeDefined();
  });

  it('says of what is resolved how it stands now, and offers no fix', () => {
    const all = everyText(toSlack(noticeOf(undefined, { kind: 'resolved', openNow: 0 })).blocks);

    expect(all).toContain('Nothing of this check is open on the cluster any more.');
    expect(all).not.toContain('Fix: ');
    expect(all).toContain('Holds again: ');
  });

  it('tells a telephone what broke, and of what is mended what holds', () => {
    expect(toSlack(noticeOf()).text).toBe(
      'NEW, high: shop-prod, ip-10-0-1-5.eu-west-1.compute.internal: The node agent runs with network policy switched off.',
    );
    expect(toSlack(noticeOf(undefined, { kind: 'resolved', openNow: 0 })).text).toContain(
      'RESOLVED, high: shop-prod, ip-10-0-1-5.eu-west-1.compute.internal: The network policy agent on every node runs with',
    );
    expect(toSlack(noticeOf(undefined, { kind: 'closed', openNow: 0 })).text).toMatch(
      /: network-policy\/node-agent-enabled$/,
    );
  });

  it('never gives a list or a section without an element, which Slack refuses', () => {
    const bare = announcementOf({ evidence: [], message: { key: 'disabled', values: {}, text: '' } });

    expect(JSON.stringify(toSlack(noticeOf([bare])))).not.toMatch(/"elements":\[\]|"text":""/);
  });

  it('says that nobody could look, and that this is no pass', () => {
    const all = everyText(toSlack(noticeOf(undefined, { kind: 'unverified' })).blocks);

    expect(all.find((text) => text.includes('this is not a pass'))).toBeDefined();
  });

  it('says what was held back', () => {
    const damped = { flips: 6, since: '2026-11-20T08:00:00Z' };

    expect(everyText(toSlack(noticeOf(undefined, { damped })).blocks).join(' ')).toContain('to and fro 6 times');
  });

  it.each(HOSTILE_TEXTS)('parses no markup of a hostile text, and stays within Slack’s limits: %j', (text) => {
    const hostile = announcementOf({
      resource: { type: 'node', id: text, name: text },
      message: { key: 'disabled', values: {}, text },
      evidence: [
        { fact: 'kubernetes.nodes', path: text, value: text, grade: 'observed', source: text, observedAt: 'x' },
      ],
    });
    const { blocks, text: fallback } = toSlack(noticeOf([{ ...hostile, owner: text, links: { report: text } }]));

    expect(blocks.every(({ type }) => type === 'header' || type === 'rich_text')).toBe(true);
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
    expect(fallback).not.toMatch(/[<>]/);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(everyText(blocks).every((each) => each.length <= 3000)).toBe(true);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_200);
  });
});

describe('mrkdwn', () => {
  it('escapes the three characters that Slack reads, ampersand first', () => {
    expect(mrkdwn('<!channel> & &lt;', 100)).toBe('&lt;!channel&gt; &amp; &amp;lt;');
  });

  it('keeps its limit without cutting an entity in two', () => {
    for (let limit = 5; limit < 60; limit += 1) {
      const text = mrkdwn('<'.repeat(100), limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.replaceAll('&lt;', '')).toMatch(/^…?$/);
    }
  });
});
