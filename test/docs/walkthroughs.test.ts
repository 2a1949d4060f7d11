import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { terminal } from '../support/terminal.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/walkthroughs');

interface Shown {
  readonly command: string;
  readonly output: string;
}

const PROMPT = '$ npx netpol-warden ';
const ECHO = '; echo $?';

/** A block holds commands, each with what it prints below it. */
const shownIn = (block: string): readonly Shown[] =>
  block
    .split(/^(?=\$ )/m)
    .filter((part) => part !== '')
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });

const BLOCK = /^```console\n(?<block>.*?)^```$/gms;

const pages = readdirSync(PAGES)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(PAGES, name), 'utf8') }));

const shown = pages.flatMap(({ name, text }) =>
  [...text.matchAll(BLOCK)].flatMap(({ groups }) => shownIn(groups?.['block'] ?? '').map((one) => ({ name, ...one }))),
);

describe('the walk-throughs', () => {
  it('show commands: at least three a page', () => {
    const perPage = Map.groupBy(shown, ({ name }) => name);
    expect([...perPage.keys()].toSorted()).toEqual(['backend-from-frontend.md', 'deny-all.md', 'frontend-on-8000.md']);
    for (const commands of perPage.values()) expect(commands.length).toBeGreaterThanOrEqual(3);
  });

  it.each(shown)('$name: $command prints what the page says', async ({ command, output }) => {
    expect(command.startsWith(PROMPT)).toBe(true);
    const line = command.slice(PROMPT.length);
    const echoes = line.endsWith(ECHO);
    const argv = (echoes ? line.slice(0, -ECHO.length) : line).split(' ');

    const { code, stdout, stderr } = await terminal(argv, ROOT);

    expect(stderr).toBe('');
    expect(`${stdout}${echoes ? `${code}\n` : ''}`).toBe(output);
    expect(echoes || code === 0).toBe(true);
  });

  it('link only to files that are there', () => {
    const links = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\((?!https?:)(?<target>[^)#]+)\)/g)].map(({ groups }) => ({
        page: name,
        target: join(PAGES, groups?.['target'] ?? ''),
      })),
    );
    expect(links.length).toBeGreaterThan(5);
    for (const { target } of links) expect(() => readFileSync(target)).not.toThrow();
  });
});
