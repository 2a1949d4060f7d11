import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStore } from '../../shared/store/file-store.ts';
import { announcementOf, HOSTILE_TEXTS } from '../publish/announcements.ts';
import { CLUSTER } from '../support/cluster.ts';
import { terminal } from '../support/terminal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
  const store = fileStore(join(folder, '.netpol-warden'));
  const findings = HOSTILE_TEXTS.map((text, index) => {
    const { finding } = announcementOf({
      // A file's JSON holds no lone surrogate: it is stored as it can be read again.
      resource: { type: 'node', id: `${index}/${text.toWellFormed()}`, name: text.toWellFormed() },
      message: { key: 'disabled', values: {}, text: text.toWellFormed() },
    }).change;
    return finding;
  });
  const record = await store.read(CLUSTER);
  await store.commit(
    { ...record, findings: Object.fromEntries(findings.map((finding) => [finding.id, finding])) },
    findings.map((finding) => ({ kind: 'opened', finding })),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What a terminal or a bidirectional layout acts on; line breaks are the command's own. */
const ACTIVE = /(?![\r\n])[\p{Cc}\p{Cf}\p{Cs}]/u;

describe('hostile names in stored findings', () => {
  it.each([
    [['list']],
    [['list', '--output', 'csv']],
    [['list', '--output', 'json']],
    [['export', '--format', 'asff']],
    [['export', '--format', 'ocsf']],
  ])('act on no terminal: findings %j', async (argv) => {
    const { code, stdout } = await terminal(['findings', ...argv], folder);

    expect(code).toBe(0);
    expect(stdout).toContain('alert(1)');
    expect(stdout).not.toMatch(ACTIVE);
  });

  it('make no line of a table of their own', async () => {
    const { stdout } = await terminal(['findings', 'list'], folder);

    expect(stdout.trimEnd().split('\n')).toHaveLength(HOSTILE_TEXTS.length + 3);
  });

  it('act on no terminal when one is shown, or excepted', async () => {
    const { stdout: listed } = await terminal(['findings', 'list'], folder);
    for (const id of listed
      .split('\n')
      .slice(1, HOSTILE_TEXTS.length + 1)
      .map((line) => line.slice(0, 12))) {
      const shown = await terminal(['findings', 'show', id], folder);
      const excepted = await terminal(
        ['findings', 'except', 'add', id, '--owner', 'o', '--reason', 'r', '--expires', '2027-01-01'],
        folder,
      );
      expect(shown.code).toBe(0);
      expect(`${shown.stdout}${excepted.stdout}${excepted.stderr}`).not.toMatch(ACTIVE);
    }
    expect((await terminal(['findings', 'except', 'list'], folder)).stdout).not.toMatch(ACTIVE);
  });
});
