import type { DeniedPair, DeniedParty } from '../../model/denied-traffic.ts';
import { DENIAL_TONE, DENIAL_WORD, portText } from '../denials/denials-report.ts';
import { clip, inert, visibleWidth } from '../text.ts';
import { plural } from '../words.ts';
import type { Html } from './template.ts';
import { html, NOTHING } from './template.ts';

/**
 * Who could not reach whom, as one picture per destination namespace: sources on the left, destinations with their ports
 * on the right, a line for each denied pair. Small pictures stay readable where one with every line would not.
 */

const ROW = 22;
const TOP = 14;
/** Between the two sides, where the lines are. */
const GAP = 220;
const LABEL_COLUMNS = 46;
/** The widest letters aside, a column of the page's font at the map's size. */
const COLUMN = 6.9;
/** From a label to its end of the lines, and from the edge to the label. */
const MARGIN = 24;
/** A panel is cut here, most denied lines first; what is left out is said and stands in the table. */
const MOST_PAIRS_IN_PANEL = 120;

interface Panel {
  readonly title: string;
  readonly pairs: readonly DeniedPair[];
}

/** The place that a destination belongs to: its namespace, or what kind of address it is. */
const placeOf = ({ owner, workload }: DeniedParty): string => {
  if (workload !== undefined) return `namespace ${workload.namespace}`;
  switch (owner?.kind) {
    case undefined:
    case 'special':
      return 'nobody known';
    case 'service':
    case 'pod':
      return `namespace ${owner.namespace}`;
    case 'node':
      return 'nodes';
    case 'api-server':
      return 'Kubernetes API server';
    case 'well-known':
      return 'addresses of AWS and the node';
    case 'network-interface':
    case 'vpc':
      return 'elsewhere in the VPC';
    case 'aws-service':
      return 'AWS services';
    case 'external':
      return 'outside';
  }
};

const linesOf = (pairs: readonly DeniedPair[]): number => pairs.reduce((total, { count }) => total + count, 0);

/** Most denied lines first. */
export const panelsOf = (pairs: readonly DeniedPair[]): readonly Panel[] =>
  [...Map.groupBy(pairs, ({ destination }) => placeOf(destination))]
    .map(([title, inPanel]) => ({
      title,
      pairs: inPanel.toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)),
    }))
    .toSorted((a, b) => linesOf(b.pairs) - linesOf(a.pairs) || (a.title < b.title ? -1 : 1));

/** The order in which each thing comes first. */
const inOrder = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...new Set(names)].map((name, index) => [name, index]));

/**
 * Two sweeps of the barycentre heuristic: each side is put in the order of the mean place of what it is tied to, so that
 * lines cross little (Sugiyama, Tagawa, Toda 1981).
 */
const arrange = (
  edges: readonly (readonly [left: string, right: string])[],
): { readonly left: ReadonlyMap<string, number>; readonly right: ReadonlyMap<string, number> } => {
  let left = inOrder(edges.map(([name]) => name));
  let right = inOrder(edges.map(([, name]) => name));
  const sweep = (side: 0 | 1, others: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
    const places = Map.groupBy(edges, (edge) => edge[side]);
    const mean = (name: string): number => {
      const tied = places.get(name) ?? [];
      return (
        tied.reduce((sum, edge) => sum + (others.get(edge[side === 0 ? 1 : 0]) ?? 0), 0) / Math.max(1, tied.length)
      );
    };
    return inOrder([...places.keys()].toSorted((a, b) => mean(a) - mean(b) || (a < b ? -1 : 1)));
  };
  for (let round = 0; round < 2; round += 1) {
    left = sweep(0, right);
    right = sweep(1, left);
  }
  return { left, right };
};

const shown = (text: string): string => clip(inert(text), LABEL_COLUMNS);

const destinationText = (pair: DeniedPair): string => `${pair.destination.label} ${portText(pair)}`;

/** Where the lines begin, where they end, and how wide it all is: the same in every panel, so that they stand in line. */
interface Columns {
  readonly left: number;
  readonly right: number;
  readonly width: number;
}

const columnsOf = (pairs: readonly DeniedPair[]): Columns => {
  const longest = (texts: readonly string[]): number =>
    Math.ceil(texts.reduce((most, text) => Math.max(most, visibleWidth(shown(text))), 12) * COLUMN) + MARGIN;
  const left = longest(pairs.map(({ source }) => source.label));
  const right = left + GAP;
  return { left, right, width: right + longest(pairs.map(destinationText)) };
};

/** One to four pixels: the number of lines, on a logarithmic scale. */
const thickness = (count: number): string => Math.min(4, 1 + Math.log10(Math.max(1, count))).toFixed(1);

const picture = ({ title, pairs }: Panel, id: string, { left: x1, right: x2, width }: Columns): Html => {
  const edges = pairs.map((pair) => [pair.source.label, destinationText(pair)] as const);
  const { left, right } = arrange(edges);
  const rows = Math.max(left.size, right.size);
  const height = TOP * 2 + rows * ROW;
  const place = (index: number, size: number): number => TOP + ROW / 2 + index * ROW + ((rows - size) * ROW) / 2;
  const leftY = (name: string): number => place(left.get(name) ?? 0, left.size);
  const rightY = (name: string): number => place(right.get(name) ?? 0, right.size);
  const middle = (x1 + x2) / 2;
  const lines = pairs.map((pair) => {
    const [from, to] = [pair.source.label, destinationText(pair)];
    const [y1, y2] = [leftY(from), rightY(to)];
    return html`<path
      class="edge ${DENIAL_TONE[pair.class]}"
      data-from="${left.get(from) ?? 0}"
      data-to="${right.get(to) ?? 0}"
      stroke-width="${thickness(pair.count)}"
      d="M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"
    >
      <title>${from} → ${to}: ${pair.count}×, ${DENIAL_WORD[pair.class]}</title>
    </path>`;
  });
  const label = (side: 'from' | 'to', text: string, index: number, y: number): Html =>
    html`<g class="end" role="img" tabindex="0" data-side="${side}" data-index="${index}">
      <title>${text}</title>
      <circle cx="${side === 'from' ? x1 : x2}" cy="${y}" r="3" />
      <text x="${side === 'from' ? x1 - 10 : x2 + 10}" y="${y + 4}" text-anchor="${side === 'from' ? 'end' : 'start'}"
        >${shown(text)}</text
      >
    </g>`;
  return html`<div class="map-wrap">
    <svg
      class="map"
      width="${width}"
      height="${height}"
      viewBox="0 0 ${width} ${height}"
      role="group"
      aria-labelledby="${id}"
    >
      <title id="${id}">
        Denied traffic into ${title}: ${plural(pairs.length, 'pair')}; the table below has them all
      </title>
      ${lines} ${[...left].map(([text, index]) => label('from', text, index, leftY(text)))}
      ${[...right].map(([text, index]) => label('to', text, index, rightY(text)))}
    </svg>
  </div>`;
};

const panel = ({ title, pairs }: Panel, id: string, columns: Columns): Html => {
  const drawn = pairs.slice(0, MOST_PAIRS_IN_PANEL);
  const rest = pairs.length - drawn.length;
  return html`<figure>
    <figcaption>
      Into <b>${title}</b>: ${plural(pairs.length, 'pair')},
      ${plural(linesOf(pairs), 'line')}${rest === 0 ? '' : `; the first ${drawn.length} are drawn`}
    </figcaption>
    ${picture({ title, pairs: drawn }, id, columns)}
  </figure> `;
};

/** `prefix` keeps ids apart where a page has several maps. */
export const denialMap = (pairs: readonly DeniedPair[], prefix: string): Html =>
  pairs.length === 0
    ? NOTHING
    : html`<p class="legend quiet">
          Line by line, thicker where more was denied. Solid: no rule or a deciding policy. Dashed: somebody has to
          look. Dotted: nothing to mend.
        </p>
        <div class="maps">
          ${panelsOf(pairs).map((each, index) => panel(each, `${prefix}-map-${index}`, columnsOf(pairs)))}
        </div>`;
