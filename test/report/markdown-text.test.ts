import { describe, expect, it } from 'vitest';
import { cellCode, code, codeBlock, link, prose } from '../../shared/report/markdown-text.ts';

describe('prose', () => {
  it.each([
    ['*a* _b_ ~c~ `d`', '\\*a\\* \\_b\\_ \\~c\\~ \\`d\\`'],
    ['[x](y)', '\\[x\\](y)'],
    ['a | b \\ c', 'a &#124; b &#92; c'],
    ['<img src=x> & &lt;', '&lt;img src=x&gt; &amp; &amp;lt;'],
    ['@team #12 !7', '@&#8203;team #&#8203;12 !&#8203;7'],
    ['GH-7 www.example.com', 'GH&#8203;-7 www&#8203;.example.com'],
    ['https://example.com :tada: a:b', 'https:&#8203;//example.com :&#8203;tada: a:&#8203;b'],
    ['at 09:05 UTC: fine', 'at 09:05 UTC: fine'],
    ['$a$', '&#36;&#8203;a&#36;&#8203;'],
    ['a\nb\u202e', 'a b&#92;u\\{202e\\}'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(prose(text)).toBe(expected);
  });
});

describe('a text that is too long', () => {
  it('is never cut inside a character', () => {
    const text = `${'a'.repeat(298)}😀b`;

    expect(prose(text)).toBe(`${'a'.repeat(298)}…`);
    expect(code(text)).toBe(`\`${'a'.repeat(298)}…\``);
  });
});

describe('code', () => {
  it.each([
    ['ip-10-0-1-5', '`ip-10-0-1-5`'],
    ['a`b', '``a`b``'],
    ['`a`', '`` `a` ``'],
    ['``', '``` `` ```'],
    [' a ', '`  a  `'],
    ['  ', '(empty)'],
    ['a|b', '`a|b`'],
  ])('%j becomes %j', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('gives way in a table to what a table would cut', () => {
    expect(cellCode('a-b')).toBe('`a-b`');
    expect(cellCode('a|b')).toBe('a&#124;b');
    expect(cellCode('a\\')).toBe('a&#92;');
  });

  it('bounds a name', () => {
    expect(code('x'.repeat(10_000))).toHaveLength(302);
  });
});

describe('codeBlock', () => {
  it('is fenced by more backticks than it holds', () => {
    expect(codeBlock('echo ````', 'sh')).toBe('`````sh\necho ````\n`````');
    expect(codeBlock('ls', 'sh')).toBe('```sh\nls\n```');
  });
});

describe('link', () => {
  it.each([
    ['https://docs.aws.amazon.com/eks/', '[docs](https://docs.aws.amazon.com/eks/)'],
    ['javascript:alert(1)', '`javascript:alert(1)`'],
    ['http://example.com', '`http://example.com`'],
    ['https://example.com/a)b', '`https://example.com/a)b`'],
    ['https://example.com/a b', '`https://example.com/a b`'],
  ])('to %j is %j', (url, expected) => {
    expect(link('docs', url)).toBe(expected);
  });
});
