import { inertLines } from '../text.ts';

/** Markup that was written as markup. There is no way to make one from a string but the template and `trusted`. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

const ESCAPE: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** For element content and quoted attribute values; characters that hide or reorder text are written out. */
export const escapeHtml = (text: string): string =>
  inertLines(text).replace(/[&<>"'`]/g, (character) => ESCAPE[character] ?? character);

export type Hole = string | number | Html | readonly Html[];

const fill = (hole: Hole): string => {
  if (typeof hole === 'string') return escapeHtml(hole);
  if (typeof hole === 'number') return String(hole);
  return hole instanceof Html ? hole.toString() : hole.join('');
};

/** Indentation of the template's own source; values keep theirs. */
const withoutIndentation = (parts: TemplateStringsArray): readonly string[] =>
  parts.map((part) => part.replace(/\n\s+/g, '\n'));
const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Every value is escaped unless it is Html itself. Attribute values must be quoted in the template. */
export const html = (template: TemplateStringsArray, ...holes: readonly Hole[]): Html => {
  const parts = compacted.get(template) ?? withoutIndentation(template);
  compacted.set(template, parts);
  return new Html(parts.reduce((markup, part, index) => markup + fill(holes[index - 1] ?? '') + part));
};

/** Only for constants of this program: the style sheet and the script. */
export const trusted = (constant: string): Html => new Html(constant);

export const NOTHING = html``;

/** Only https; anything else is shown as text. */
export const link = (label: string, url: string): Html =>
  url.startsWith('https://')
    ? html`<a href="${url}" rel="noopener noreferrer">${label}</a>`
    : html`<code>${url}</code>`;

const unbroken = (parts: readonly string[]): readonly Html[] =>
  parts.map((part) => html`<span class="word">${part}</span>`);

/** A command: lines break between its words, not inside them; copied text stays exact. */
export const words = (command: string): readonly Html[] => unbroken(command.split(/(?<=\s)(?=\S)/));

/** A name: lines break after dots and slashes, not at the hyphens of an address. */
export const name = (text: string): Html => html`<code>${unbroken(text.split(/(?<=[./])/))}</code>`;
