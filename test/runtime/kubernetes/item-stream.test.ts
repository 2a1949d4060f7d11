import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { JsonItemStream } from '../../../shared/runtime/kubernetes/item-stream.ts';
import type { ListEnvelope } from '../../../shared/runtime/kubernetes/list-envelope.ts';

const split = (
  chunks: readonly Buffer[],
  arrayKey: 'items' | 'rows' = 'items',
): { items: readonly unknown[]; envelope: ListEnvelope } => {
  const items: unknown[] = [];
  const stream = new JsonItemStream(
    (bytes, start, end) => items.push(JSON.parse(bytes.toString('utf8', start, end))),
    arrayKey,
  );
  for (const chunk of chunks) stream.push(chunk);
  return { envelope: stream.end(), items };
};

const itemsOf = (text: string): readonly unknown[] => split([Buffer.from(text)]).items;

const cut = (whole: Buffer, sizes: readonly number[]): readonly Buffer[] => {
  const chunks: Buffer[] = [];
  let position = 0;
  for (let index = 0; position < whole.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(whole.subarray(position, position + size));
    position += size;
  }
  return chunks;
};

/** Space that JSON allows between tokens. */
const space = fc.constantFrom('', '', ' ', '\n', '\t', '\r\n  ');

/** Renders a value as JSON with other spacing and escaping than JSON.stringify's. */
const render = (value: unknown, gap: string, escape: boolean): string => {
  if (Array.isArray(value))
    return `[${gap}${value.map((item) => render(item, gap, escape)).join(`${gap},${gap}`)}${gap}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${render(key, gap, escape)}${gap}:${gap}${render(item, gap, escape)}`,
    );
    return `{${gap}${entries.join(`${gap},${gap}`)}${gap}}`;
  }
  if (typeof value === 'string' && escape) {
    return `"${[...Array(value.length).keys()].map((at) => `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
  }
  // Strings, numbers, booleans and null are left.
  return JSON.stringify(value) ?? 'null';
};

/** What JSON.parse makes of a document that should be a list. */
const parsedItems = (text: string): unknown => {
  const List = z.object({
    kind: z.string().optional(),
    metadata: z.object({ continue: z.string().optional() }).nullish(),
    items: z.array(z.unknown()),
  });
  return List.parse(JSON.parse(text)).items;
};

const seenIn = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return 'refused';
  }
};

const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' });

describe('JsonItemStream', () => {
  it('finds what JSON.parse finds, however the body is written and cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
    // Keys that look like the list's own, at the top and inside.
    const key = fc.constantFrom('items', 'rows', 'kind', 'a"b', 'ite\\ms', 'ключ', '__proto__x');
    const nested = fc.dictionary(key, json);
    const document = fc.record({
      before: fc.dictionary(fc.constantFrom('apiVersion', 'x', 'rows', 'b{', ']'), json),
      items: fc.array(fc.oneof(json, nested)),
      after: fc.dictionary(fc.constantFrom('y', 'Items', 'c}', '"'), json),
    });
    fc.assert(
      fc.property(document, space, fc.boolean(), sizes, ({ after, before, items }, gap, escape, sizes) => {
        const meta = { resourceVersion: '12', continue: 'tok{]"' };
        const whole = { ...before, kind: 'PodList', items, ...after, metadata: meta };
        const text = render(whole, gap, escape);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(whole)));
        expect(split(cut(Buffer.from(text), sizes))).toEqual({
          items: (JSON.parse(text) as { items: unknown[] }).items,
          envelope: { kind: 'PodList', resourceVersion: '12', continueToken: 'tok{]"', columns: [] },
        });
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with JSON.parse about which documents are lists, whatever is done to their text', () => {
    const text = JSON.stringify({ kind: 'L', metadata: { continue: '' }, items: [{ a: [1, '}'] }, 'x', 2, null] });
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(3),
        fc.constantFrom('', ',', ']', '}', '"', '\\', ' ', '7'),
        (at, drop, add) => {
          const broken = text.slice(0, at) + add + text.slice(at + drop);
          expect([broken, seenIn(() => itemsOf(broken))]).toEqual([broken, seenIn(() => parsedItems(broken))]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('hands out an item of one chunk where it lies, without copying it', () => {
    const body = Buffer.from('{"metadata":{},"items":[{"a":1}]}');
    let seen: readonly unknown[] = [];
    const stream = new JsonItemStream((bytes, start, end) => {
      seen = [bytes === body, start, end];
    });
    stream.push(body);
    expect(seen).toEqual([true, 24, 31]);
  });

  it('hands out an item as soon as it ends, before the rest of the page is there', () => {
    const seen: string[] = [];
    const stream = new JsonItemStream((bytes, start, end) => seen.push(bytes.toString('utf8', start, end)));
    stream.push(Buffer.from('{"items":[{"a":1},{"b"'));
    expect(seen).toEqual(['{"a":1}']);
  });

  it('takes items: null, as Go writes a list that was never filled, for an empty list', () => {
    expect(itemsOf('{"kind":"PodList","metadata":{},"items":null}')).toEqual([]);
  });

  it('knows the key when it is written with escapes', () => {
    expect(itemsOf('{"\\u0069tems":[1],"metadata":{}}')).toEqual([1]);
  });

  it('keeps copies of what it needs of a chunk, since the chunk is used again', () => {
    const seen: string[] = [];
    const stream = new JsonItemStream((bytes, start, end) => seen.push(bytes.toString('utf8', start, end)));
    const chunk = Buffer.alloc(20);
    for (const text of ['{"items":[{"a":', '1,"b":[2', ']},"c"],"kind":', '"L"}']) {
      chunk.fill(0);
      stream.push(chunk.subarray(0, chunk.write(text)));
    }
    expect(stream.end().kind).toBe('L');
    expect(seen).toEqual(['{"a":1,"b":[2]}', '"c"']);
  });

  it('says of a body that ends too early that it does', () => {
    expect(() => itemsOf('{"items":[{"a":1},')).toThrow('the JSON body ends inside the list');
  });

  it('leaves an items array that is not at the top alone', () => {
    expect(itemsOf('{"metadata":{"items":[1,2]},"items":[3]}')).toEqual([3]);
  });

  it("reads a table's rows and columns", () => {
    const table =
      '{"kind":"Table","metadata":{},"columnDefinitions":[{"name":"Name"},{"name":"IP"}],"rows":[{"cells":["a",1]}]}';
    expect(split([Buffer.from(table)], 'rows')).toEqual({
      items: [{ cells: ['a', 1] }],
      envelope: { kind: 'Table', resourceVersion: '', continueToken: '', columns: ['Name', 'IP'] },
    });
  });

  it.each([
    ['is empty', ''],
    ['is another value than an object', '[{"items":[]}]'],
    ['has no items', '{"kind":"Status","metadata":{}}'],
    ['has items of another type', '{"items":{"a":1}}'],
    ['has two lists of items', '{"items":[1],"items":[2]}'],
    ['ends inside an item', '{"items":[{"a":"}'],
    ['ends behind an item', '{"items":[{"a":1}'],
    ['ends behind the list', '{"items":[{"a":1}]'],
    ['goes on behind its end', '{"items":[]}{}'],
    ['lacks a comma', '{"items":[{} {}]}'],
    ['has a comma too many', '{"items":[{},]}'],
    ['begins its list with a comma', '{"items":[,{}]}'],
    ['has a key that is no JSON', '{"it\\xems":[]}'],
    ['has a continue token that is no text', '{"metadata":{"continue":7},"items":[]}'],
  ])('refuses a body that %s', (_name, text) => {
    expect(() => itemsOf(text)).toThrow(/^.+$/);
    expect(() => split(cut(Buffer.from(text), [1]))).toThrow(/^.+$/);
  });

  it('bounds what one item and what the rest of the page can make it hold', () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    const push = (start: string): void => {
      const stream = new JsonItemStream(() => {});
      stream.push(Buffer.from(start));
      for (let count = 0; count < 20; count += 1) stream.push(megabyte);
    };
    expect(() => push('{"items":["')).toThrow('an item of more than 16777216 bytes');
    expect(() => push('{"x":"')).toThrow('bytes of JSON beside the list');
  });
});
