import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, link, name, trusted, words } from '../../../shared/report/html/template.ts';

describe('html', () => {
  it('escapes every string, in content and in attributes', () => {
    const text = `<b title="x">'\`&`;
    expect(html`<p title="${text}">${text}</p>`.toString()).toBe(
      '<p title="&lt;b title=&quot;x&quot;&gt;&#39;&#96;&amp;">&lt;b title=&quot;x&quot;&gt;&#39;&#96;&amp;</p>',
    );
  });

  // Under another name, so that a formatter leaves the markup as it stands.
  const tag = html;

  it('puts markup and lists of markup in as they are, and numbers as text', () => {
    const items = ['<a>', 'b'].map((item) => tag`<li>${item}</li>`);
    expect(tag`<ul>${items}</ul>${3}${tag`<hr>`}`.toString()).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>3<hr>');
  });

  it('does not take an object that looks like markup for markup', () => {
    // A caller without types: what is not Html, text or a number must not come through as it is.
    const forged = { toString: () => '<script>' } as unknown as string;
    expect(() => html`${forged}`.toString()).toThrow(TypeError);
  });

  it('leaves out the indentation of the template and keeps that of values', () => {
    expect(
      tag`<div>
      <pre>${'a\n    b'}</pre>
    </div>`.toString(),
    ).toBe('<div>\n<pre>a\n    b</pre>\n</div>');
  });

  it('writes out what hides or reorders text', () => {
    expect(escapeHtml('\u202ea\u0000\u001b[1m')).toBe('\\u{202e}a\\u{0}\\u{1b}[1m');
  });

  it('lets no text end an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/);
      }),
    );
  });

  it('has one way around escaping, for constants', () => {
    expect(html`${trusted('<i>')}`.toString()).toBe('<i>');
  });
});

describe('link', () => {
  it('goes to https only', () => {
    expect(link('docs', 'https://docs.aws.amazon.com/?a=1&b=2').toString()).toBe(
      '<a href="https://docs.aws.amazon.com/?a=1&amp;b=2" rel="noopener noreferrer">docs</a>',
    );
    expect(link('docs', 'javascript:alert(1)').toString()).toBe('<code>javascript:alert(1)</code>');
  });
});

describe('text that must be copied exactly', () => {
  const textOf = (markup: string): string => markup.replaceAll(/<[^>]*>/g, '');

  it('keeps every character of a command and of a name', () => {
    expect(textOf(html`${words('a  --b c\n  d ')}`.toString())).toBe('a  --b c\n  d ');
    expect(textOf(name('kube-system/a.b.c').toString())).toBe('kube-system/a.b.c');
    expect(textOf(name('').toString())).toBe('');
  });
});
