import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noticesOf } from '../../cli/preview-slack.ts';
import { announcementOf } from '../publish/announcements.ts';
import { nodeAnnouncement } from '../publish/notices.ts';
import { terminal } from '../support/terminal.ts';

const SHOP = resolve(import.meta.dirname, '../fleet/shop-prod');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const headlines = async (): Promise<readonly string[]> =>
  [...(await readFile(join(folder, 'preview.html'), 'utf8')).matchAll(/<h2>([^<]*)<\/h2>/g)].map(
    ([, text = '']) => text,
  );

describe('preview slack', () => {
  it('shows what people would be told of a snapshot: nodes of one check in one message', async () => {
    const { code, stderr } = await terminal(['preview', 'slack', '--snapshot', SHOP], folder);

    expect(code).toBe(0);
    expect(stderr).toMatch(/^\d+ messages written to preview\.html\n$/);
    expect((await headlines()).filter((text) => /^NEW, high: shop-prod, \d+ nodes$/.test(text)).length).toBeGreaterThan(
      0,
    );
  });

  it('shows the same of the findings that an audit stored, and nothing of an excepted one', async () => {
    await terminal(['audit', '--snapshot', SHOP, '--output', 'csv=a.csv'], folder);
    await terminal(['preview', 'slack'], folder);
    const before = (await headlines()).length;
    await terminal(
      [
        'findings',
        'except',
        'add',
        '--check',
        'network-policy/enforced',
        '--all',
        '--owner',
        'o',
        '--reason',
        'r',
        '--expires',
        '2027-01-01',
      ],
      folder,
    );
    await terminal(['preview', 'slack'], folder);

    expect(before).toBeGreaterThan(1);
    expect(await headlines()).toHaveLength(before - 1);
  });

  it('refuses a snapshot and a directory at once', async () => {
    const { code, stderr } = await terminal(['preview', 'slack', '--snapshot', SHOP, '--state', '.'], folder);

    expect([code, stderr]).toEqual([2, expect.stringContaining('not both')]);
  });
});

describe('the notices of stored findings', () => {
  it('are one for each check, cluster and kind, with what is open now', () => {
    const ended = announcementOf({
      status: 'resolved',
      endedAt: '2026-11-20T09:00:00.000Z',
      resource: { type: 'node', id: 'z/uid', name: 'z' },
    });
    const notices = noticesOf([nodeAnnouncement(1), nodeAnnouncement(2), ended]);

    expect(notices.map(({ kind, announcements, openNow }) => [kind, announcements.length, openNow])).toEqual([
      ['opened', 2, 2],
      ['resolved', 1, 2],
    ]);
  });
});
