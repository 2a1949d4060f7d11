import type { Status } from '../../model/outcome.ts';
import type { Answer } from '../summary.ts';
import type { RowSeverity } from '../view.ts';
import { ANSWER_WORD, STATUS_WORD } from '../words.ts';
import type { Html } from './template.ts';
import { html } from './template.ts';

/** The tone of a badge adds to its word; each has a shape of its own, too: filled, dashed, tinted, plain. */
export type Tone = 'fail' | 'unknown' | 'pass' | 'none';

export const STATUS_TONE: { readonly [S in Status]: Tone } = {
  fail: 'fail',
  'not-evaluated': 'unknown',
  pass: 'pass',
  'not-applicable': 'none',
};

export const ANSWER_TONE: { readonly [A in Answer]: Tone } = {
  'not-enforced': 'fail',
  unknown: 'unknown',
  enforced: 'pass',
  'not-applicable': 'none',
};

export const statusBadge = (status: Status): Html =>
  html`<span class="badge ${STATUS_TONE[status]}">${STATUS_WORD[status]}</span>`;

export const answerBadge = (answer: Answer): Html =>
  html`<span class="badge ${ANSWER_TONE[answer]}">${ANSWER_WORD[answer]}</span>`;

export const severityWord = (severity: RowSeverity): Html => html`<span class="sev ${severity}">${severity}</span>`;
