import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { terminal } from '../support/terminal.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const blocks = (language: string): readonly string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(?<block>.*?)^\`\`\`$`, 'gms'))].map(
    ({ groups }) => groups?.['block'] ?? '',
  );

const PROMPT = '$ npx netpol-warden ';

/** Commands at a prompt, each with the lines below it. */
const shown = blocks('console').flatMap((block) =>
  block.split(/^(?=\$ )/m).map((part) => {
    const [command = '', ...output] = part.split('\n');
    return { command, output: output.join('\n') };
  }),
);

/** As a shell would. */
const expanded = (word: string): readonly string[] =>
  word.includes('*')
    ? globSync(join(ROOT, word))
        .map((path) => relative(ROOT, path))
        .toSorted()
    : [word];

/** `…` on a line of its own stands for what was left out. */
const excerpts = (output: string): readonly string[] =>
  output.split(/^…\n/m).filter((excerpt) => excerpt.trim() !== '');

describe('the README', () => {
  it('shows what was denied, a simulation and a comparison', () => {
    expect(shown.map(({ command }) => command.slice(PROMPT.length).split(' ')[0])).toEqual([
      'verdicts',
      'simulate',
      'diff',
    ]);
  });

  it.each(shown)('$command runs, and prints what the page says', async ({ command, output }) => {
    expect(command.startsWith(PROMPT)).toBe(true);
    const { code, stdout, stderr } = await terminal(command.slice(PROMPT.length).split(' ').flatMap(expanded), ROOT);
    expect([stderr, code === 2]).toEqual(['', false]);
    expect(stdout.length).toBeGreaterThan(100);
    for (const excerpt of excerpts(output)) expect(stdout).toContain(excerpt);
  });

  it('shows an excerpt of the denials', () => {
    expect(
      shown
        .flatMap(({ output }) => excerpts(output))
        .join('')
        .split('\n').length,
    ).toBeGreaterThan(25);
  });

  it('names no command and no option that is not there', async () => {
    const lines = blocks('(?:sh|console)')
      .flatMap((block) => block.split('\n'))
      .flatMap((line) => /(?:^|\$ )npx netpol-warden (?<rest>.*)$/.exec(line)?.groups?.['rest'] ?? []);
    const named = [...README.matchAll(/^netpol-warden (?<command>[a-z]+)/gm)].map(({ groups }) => groups?.['command']);
    const commands = new Set([...lines.map((line) => line.split(' ')[0]), ...named]);
    expect(commands.size).toBeGreaterThanOrEqual(8);
    const help = new Map<string, string>();
    for (const command of commands) {
      const { code, stdout } = await terminal([command ?? '', '--help'], ROOT);
      expect([command, code]).toEqual([command, 0]);
      expect(stdout).toContain(`Usage: netpol-warden ${command}`);
      help.set(command ?? '', stdout);
    }
    const missing = lines.flatMap((line) => {
      const [command = '', ...words] = line.split(' ');
      return words.filter((word) => word.startsWith('--') && help.get(command)?.includes(word) !== true);
    });
    expect(missing).toEqual([]);
  });

  it('runs scripts that package.json has', () => {
    const Package = z.object({ scripts: z.record(z.string(), z.string()) });
    const { scripts } = Package.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
    const run = [...README.matchAll(/npm (?:run (?<script>[a-z:]+)|(?<test>test))/g)].map(
      ({ groups }) => groups?.['script'] ?? groups?.['test'] ?? '',
    );
    expect(run.length).toBeGreaterThanOrEqual(2);
    expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('links only to files that are there', () => {
    const targets = [...README.matchAll(/\]\((?!https?:)(?<target>[^)#]+)\)/g)].map(
      ({ groups }) => groups?.['target'] ?? '',
    );
    expect(targets.length).toBeGreaterThan(30);
    expect(targets.filter((target) => !existsSync(join(dirname(join(ROOT, 'README.md')), target)))).toEqual([]);
  });
});
