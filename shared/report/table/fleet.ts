import type { NodeCounts, SeverityCounts } from '../summary.ts';
import { openCount } from '../summary.ts';
import { nodeTotal } from '../headline.ts';
import { inert } from '../text.ts';
import type { ReportView } from '../view.ts';
import { ANSWER_STYLE } from './cluster.ts';
import type { Cell, Page, Style } from './paint.ts';
import { cellLine, heading, sentence } from './paint.ts';

/** From this width on the five severities have a column each. */
const SEVERITY_COLUMNS_FROM = 72;
const SHORT_HEADER_BELOW = 60;
/** From this width on region and account do, too. */
const PLACE_COLUMNS_FROM = 116;

const number = (count: number, width: number, style?: Style): Cell => ({
  text: String(count),
  width,
  align: 'right',
  ...(style === undefined || count === 0 ? {} : { style }),
});

/** `2C 1L`; the legend stands under the matrix. */
const compact = (counts: SeverityCounts): string =>
  [
    [counts.critical, 'C'] as const,
    [counts.high, 'H'] as const,
    [counts.medium, 'M'] as const,
    [counts.low, 'L'] as const,
    [counts.informational, 'I'] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, letter]) => `${count}${letter}`)
    .join(' ') || '0';

/** Nodes that nobody could list are not zero nodes. */
const enforcedWidth = ({ columns }: Page): number => (columns < SHORT_HEADER_BELOW ? 8 : 14);

const nodeCells = (page: Page, { nodes }: { readonly nodes: NodeCounts }): readonly Cell[] => {
  const blind = nodes.population === 'unlisted';
  const none = blind && nodeTotal(nodes) === 0;
  const unknown = none ? 'all' : `${nodes.unknown}${blind ? '+' : ''}`;
  return [
    none ? { text: '-', width: enforcedWidth(page), align: 'right' } : number(nodes.enforced, enforcedWidth(page)),
    none ? { text: '-', width: 3, align: 'right' } : number(nodes.notEnforced, 3, 'bad'),
    { text: unknown, width: 7, align: 'right', ...(unknown === '0' ? {} : { style: 'unsure' as const }) },
  ];
};

const findingCells = (page: Page, counts: SeverityCounts): readonly Cell[] =>
  page.columns < SEVERITY_COLUMNS_FROM
    ? [{ text: compact(counts), width: 11, align: 'right' }]
    : [
        number(counts.critical, 4, 'bad'),
        number(counts.high, 4),
        number(counts.medium, 3),
        number(counts.low, 3),
        number(counts.informational, 4),
      ];

const headerCells = (page: Page): readonly Cell[] => {
  const column = (text: string, width: Cell['width'], align: 'left' | 'right' = 'right'): Cell => ({
    text,
    width,
    align,
    style: 'dim',
  });
  return [
    column('CLUSTER', 'flex', 'left'),
    ...(page.columns < PLACE_COLUMNS_FROM ? [] : [column('REGION', 16, 'left'), column('ACCOUNT', 12, 'left')]),
    column(page.columns < SHORT_HEADER_BELOW ? 'ENFORCED' : 'NODES ENFORCED', enforcedWidth(page)),
    column('NOT', 3),
    column('UNKNOWN', 7),
    ...(page.columns < SEVERITY_COLUMNS_FROM
      ? [column('FINDINGS', 11)]
      : [column('CRIT', 4), column('HIGH', 4), column('MED', 3), column('LOW', 3), column('INFO', 4)]),
  ];
};

/** A cluster × answer matrix, with open findings that no exception holds for. */
export const fleetLines = (page: Page, { clusters, summary: { fleet } }: ReportView): readonly string[] => {
  const wide = page.columns >= PLACE_COLUMNS_FROM;
  const names = Map.groupBy(clusters, ({ summary }) => summary.cluster.name);
  const place = (region: string, account: string): readonly Cell[] =>
    wide
      ? [
          { text: region, width: 16 },
          { text: account, width: 12 },
        ]
      : [];
  const lines = clusters.map(({ summary }) => {
    const { name, region, account } = summary.cluster;
    const shared = (names.get(name)?.length ?? 0) > 1 && !wide;
    return cellLine(page, 0, [
      {
        text: inert(shared ? `${name} ${region} ${account}` : name),
        width: 'flex',
        style: ANSWER_STYLE[summary.answer],
      },
      ...place(inert(region), inert(account)),
      ...nodeCells(page, summary),
      ...findingCells(page, summary.open),
    ]);
  });
  const legend = page.columns < SEVERITY_COLUMNS_FROM && openCount(fleet) > 0;
  return [
    heading(page, 'FLEET'),
    cellLine(page, 0, headerCells(page)),
    ...lines,
    ...(clusters.length < 2
      ? []
      : [
          cellLine(page, 0, [
            { text: `${clusters.length} clusters`, width: 'flex' },
            ...place('', ''),
            ...nodeCells(page, fleet),
            ...findingCells(page, fleet.open),
          ]),
        ]),
    ...(legend ? [sentence(page, 0, 'C critical, H high, M medium, L low, I info', 'dim')] : []),
  ];
};
