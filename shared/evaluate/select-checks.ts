import type { Check } from '../model/check.ts';
import { nearNames } from './near-names.ts';
import { singleLine } from '../model/single-line.ts';

/** A pattern that selects no check. */
export class UnknownCheckError extends Error {
  override readonly name = 'UnknownCheckError';
}

const PATTERN_LIMIT = 120;

/** `*` any run of characters, `/` included; `?` any one. Everything else stands for itself. */
const toRegExp = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/**
 * The checks whose id matches at least one glob, in the order of `checks`; all of them where there are no patterns.
 * Throws UnknownCheckError for a pattern that matches none: a misspelt selection must not look like a clean cluster.
 */
export const selectChecks = (checks: readonly Check[], patterns: readonly string[]): readonly Check[] => {
  if (patterns.length === 0) return checks;
  const globs = patterns.map((pattern) => ({ pattern, glob: toRegExp(pattern) }));
  for (const { pattern, glob } of globs) {
    if (checks.some(({ id }) => glob.test(id))) continue;
    const near = nearNames(
      pattern,
      checks.map(({ id }) => id),
    ).join(', ');
    throw new UnknownCheckError(`no check matches '${singleLine(pattern, PATTERN_LIMIT)}'; nearest: ${near}`);
  }
  return checks.filter(({ id }) => globs.some(({ glob }) => glob.test(id)));
};
