import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPaths } from '../../infra/generate/catalogue.ts';
import { generatedFiles } from '../../infra/generate/all.ts';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import { FACT_KEYS } from '../../shared/model/snapshot.ts';
import { STANDARDS } from '../../shared/model/standards.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('catalogue', () => {
  it('holds every check file, each under the id that is its path', async () => {
    expect(CATALOGUE.map(({ id }) => id)).toEqual(await checkPaths());
  });

  it('has unique ids', () => {
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length);
  });

  it.each(CATALOGUE)('$id has a test file of its own', ({ id }) => {
    expect(existsSync(join(ROOT, `test/checks/${id}.test.ts`))).toBe(true);
  });

  it('has no test file without a check', () => {
    const tested = globSync('test/checks/*/*.test.ts', { cwd: ROOT })
      .map((file) => file.replace(/^test\/checks\/(.*)\.test\.ts$/, '$1'))
      .filter((id) => !id.startsWith('links/'));
    expect(tested.filter((id) => !CATALOGUE.some((check) => check.id === id))).toEqual([]);
  });

  it.each(CATALOGUE)('$id keeps the limits of its metadata', (check) => {
    expect(check.title.length).toBeLessThanOrEqual(120);
    expect(check.title).not.toMatch(/^Ensure|\.$/);
    expect(check.rationale.length).toBeLessThanOrEqual(400);
    expect(check.remediation.text.length).toBeLessThanOrEqual(512);
    expect(check.remediation.url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    // A check of whether facts can be read needs none and uses them all.
    expect(Object.keys(check.needs).length + check.uses.length).toBeGreaterThan(0);
    expect(Object.keys(check.messages).length).toBeGreaterThan(1);
  });

  it.each(CATALOGUE)('$id needs and uses facts that exist, none twice', ({ needs, uses }) => {
    const keys = [...Object.keys(needs), ...uses];
    expect(keys.filter((key) => !FACT_KEYS.some((known) => known === key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(CATALOGUE)('$id cites registered standards by their own addresses, with a date', ({ references }) => {
    for (const { standard, url, readOn, control } of references) {
      expect(STANDARDS[standard].urls.some((prefix) => url.startsWith(prefix))).toBe(true);
      expect(readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(control).not.toBe('');
    }
  });

  it.each(CATALOGUE)('$id names the values of its messages in its own source or in links', ({ messages }) => {
    for (const text of Object.values(messages)) expect(text).not.toMatch(/\{\}|\{[^A-Za-z}]/);
  });

  it('is generated: every generated file is as `npm run generate` writes it', async () => {
    const stale = [...(await generatedFiles())].filter(
      ([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  it('has no page of a check that is gone', () => {
    const pages = globSync('docs/checks/**/*.md', { cwd: ROOT }).map((page) =>
      page.replace(/^docs\/checks\/(.*)\.md$/, '$1'),
    );
    expect(pages.filter((id) => !CATALOGUE.some((check) => check.id === id))).toEqual([]);
  });
});
