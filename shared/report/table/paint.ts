import { clip, pad, padLeft, visibleWidth } from '../text.ts';

/** Colour adds to what words already say. Select Graphic Rendition: ECMA-48 §8.3.117. */
export type Style = 'bold' | 'dim' | 'bad' | 'unsure' | 'good';

const SGR: { readonly [S in Style]: string } = { bold: '1', dim: '2', bad: '1;31', unsure: '33', good: '32' };

export interface Page {
  readonly columns: number;
  readonly paint: (style: Style, text: string) => string;
}

/** Below this nothing sensible fits; lines stay this wide then. */
const NARROWEST = 48;
/** Past this the eye loses the line. */
const WIDEST = 140;

export const page = (columns: number, colour: boolean): Page => ({
  columns: Math.min(Math.max(NARROWEST, Math.floor(columns) || NARROWEST), WIDEST),
  paint: (style, text) => (colour && text !== '' ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text),
});

export interface Cell {
  readonly text: string;
  /** Columns; the one `flex` cell of a row takes what the others leave. */
  readonly width: number | 'flex';
  readonly align?: 'left' | 'right';
  readonly style?: Style;
}

const GUTTER = '  ';

/** One line of cells, two spaces apart. Trailing spaces are left out. */
export const cellLine = ({ columns, paint }: Page, indent: number, cells: readonly Cell[]): string => {
  const fixed = cells.reduce((total, { width }) => total + (width === 'flex' ? 0 : width), 0);
  const rest = Math.max(1, columns - indent - fixed - GUTTER.length * (cells.length - 1));
  const line = cells
    .map(({ text, width, align, style }, index) => {
      const size = width === 'flex' ? rest : width;
      const last = index === cells.length - 1 && align !== 'right';
      const shown = last ? clip(text, size) : (align === 'right' ? padLeft : pad)(text, size);
      return style === undefined ? shown : paint(style, shown);
    })
    .join(GUTTER);
  return ' '.repeat(indent) + line;
};

/** A line of text, cut at the right edge. */
export const sentence = (page: Page, indent: number, text: string, style?: Style): string => {
  const shown = clip(text, page.columns - indent);
  return ' '.repeat(indent) + (style === undefined ? shown : page.paint(style, shown));
};

/** A heading and a rule to the right edge. */
export const heading = (page: Page, text: string): string => {
  const shown = clip(text, page.columns);
  const rest = page.columns - visibleWidth(shown) - 1;
  return page.paint('bold', shown) + (rest > 0 ? page.paint('dim', ` ${'─'.repeat(rest)}`) : '');
};
