import type {
  KnownBlock,
  RichTextBlock,
  RichTextElement,
  RichTextList,
  RichTextSection,
  RichTextText,
} from '@slack/types';
import { singleLine } from '../../model/single-line.ts';

const TEXT = 1000;

export interface SlackMessage {
  /** For notifications and screen readers; mrkdwn, so escaped. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping: these three, ampersand first. */
const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cut before it is escaped, so that no entity is cut in two; escaped text may be five times as long. */
export const mrkdwn = (text: string, limit: number): string => {
  for (let length = limit; ; length = Math.floor(length * 0.8)) {
    const escaped = escapeMrkdwn(singleLine(text, length));
    if (escaped.length <= limit || length < 1) return escaped.slice(0, limit);
  }
};

export const text = (value: string, style?: 'bold' | 'code'): RichTextText => ({
  type: 'text',
  // Slack refuses an element without text.
  text: value === '' ? ' ' : value,
  ...(style === undefined ? {} : { style: { [style]: true } }),
});

export const section = (...elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

export const line = (label: string, value: string, style?: 'code'): RichTextSection =>
  section(text(`${label}: `, 'bold'), text(singleLine(value, TEXT), style));

export const richText = (...elements: RichTextBlock['elements']): RichTextBlock => ({ type: 'rich_text', elements });

export const list = (items: readonly RichTextSection[]): RichTextList => ({
  type: 'rich_text_list',
  style: 'bullet',
  elements: [...items],
});
