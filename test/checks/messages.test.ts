import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../shared/model/check.ts';

const CHECKS = join(import.meta.dirname, '../../shared/checks');

/** `<section>/<name>` of every check; `links` holds what checks are made of. */
const ids = readdirSync(CHECKS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'links')
  .flatMap((section) =>
    readdirSync(join(CHECKS, section.name))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${section.name}/${file.slice(0, -'.ts'.length)}`),
  )
  .toSorted();

describe('every message of every check', () => {
  it('there are checks to look at', () => {
    expect(ids).toContain('network-policy/enforced');
    expect(ids.length).toBeGreaterThanOrEqual(14);
  });

  it.each(ids)('%s: each key is expected by a case of its own tests', async (id) => {
    // Every file of a section exports a check by default; the catalogue's tests hold it to that.
    const { default: check } = (await import(join(CHECKS, `${id}.ts`))) as { readonly default: Check };
    // Many cases live in files of their own, in a folder of the check's name.
    const cases = globSync([`${id}.test.ts`, `${id}/*.ts`], { cwd: import.meta.dirname })
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .join('\n');

    const unexpected = Object.keys(check.messages).filter((key) => !cases.includes(`message: '${key}'`));

    expect(unexpected).toEqual([]);
  });
});
