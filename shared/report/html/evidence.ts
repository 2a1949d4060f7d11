import type { Evidence, MissingFact } from '../../model/outcome.ts';
import { moment, plural, REASON_SENTENCE, REASON_WORD } from '../words.ts';
import { html, NOTHING } from './template.ts';
import type { Html } from './template.ts';

export const time = (value: string): Html => html`<time datetime="${value}">${moment(value)}</time>`;

const GRADE = {
  observed: 'observed: seen on the thing itself',
  declared: 'declared: written in its configuration',
  inferred: 'inferred: concluded from a version',
} as const satisfies { readonly [G in Evidence['grade']]: string };

const one = ({ fact, path, value, grade, source, observedAt }: Evidence): Html =>
  html`<dt><code>${fact}</code> ${path === '' ? NOTHING : html`<code>${path}</code>`}</dt>
    <dd class="value">${value}</dd>
    <dd class="origin">${GRADE[grade]}; <code>${source}</code>, ${time(observedAt)}</dd>`;

/** What an outcome rests on, folded. */
export const evidenceList = (evidence: readonly Evidence[]): Html =>
  evidence.length === 0
    ? NOTHING
    : html`<details class="evidence">
        <summary>Evidence: ${plural(evidence.length, 'fact')}</summary>
        <dl>${evidence.map(one)}</dl>
      </details>`;

/** Why an outcome is unknown. */
export const missingList = (missing: readonly MissingFact[]): readonly Html[] =>
  missing.map(
    ({ fact, reason, detail, source }) =>
      html`<p class="gap">
        Could not read <code>${fact}</code>: <b>${REASON_WORD[reason]}</b>. ${REASON_SENTENCE[reason]}
        <span class="quiet"><code>${source}</code>: ${detail}</span>
      </p>`,
  );
