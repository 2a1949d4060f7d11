import { setImmediate } from 'node:timers/promises';
import { inert, visibleWidth } from '../shared/report/text.ts';
import { inertJson } from './simulate-json.ts';
import type { Matrix, PrintedRow } from './simulate-matrix.ts';

type Write = (text: string) => void;

/** Text is handed on in pieces of about this many characters: one row at a time would be one system call each. */
const CHUNK = 65_536;

/** Between two pieces the event loop turns, so that a pipe takes the one before and the whole is never in memory. */
const writeChunks = async (pieces: Iterable<string>, write: Write): Promise<void> => {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    write(chunk);
    chunk = '';
    await setImmediate();
  }
  if (chunk !== '') write(chunk);
};

/** Remembers what a text becomes: a matrix says the same few things over and over. */
const remembering = (become: (text: string) => string): ((text: string) => string) => {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text) ?? become(text);
    known.set(text, found);
    return found;
  };
};

function* jsonPieces(rows: Iterable<PrintedRow>): Generator<string> {
  const json = remembering((text) => inertJson(text));
  let before = '[\n';
  for (const { from, to, port, protocol, allowed, because } of rows) {
    const ends = `"from":${json(from)},"to":${json(to)}`;
    yield `${before}{${ends},"port":${port},"protocol":${json(protocol)},"allowed":${allowed},"because":${json(because)}}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** A spreadsheet would run what begins like a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const cell = (value: string): string => {
  const text = inert(value);
  const harmless = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

function* csvPieces(rows: Iterable<PrintedRow>): Generator<string> {
  const text = remembering(cell);
  yield 'from,to,port,protocol,allowed,because\r\n';
  for (const { from, to, port, protocol, allowed, because } of rows) {
    yield `${[text(from), text(to), port, protocol, allowed === null ? 'unknown' : allowed, text(because)].join(',')}\r\n`;
  }
}

/** Past it a grid is wider than a screen. */
const MAX_GRID = 40;

const sign = (allowed: boolean | null): string => (allowed === null ? '?' : allowed ? '.' : 'X');

/** Columns are numbered; a row's own number is its column's. Outside to outside is blank: it is not the cluster's. */
const grids = ({ ends, ports, rows }: Matrix): readonly string[] => {
  const signs = new Map<string, string>();
  for (const { from, to, port, protocol, allowed } of rows()) {
    signs.set(JSON.stringify([port, protocol, from, to]), sign(allowed));
  }
  const wide = String(ends.length).length;
  const labels = ends.map(({ label }, at) => `${String(at + 1).padStart(wide)} ${inert(label)}`);
  const width = Math.max(...labels.map(visibleWidth));
  const numbers = ends.map((_, at) => String(at + 1).padStart(wide)).join(' ');
  return ports.flatMap(({ port, protocol }) => [
    `${port}/${protocol}`,
    `${' '.repeat(width)}  ${numbers}`,
    ...ends.map(({ label: from }, at) => {
      const cells = ends.map(({ label: to }) =>
        (signs.get(JSON.stringify([port, protocol, from, to])) ?? ' ').padStart(wide),
      );
      const label = labels[at] ?? '';
      return `${label}${' '.repeat(width - visibleWidth(label))}  ${cells.join(' ')}`.trimEnd();
    }),
    '',
  ]);
};

const namespaceOf = (label: string): string => (label.includes('/') ? label.slice(0, label.indexOf('/')) : label);

/** Namespace by namespace, where pods are too many to draw. */
const counts = ({ rows }: Matrix): readonly string[] => {
  const totals = new Map<string, { allowed: number; denied: number; unknown: number }>();
  for (const { from, to, port, protocol, allowed } of rows()) {
    const key = `${port}/${protocol}  ${inert(namespaceOf(from))} to ${inert(namespaceOf(to))}`;
    const known = totals.get(key) ?? { allowed: 0, denied: 0, unknown: 0 };
    totals.set(key, known);
    known[allowed === null ? 'unknown' : allowed ? 'allowed' : 'denied'] += 1;
  }
  return [...totals].map(
    ([key, { allowed, denied, unknown }]) => `${key}: ${allowed} allowed, ${denied} denied, ${unknown} unknown`,
  );
};

const table = (matrix: Matrix): string => {
  if (matrix.ends.length > MAX_GRID) return [...counts(matrix), ''].join('\n');
  return [...grids(matrix), '. reaches   X does not   ? cannot be known; rows open connections to columns', ''].join(
    '\n',
  );
};

export const writeMatrix = async (matrix: Matrix, output: 'table' | 'json' | 'csv', write: Write): Promise<void> => {
  switch (output) {
    case 'json':
      return writeChunks(jsonPieces(matrix.rows()), write);
    case 'csv':
      return writeChunks(csvPieces(matrix.rows()), write);
    case 'table':
      return write(table(matrix));
    default:
      return output satisfies never;
  }
};
