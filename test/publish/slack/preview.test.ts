import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { slackPreview } from '../../../shared/publish/slack/preview.ts';
import { toSlack } from '../../../shared/publish/slack/to-slack.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';
import { noticeOf } from '../notices.ts';

const pageOf = (announcement = announcementOf()): string =>
  slackPreview('alerts', [{ message: toSlack(noticeOf([announcement])), isReply: false, time: '09:00' }]);

const tagsOf = (page: string): readonly string[] => [...page.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag);

describe('the preview of messages in Slack', () => {
  it('shows header, bold text, code, a list, the command and a link of the message', () => {
    const page = pageOf();

    expect(page).toContain('<h2>NEW, high: shop-prod, ip-10-0-1-5.eu-west-1.compute.internal</h2>');
    expect(page).toContain('<b>The node agent runs with network policy switched off.</b>');
    expect(page).toMatch(/<li><div class="section"><code>kubernetes\.aws-node-pods\[nodeName=/);
    expect(page).toMatch(/<pre>[^<]*aws eks update-addon/);
    expect(page).toContain(
      '<a href="https://reports.example.test/shop-prod.html" rel="noopener noreferrer">Report</a>',
    );
  });

  it('allows its own style sheet and nothing else', () => {
    const page = pageOf();
    const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';

    expect(page).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|<link|style=/);
  });

  it('says so where there is nothing to tell', () => {
    expect(slackPreview('alerts', [])).toContain('Nobody would be told anything.');
  });

  it('shows a long command whole', () => {
    const long = `${'echo '.repeat(400)}end-of-it`;
    const base = announcementOf();
    const remediation = { ...base.check.remediation, command: long };

    expect(pageOf({ ...base, check: { ...base.check, remediation } })).toContain('end-of-it');
  });

  it.each(HOSTILE_TEXTS)('makes no tag of a hostile text: %j', (text) => {
    const hostile = {
      ...announcementOf({
        resource: { type: 'node', id: text, name: text },
        message: { key: 'disabled', values: {}, text },
        evidence: [
          { fact: 'kubernetes.nodes', path: text, value: text, grade: 'observed', source: text, observedAt: 'x' },
        ],
      }),
      owner: text,
    };
    const benign = {
      ...hostile,
      owner: 'x',
      ...announcementOf({ evidence: announcementOf().change.finding.evidence }),
    };
    const names = (page: string): ReadonlySet<string> => new Set(tagsOf(page).map((tag) => tag.split(/[ >]/)[0] ?? ''));

    expect([...names(pageOf(hostile))].filter((name) => !names(pageOf(benign)).has(name))).toEqual([]);
    expect(
      tagsOf(pageOf(hostile))
        .filter((tag) => tag.startsWith('<a '))
        .every((tag) => tag.startsWith('<a href="https://')),
    ).toBe(true);
    // eslint-disable-next-line no-control-regex -- that none of them is there is the assertion
    expect(pageOf(hostile)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
  });
});
