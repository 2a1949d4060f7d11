import type { FunctionBundle } from './build.ts';

/** Bytes that a cold start may load. */
const BUDGET = 350_000;
const BUDGETS: { readonly [name: string]: number } = { 'watch-verdicts': 120_000 };

export const budgetOf = (name: string): number => BUDGETS[name] ?? BUDGET;

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** For people, by function. */
export const bundleTable = (bundles: readonly FunctionBundle[]): string =>
  [
    '| Function | Loaded at start | Budget | With what is loaded later | Files |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...bundles.map(
      ({ name, eager, total, files }) => `| ${name} | ${kB(eager)} | ${kB(budgetOf(name))} | ${kB(total)} | ${files} |`,
    ),
    '',
  ].join('\n');

/** docs/service/bundles.md */
export const bundlesPage = (bundles: readonly FunctionBundle[]): string =>
  [
    '# Bundles',
    '',
    'Generated from the built functions (`npm run build`). SDK clients and stores that only some events need are loaded when',
    'they are first used; a test holds what is loaded at the start to the budget.',
    '',
    bundleTable(bundles),
  ].join('\n');

const TABLE = /<!-- bundles -->\n[^]*<!-- \/bundles -->/;

/** The README with the table of today between its marks. @throws where the marks are gone */
export const readmeWithBundles = (readme: string, bundles: readonly FunctionBundle[]): string => {
  if (!TABLE.test(readme)) throw new Error('README.md: expected <!-- bundles --> and <!-- /bundles -->');
  const rows = bundles.map(({ name, eager }) => `${name.padEnd(18)}${kB(eager).padStart(8)} of ${kB(budgetOf(name))}`);
  return readme.replace(TABLE, () => `<!-- bundles -->\n\n\`\`\`text\n${rows.join('\n')}\n\`\`\`\n\n<!-- /bundles -->`);
};
