import type { Html } from './template.ts';
import { html } from './template.ts';

export interface Column {
  readonly label: string;
  /** A width class of the style sheet; one column of a table has none and takes what is left. */
  readonly width?: string;
  readonly align?: 'right';
}

/** A table that a screen reader can name and walk; on a narrow screen its rows become blocks. */
export const dataTable = (caption: string, kind: string, columns: readonly Column[], rows: readonly Html[]): Html =>
  html`<table class="stack ${kind}">
    <caption class="vh">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(
          ({ label, width = '', align }) =>
            html`<th scope="col" class="${width}${align === 'right' ? ' number' : ''}">${label}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
