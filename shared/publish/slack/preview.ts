import { createHash } from 'node:crypto';
import type { KnownBlock, RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import { html, type Html, link, NOTHING, trusted } from '../../report/html/template.ts';
import { PREVIEW_STYLE } from './preview-style.ts';
import type { SlackMessage } from './rich-text.ts';

/** One message as it would stand in a channel. */
export interface PreviewMessage {
  readonly message: SlackMessage;
  /** In the thread of the one before it. */
  readonly isReply: boolean;
  /** What stands beside the sender's name. */
  readonly time: string;
}

/** The page cuts a text of more than so many characters; a longer one is put together from pieces. */
const PIECE = 900;

const whole = (text: string): readonly Html[] => {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / PIECE) }, (_, index) => {
    const piece = characters.slice(index * PIECE, (index + 1) * PIECE).join('');
    return html`${piece}`;
  });
};

const inline = (element: RichTextElement): Html => {
  switch (element.type) {
    case 'text': {
      const text = whole(element.text);
      const coded = element.style?.code === true ? html`<code>${text}</code>` : html`${text}`;
      return element.style?.bold === true ? html`<b>${coded}</b>` : coded;
    }
    case 'link':
      return link(element.text ?? element.url, element.url);
    default:
      // No message of ours has one: shown by name, so that it is noticed.
      return html`<b>[${element.type}]</b>`;
  }
};

const section = ({ elements }: RichTextSection): Html => html`<div class="section">${elements.map(inline)}</div>`;

const rich = (element: RichTextBlockElement): Html => {
  switch (element.type) {
    case 'rich_text_section':
      return section(element);
    case 'rich_text_list':
      return html`<ul>
        ${element.elements.map((item) => html`<li>${section(item)}</li>`)}
      </ul>`;
    case 'rich_text_preformatted':
      return html`<pre>${element.elements.map(inline)}</pre>`;
    default:
      return html`<b>[${element.type}]</b>`;
  }
};

const block = (each: KnownBlock): Html => {
  switch (each.type) {
    case 'header':
      return html`<h2>${whole(each.text.text)}</h2>`;
    case 'rich_text':
      return html`<div class="rich">${each.elements.map(rich)}</div>`;
    case 'divider':
      return html`<hr />`;
    default:
      return html`<p><b>[${each.type}]</b></p>`;
  }
};

const messageHtml = ({ message, isReply, time }: PreviewMessage): Html =>
  html`<article class="message${isReply ? ' reply' : ''}">
    <div class="avatar" aria-hidden="true">NW</div>
    <div class="content">
      <span class="from">Netpol Warden</span><span class="app">APP</span><span class="time">${time}</span>
      ${message.blocks.map(block)}
    </div>
  </article>`;

/** Nothing is fetched and nothing runs; the one style sheet is known by its digest. https://www.w3.org/TR/CSP3/ */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(PREVIEW_STYLE, 'utf8').digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * A page that looks like a Slack channel with these messages, to see them without Slack. It shows what the blocks say, and
 * what Slack would make of a block is a guess: the limits are tested, the looks are not.
 */
export const slackPreview = (channel: string, messages: readonly PreviewMessage[]): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${channel}: Netpol Warden in Slack, a preview</title>
        ${trusted(`<style>${PREVIEW_STYLE}</style>`)}
      </head>
      <body>
        <header class="channel">
          # ${channel}<small>A look-alike, not Slack: ${messages.length} messages from Netpol Warden</small>
        </header>
        <main>
          ${messages.length === 0 ? html`<p class="message">Nobody would be told anything.</p>` : NOTHING}${messages.map(messageHtml)}
        </main>
      </body>
    </html> `.toString();
