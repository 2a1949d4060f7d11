import type { Exception } from '../../model/exception.ts';
import type { MissingFact } from '../../model/outcome.ts';
import { resourceKey } from '../../model/outcome.ts';
import { fixes, wrapCommand } from '../fix-command.ts';
import { nodesText } from '../headline.ts';
import type { Answer } from '../summary.ts';
import { clip, inert, visibleWidth, wrap } from '../text.ts';
import type { CheckView, ClusterView, Row } from '../view.ts';
import { ANSWER_WORD, day, plural, REASON_WORD, resourceWord, STATUS_WORD } from '../words.ts';
import type { Cell, Page, Style } from './paint.ts';
import { heading, cellLine, sentence } from './paint.ts';

export const ANSWER_STYLE: { readonly [A in Answer]: Style } = {
  'not-enforced': 'bad',
  unknown: 'unsure',
  enforced: 'good',
  'not-applicable': 'dim',
};

const EXAMPLES = 3;
const DETAIL = 4;
const MESSAGE_LINES = 3;

/** What this cluster's section has already said once and need not say again. */
interface Said {
  readonly fixes: Map<string, string>;
  readonly gaps: Set<string>;
}

const paragraph = (page: Page, text: string, style?: Style): readonly string[] =>
  wrap(text, page.columns - DETAIL, MESSAGE_LINES).map((line) => sentence(page, DETAIL, line, style));

const examples = (page: Page, rows: readonly Row[]): string => {
  const names = rows.slice(0, EXAMPLES).map(({ resource }) => inert(resource.name));
  const more = rows.length > EXAMPLES ? ` and ${rows.length - EXAMPLES} more` : '';
  const room = page.columns - DETAIL - more.length;
  if (visibleWidth(names.join(', ')) <= room) return names.join(', ') + more;
  // Each name gets a fair share, so that a long one does not hide the others.
  const share = Math.floor((room - 2 * (names.length - 1)) / names.length);
  return names.map((name) => clip(name, share)).join(', ') + more;
};

const exceptedText = (rows: readonly Row[]): readonly string[] => {
  const excepted = rows.filter((row): row is Row & { readonly exception: Exception } => row.exception !== undefined);
  const [first] = excepted;
  if (first === undefined) return [];
  const { owner, reason, expires } = first.exception;
  const count = rows.length === 1 ? '' : `${excepted.length} of ${rows.length} `;
  return [inert(`${count}excepted until ${day(expires)} by ${owner}: ${reason}`)];
};

/** `3/5 nodes`; a kind alone where a cluster has one of it; `not evaluated` where not even the population is known. */
const countText = ({ judged, resource }: CheckView, rows: readonly Row[]): string => {
  const looked = rows.filter(({ origin }) => origin === 'outcome');
  if (looked.length === 0) return `${rows.length} not looked at`;
  if (looked.every((one) => one.resource.type !== resource)) return 'not evaluated';
  return judged === 1 && resource !== 'node'
    ? resourceWord(resource)
    : `${looked.length}/${judged} ${resourceWord(resource, judged)}`;
};

const head = (page: Page, check: CheckView, rows: readonly Row[], status: 'fail' | 'not-evaluated'): string => {
  const count = countText(check, rows);
  const cells: readonly Cell[] = [
    { text: STATUS_WORD[status], width: 7, style: status === 'fail' ? 'bad' : 'unsure' },
    {
      text: check.severity === 'informational' ? 'info' : check.severity,
      width: 8,
      ...(status === 'fail' ? { style: 'bold' as const } : {}),
    },
    { text: inert(check.id), width: 'flex' },
    { text: count, width: Math.min(visibleWidth(count), 20), align: 'right' },
  ];
  return cellLine(page, 2, cells);
};

const fixLines = (page: Page, id: string, command: string, said: Said): readonly string[] => {
  const before = said.fixes.get(command);
  if (before !== undefined) return [sentence(page, DETAIL, `fix: as for ${inert(before)}`)];
  said.fixes.set(command, id);
  const label = 'fix: ';
  const { lines, form } = wrapCommand(command, page.columns - DETAIL - label.length);
  return [
    ...lines.map((line, index) =>
      sentence(page, DETAIL, (index === 0 ? label : ' '.repeat(label.length)) + inertCommand(line)),
    ),
    ...(form === 'broken-up'
      ? [sentence(page, DETAIL, '(broken up to fit: copy it from the JSON or HTML report)', 'dim')]
      : []),
  ];
};

/** Keeps the spaces of a command; a catalogue command has nothing else to make inert. */
const inertCommand = (line: string): string => line.split(' ').map(inert).join(' ');

/** Names and message of each way in which the check fails, the most frequent first. */
const messageLines = (page: Page, rows: readonly Row[]): readonly string[] =>
  [...Map.groupBy(rows, ({ message }) => message.key).values()]
    .toSorted((a, b) => b.length - a.length)
    .flatMap((group) => [
      sentence(page, DETAIL, examples(page, group), 'dim'),
      ...paragraph(page, inert(group[0]?.message.text ?? '')),
    ]);

const failLines = (page: Page, cluster: ClusterView, view: CheckView, said: Said): readonly string[] => {
  const rows = view.rows.fail;
  const mended =
    view.check === undefined
      ? messageLines(page, rows)
      : fixes(view.check.remediation, cluster.summary.cluster, rows).flatMap(({ command, failures }) => [
          ...messageLines(page, failures),
          ...fixLines(page, view.id, command, said),
        ]);
  return [head(page, view, rows, 'fail'), ...mended, ...exceptedText(rows).flatMap((text) => paragraph(page, text))];
};

/** Reasons that lie in the way to all facts alike: the first detail says what the others would. */
const COLLECTIVE: ReadonlySet<MissingFact['reason']> = new Set(['unreachable', 'throttled', 'not-collected']);

const gapTexts = (missing: readonly MissingFact[], said: Said): readonly string[] => {
  const told = Map.groupBy(missing, ({ fact, reason }) => (COLLECTIVE.has(reason) ? reason : `${reason} ${fact}`));
  return [...told].flatMap(([cause, [first, ...others]]) => {
    if (first === undefined) return [];
    const facts = [...new Set([first, ...others].map(({ fact }) => fact))].join(', ');
    const short = `could not read ${facts}: ${REASON_WORD[first.reason]}`;
    if (said.gaps.has(cause)) return [short];
    said.gaps.add(cause);
    return [inert(`${short} (${first.source}: ${first.detail})`)];
  });
};

/** Checks that could not look at the same resources for the same reasons are told together. */
const unknownLines = (page: Page, checks: readonly CheckView[], said: Said): readonly string[] => {
  const rows = checks[0]?.rows['not-evaluated'] ?? [];
  const missing = rows.flatMap((row) => row.missing);
  const open = checks
    .flatMap((check) => check.rows['not-evaluated'])
    .filter(({ finding }) => finding?.status === 'open');
  const since = open.map(({ finding }) => finding?.openedAt ?? '').toSorted()[0];
  const [first] = rows;
  return [
    ...checks.map((check) => head(page, check, check.rows['not-evaluated'], 'not-evaluated')),
    ...(first?.resource.type === 'cluster' ? [] : [sentence(page, DETAIL, examples(page, rows), 'dim')]),
    ...gapTexts(missing, said).flatMap((text) => paragraph(page, text)),
    ...(missing.length === 0 && first?.origin === 'outcome' ? paragraph(page, inert(first.message.text)) : []),
    ...(since === undefined
      ? []
      : paragraph(
          page,
          inert(
            `${plural(open.length, 'finding')} open since ${day(since)} could not be verified: ${open[0]?.message.text ?? ''}`,
          ),
        )),
  ];
};

const causeOf = ({ rows }: CheckView): string =>
  JSON.stringify(
    rows['not-evaluated']
      .filter(({ origin }) => origin === 'outcome')
      .map(({ resource, missing, message }) => [
        resourceKey(resource),
        missing,
        missing.length === 0 ? message.text : '',
      ]),
  );

const title = (page: Page, { summary: { cluster }, versions }: ClusterView): readonly string[] => {
  const name = inert(cluster.name);
  const facts = [
    inert(cluster.region),
    inert(cluster.account),
    `K8s ${versions.kubernetes === undefined ? 'unknown' : inert(versions.kubernetes)}`,
    `CNI ${versions.cni === undefined ? 'unknown' : inert(versions.cni)}`,
  ].join('  ');
  const together = `${name}  ${facts}`;
  return visibleWidth(together) <= page.columns
    ? [heading(page, together)]
    : [heading(page, name), sentence(page, 2, facts)];
};

/** One cluster: header, answer, what fails, what is unknown, and the rest as counts. */
export const clusterLines = (page: Page, cluster: ClusterView): readonly string[] => {
  const { answer, nodes, outcomes } = cluster.summary;
  const said: Said = { fixes: new Map(), gaps: new Set() };
  const word = ANSWER_WORD[answer];
  const unknown = cluster.checks.filter(({ rows }) => rows['not-evaluated'].length > 0);
  const rest = [
    ...(outcomes.pass === 0 ? [] : [`${page.paint('good', 'PASS')} ${outcomes.pass}`]),
    ...(outcomes.notApplicable === 0 ? [] : [`N/A ${outcomes.notApplicable}`]),
    ...(cluster.checks.length === 0 ? [`${page.paint('unsure', 'UNKNOWN')}  no check was evaluated`] : []),
  ];
  const first = wrap(`${word}  ${nodesText(nodes)}`, page.columns - 2);
  return [
    ...title(page, cluster),
    ...first.map((line, index) =>
      index === 0 ? `  ${page.paint(ANSWER_STYLE[answer], word)}${line.slice(word.length)}` : `  ${line}`,
    ),
    ...cluster.checks
      .filter(({ rows }) => rows.fail.length > 0)
      .flatMap((check) => failLines(page, cluster, check, said)),
    ...[...Map.groupBy(unknown, causeOf).values()].flatMap((checks) => unknownLines(page, checks, said)),
    ...(rest.length === 0 ? [] : [`  ${rest.join('   ')}`]),
  ];
};
