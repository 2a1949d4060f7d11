import { Command, Option } from 'commander';
import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import { nearNames } from '../shared/evaluate/near-names.ts';
import type { Check } from '../shared/model/check.ts';
import { STANDARDS } from '../shared/model/standards.ts';
import { UsageError, type ExitCode, type Io } from './io.ts';

/** Breaks words at a width; a word longer than the width stays whole. */
const wrap = (text: string, width: number, indent: string): string => {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + word.length > width) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
};

const explain = (check: Check, width: number): string => {
  const paragraph = (text: string): string => wrap(text, width, '  ');
  return [
    check.id,
    '',
    'Passes when',
    paragraph(check.title),
    '',
    `Severity ${check.severity}, about one ${check.resource}`,
    '',
    'Why it matters',
    paragraph(check.rationale),
    '',
    'How to fix it',
    paragraph(check.remediation.text),
    `    ${check.remediation.command}`,
    `  ${check.remediation.url}`,
    '',
    'What it reads',
    ...Object.keys(check.needs).map((key) => `  ${key}: without it the check is not evaluated`),
    ...check.uses.map((key) => `  ${key}: used where it was read`),
    '',
    'What it says',
    ...Object.entries(check.messages).map(([key, text]) => wrap(`${key}: ${text}`, width, '  ')),
    '',
    'References',
    ...check.references.flatMap(({ standard, control, url, readOn }) => [
      wrap(`${STANDARDS[standard].title}: ${control} (read on ${readOn})`, width, '  '),
      `  ${url}`,
    ]),
    '',
  ].join('\n');
};

export const explainCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  new Command('explain')
    .description('what a check demands, why, how to fix it, and on whose word')
    .argument('<check>', 'id of a check, e.g. network-policy/enforced')
    .action((id: string) => {
      const check = CATALOGUE.find((candidate) => candidate.id === id || candidate.id.endsWith(`/${id}`));
      if (check === undefined) {
        const near = nearNames(
          id,
          CATALOGUE.map((known) => known.id),
        );
        throw new UsageError(`no check ${JSON.stringify(id)}; nearest: ${near.join(', ')}`);
      }
      io.stdout(explain(check, Math.min(io.stdoutColumns ?? 80, 100)));
      done(0);
    });

const asRow = ({ id, title, severity, resource, needs, uses, references, remediation }: Check) => ({
  id,
  title,
  severity,
  resource,
  needs: Object.keys(needs),
  uses,
  remediation,
  references,
});

export const checksCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  new Command('checks')
    .description('the catalogue of checks')
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .action(({ output }: { readonly output: string }) => {
      if (output === 'json') io.stdout(`${JSON.stringify(CATALOGUE.map(asRow), undefined, 2)}\n`);
      else {
        for (const { id, severity, title } of CATALOGUE) io.stdout(`${severity.padEnd(9)}${id}\n         ${title}\n`);
        io.stdout(`\n${CATALOGUE.length} checks; netpol-warden explain <check> tells more\n`);
      }
      done(0);
    });
