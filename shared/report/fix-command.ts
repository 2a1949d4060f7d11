import { remediationCommand, type Remediation } from '../model/check.ts';
import type { ClusterRef } from '../model/cluster.ts';
import type { Message, Resource } from '../model/outcome.ts';

/**
 * What may be put into a command that people paste into a shell. A name with any other character stays out, and the
 * `<cluster>` in its place stays: a shell refuses that, where it would run `$(…)`.
 */
const SHELL_SAFE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,252}$/;

/** Fills `<cluster>`, `<region>`, `<account>` and, where the fix concerns exactly one resource, its `<node>` or `<namespace>`. */
export const fixCommand = (command: string, cluster: ClusterRef, resources: readonly Resource[]): string => {
  const [only, ...others] = resources;
  const values: { readonly [name: string]: string } = {
    cluster: cluster.name,
    region: cluster.region,
    account: cluster.account,
    ...(only === undefined || others.length > 0 ? {} : { [only.type]: only.name }),
  };
  return command.replace(/<([a-z]+)>/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value !== undefined && SHELL_SAFE.test(value) ? value : whole;
  });
};

/** A command and the failures that it mends. */
export interface Fix<F> {
  readonly command: string;
  readonly failures: readonly F[];
}

/** The commands that mend some failures of one check: one for each message, none twice. */
export const fixes = <F extends { readonly message: Pick<Message, 'key'>; readonly resource: Resource }>(
  remediation: Remediation,
  cluster: ClusterRef,
  failures: readonly F[],
): readonly Fix<F>[] => {
  const filled = [...Map.groupBy(failures, ({ message }) => message.key)].map(([key, group]) => ({
    command: fixCommand(
      remediationCommand(remediation, key),
      cluster,
      group.map(({ resource }) => resource),
    ),
    group,
  }));
  return [...Map.groupBy(filled, ({ command }) => command)].map(([command, same]) => ({
    command,
    failures: same.flatMap(({ group }) => group),
  }));
};

export interface ShownCommand {
  readonly lines: readonly string[];
  /** `pasteable`: a shell reads the lines as the one command. `broken-up`: no such line breaks exist at this width. */
  readonly form: 'pasteable' | 'broken-up';
}

/** Words as a POSIX shell splits them, quotes kept. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html */
const WORDS = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g;
const JSON_MEMBERS = /(?:"(?:\\.|[^"\\])*"|[^",])+,?/g;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** A single-quoted JSON argument may go on in the next line after a comma: to JSON the line break is white space. */
const pieces = (word: string): readonly string[] =>
  /^'[^']*'$/.test(word) && isJson(word.slice(1, -1)) ? (word.match(JSON_MEMBERS) ?? [word]) : [word];

/** An option and its value stay together where they fit. */
const units = (words: readonly string[], width: number): readonly string[] =>
  words.reduce<readonly string[]>((all, word) => {
    const last = all.at(-1) ?? '';
    const together = /^--?[a-z-]+$/.test(last) && !word.startsWith('-') && last.length + word.length < width;
    return together ? [...all.slice(0, -1), `${last} ${word}`] : [...all, word];
  }, []);

const wrapWords = (words: readonly string[], width: number): readonly string[] => {
  const lines: string[] = [];
  let current = '';
  for (const word of units(words, width - 4)) {
    const longer = current === '' ? word : `${current} ${word}`;
    // Two columns are kept for ` \`.
    if (longer.length <= width - 2) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(`${current} \\`);
    current = ' ';
    for (const piece of pieces(word)) {
      const joined = current === ' ' ? `  ${piece}` : current + piece;
      if (joined.length <= width - 2) {
        current = joined;
        continue;
      }
      lines.push(current);
      current = `    ${piece}`;
    }
  }
  return current === '' ? lines : [...lines, current];
};

const wrapComment = (words: readonly string[], width: number): readonly string[] => {
  const lines: string[] = [];
  let current = '';
  for (const word of words) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= width) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = `# ${word}`;
  }
  return current === '' ? lines : [...lines, current];
};

const hardWrap = (line: string, width: number): readonly string[] =>
  Array.from({ length: Math.max(1, Math.ceil(line.length / width)) }, (_, index) =>
    line.slice(index * width, (index + 1) * width),
  );

/**
 * Fits a printable command into `width` characters a line, so that a shell still reads it as the same command: it breaks
 * at unquoted spaces with `\`, after a comma of quoted JSON, and in a comment, which goes on under a `#` of its own.
 */
export const wrapCommand = (command: string, width: number): ShownCommand => {
  const lines = command.split('\n');
  if (lines.every((line) => line.length <= width)) return { lines, form: 'pasteable' };
  const words = command.match(WORDS) ?? [];
  // Unbalanced quotes leave characters in no word; lines of a here-document must stay as they are.
  const understood = lines.length === 1 && command.replace(WORDS, '').trim() === '';
  if (understood) {
    const start = words.findIndex((word) => word.startsWith('#'));
    const end = start === -1 ? words.length : start;
    const wrapped = [...wrapWords(words.slice(0, end), width), ...wrapComment(words.slice(end), width)];
    if (wrapped.every((line) => line.length <= width)) return { lines: wrapped, form: 'pasteable' };
  }
  return { lines: lines.flatMap((line) => hardWrap(line, width)), form: 'broken-up' };
};
