import type { AuditReport } from '../../model/report.ts';
import { headline } from '../headline.ts';
import { changeLines, exceptionLines } from './changes.ts';
import { clusterLines } from './cluster.ts';
import { fleetLines } from './fleet.ts';
import type { Page, Style } from './paint.ts';
import { heading, page, sentence } from './paint.ts';
import { inert, wrap } from '../text.ts';
import type { Headline } from '../headline.ts';
import type { ReportView } from '../view.ts';
import { viewReport } from '../view.ts';
import { moment, QUESTION } from '../words.ts';

export interface TableOptions {
  /** Of the terminal; taken as at least 48 and at most 140. No line is wider. */
  readonly columns: number;
  readonly colour: boolean;
}

const WORD_STYLE: { readonly [W in Headline['word']]: Style } = {
  NO: 'bad',
  UNKNOWN: 'unsure',
  YES: 'good',
  'NOTHING AUDITED': 'unsure',
};

const top = (on: Page, { report, summary }: ReportView): readonly string[] => {
  const { word, text } = headline(summary);
  const [first = '', ...others] = wrap(`${word}. ${text}`, on.columns);
  return [
    sentence(on, 0, inert(`Netpol Warden ${report.tool.version}, ${moment(report.generatedAt)}`), 'dim'),
    sentence(on, 0, QUESTION, 'bold'),
    on.paint(WORD_STYLE[word], first.slice(0, word.length)) + first.slice(word.length),
    ...others,
  ];
};

const unreadableLines = (on: Page, { report }: ReportView): readonly string[] =>
  report.unreadable.length === 0
    ? []
    : [
        heading(on, 'COULD NOT BE READ'),
        ...report.unreadable.flatMap(({ path, problem }) => [
          sentence(on, 2, inert(path), 'unsure'),
          ...wrap(inert(problem), on.columns - 4, 3).map((line) => sentence(on, 4, line)),
        ]),
      ];

/** The report for a terminal, with a final line break. What matters most stands last, next to the prompt. */
export const renderTable = (report: AuditReport, { columns, colour }: TableOptions): string => {
  const on = page(columns, colour);
  const view = viewReport(report);
  const sections = [
    top(on, view),
    unreadableLines(on, view),
    ...view.clusters.map((cluster) => clusterLines(on, cluster)),
    changeLines(on, view),
    exceptionLines(on, view),
    fleetLines(on, view),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};
