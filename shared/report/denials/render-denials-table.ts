import { clusterArn } from '../../model/cluster.ts';
import type { DeniedPair, TrafficSignal } from '../../model/denied-traffic.ts';
import { cellLine, heading, page, sentence, type Page, type Style } from '../table/paint.ts';
import type { TableOptions } from '../table/render-table.ts';
import { inert, wrap } from '../text.ts';
import { moment, plural } from '../words.ts';
import {
  countsText,
  countText,
  DENIAL_TONE,
  DENIAL_WORD,
  type DenialsReport,
  type DenialTone,
  opensText,
  pairNames,
  portText,
} from './denials-report.ts';

export interface DenialsTableOptions extends TableOptions {
  /** Pairs shown in full. */
  readonly top: number;
}

const TONE_STYLE: { readonly [T in DenialTone]: Style } = { fail: 'bad', unknown: 'unsure', none: 'dim' };
const DETAIL = 6;
const SENTENCES = 4;

const paragraph = (on: Page, indent: number, text: string, style?: Style): readonly string[] =>
  wrap(inert(text), on.columns - indent, 6).map((line) => sentence(on, indent, line, style));

const top = (on: Page, { tool, generatedAt, cluster, traffic }: DenialsReport): readonly string[] => {
  const { pairs, omitted, nodes, from, to } = traffic;
  const whose = cluster === undefined ? 'no snapshot given: addresses have no names' : clusterArn(cluster);
  const when = from === undefined || to === undefined ? 'no time known' : `${moment(from)} to ${moment(to)}`;
  const who = nodes.length === 0 ? 'reporting nodes not named' : `reported by ${plural(nodes.length, 'node')}`;
  return [
    sentence(on, 0, inert(`Netpol Warden ${tool.version}, ${moment(generatedAt)}`), 'dim'),
    sentence(on, 0, 'What was denied?', 'bold'),
    sentence(on, 0, inert(whose)),
    sentence(on, 0, `${plural(pairs.length + omitted.pairs, 'denied pair')}, ${when}, ${who}`),
  ];
};

const signalLines = (on: Page, { kind, status, values, since }: TrafficSignal): readonly string[] => [
  cellLine(on, 2, [
    { text: status.toUpperCase(), width: 7, style: status === 'active' ? 'bad' : 'dim' },
    { text: kind, width: 12, style: 'bold' },
    { text: `since ${moment(since)}`, width: 'flex' },
  ]),
  ...paragraph(on, DETAIL, values.what),
];

/** Whole lines, however long: a manifest that was cut would be applied cut. */
const manifestLines = ({ paint }: Page, manifest: string): readonly string[] =>
  manifest
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, indentation = '', text = ''] = /^( *)(.*)$/s.exec(line) ?? [];
      return paint('dim', `${' '.repeat(DETAIL + 2)}${indentation}${inert(text)}`);
    });

const suggestionLines = (on: Page, { explanation }: DeniedPair): readonly string[] => {
  const [first, ...others] = explanation.suggestions;
  if (first === undefined) return paragraph(on, DETAIL, `fix: none. ${explanation.noSuggestion ?? ''}`, 'dim');
  return [
    ...paragraph(on, DETAIL, `fix: ${first.titles.join('; ')}; ${opensText(first)}`, 'bold'),
    ...manifestLines(on, first.manifest),
    ...others.flatMap((other) =>
      paragraph(on, DETAIL, `or ${other.scope}: ${other.titles.join('; ')}; ${opensText(other)}`, 'dim'),
    ),
  ];
};

const FIRST_ADDRESSES = 2;

/** `10.0.1.7, … → 10.0.40.9`. */
const addressesOf = ({ source, destination }: DeniedPair): string =>
  [source, destination]
    .map(({ addresses, addressCount }) => {
      const shown = addresses.slice(0, FIRST_ADDRESSES);
      return addressCount > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
    })
    .join(' → ');

const pairLines = (on: Page, pair: DeniedPair): readonly string[] => [
  cellLine(on, 2, [
    { text: `${countText(pair)}×`, width: 8, align: 'right', style: 'bold' },
    { text: pairNames(pair), width: 'flex' },
    { text: portText(pair), width: 10, style: 'bold' },
    { text: DENIAL_WORD[pair.class], width: 26, style: TONE_STYLE[DENIAL_TONE[pair.class]] },
  ]),
  sentence(on, DETAIL, inert(`${moment(pair.firstSeenAt)} to ${moment(pair.lastSeenAt)}, ${addressesOf(pair)}`), 'dim'),
  ...pair.explanation.summary.slice(0, SENTENCES).flatMap((text) => paragraph(on, DETAIL, text)),
  ...pair.explanation.suspicions.flatMap(({ text }) => paragraph(on, DETAIL, `may be: ${text}`, 'unsure')),
  ...suggestionLines(on, pair),
];

const problemLines = (on: Page, { inputs }: DenialsReport): readonly string[] => {
  const faulty = inputs.filter(({ problems }) => problems.length > 0);
  return faulty.length === 0
    ? []
    : [
        heading(on, 'COULD NOT BE READ IN FULL'),
        ...faulty.flatMap(({ name, problems }) => [
          sentence(on, 2, inert(name), 'unsure'),
          ...problems.flatMap((problem) => paragraph(on, 4, problem)),
        ]),
      ];
};

const countLines = (on: Page, { traffic }: DenialsReport): readonly string[] => {
  const { omitted, exact, counts } = traffic;
  return [
    heading(on, 'COUNTED'),
    ...paragraph(on, 2, countsText(traffic)),
    ...(omitted.pairs === 0
      ? []
      : paragraph(
          on,
          2,
          `${plural(omitted.pairs, 'more pair')} with ${plural(omitted.lines, 'line')} left out`,
          'dim',
        )),
    ...(exact ? [] : paragraph(on, 2, 'more distinct flows than are kept: rare ones may be missing', 'unsure')),
    ...counts.unreadableSamples
      .slice(0, 3)
      .map(({ reason, text }) => sentence(on, 2, inert(`${reason}: ${text}`), 'dim')),
    ...(counts.lines === 0
      ? paragraph(on, 2, 'Nothing was read: whether anything was denied is unknown.', 'unsure')
      : []),
  ];
};

/** The report for a terminal, with a final line break. */
export const renderDenialsTable = (
  report: DenialsReport,
  { columns, colour, top: most }: DenialsTableOptions,
): string => {
  const on = page(columns, colour);
  const { pairs, signals } = report.traffic;
  const shown = pairs.slice(0, most);
  const rest = pairs.length - shown.length;
  const sections = [
    top(on, report),
    problemLines(on, report),
    signals.length === 0 ? [] : [heading(on, 'SIGNALS'), ...signals.flatMap((signal) => signalLines(on, signal))],
    ...shown.map((pair, index) => [...(index === 0 ? [heading(on, 'DENIED')] : []), ...pairLines(on, pair)]),
    rest === 0 ? [] : [sentence(on, 2, `${plural(rest, 'more pair')}: --top ${pairs.length} shows all`, 'dim')],
    countLines(on, report),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};
