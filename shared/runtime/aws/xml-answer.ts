import { XmlCursor } from './xml-cursor.ts';

/** What is read of an answer, by element name; everything else is only checked to be well-formed. */
export type Shape =
  | { readonly kind: 'text' }
  /** RFC 3339; becomes a `Date`. */
  | { readonly kind: 'time' }
  /** A set of EC2's: its children are all named `item`. */
  | { readonly kind: 'list'; readonly item: Shape }
  | Struct;

export interface Struct {
  readonly kind: 'struct';
  readonly members: readonly Member[];
}

interface Member {
  /** Name of the element. */
  readonly tag: Buffer;
  /** Name of the property it becomes. */
  readonly name: string;
  readonly shape: Shape;
}

export type Scanned = string | Date | readonly Scanned[] | ScannedStruct;
export interface ScannedStruct {
  readonly [name: string]: Scanned;
}

const ITEM = Buffer.from('item');
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;

const readTime = (cursor: XmlCursor): Date => {
  const text = cursor.text();
  const time = new Date(text);
  if (!RFC3339.test(text) || Number.isNaN(time.getTime())) cursor.fail('an RFC 3339 time before here');
  return time;
};

const readList = (cursor: XmlCursor, item: Shape): readonly Scanned[] => {
  const items: Scanned[] = [];
  const list = cursor.open();
  while (cursor.nextChild(list)) {
    // What a list holds under another name would be missing from it.
    if (!cursor.isNamed(ITEM)) cursor.fail('<item> before here');
    items.push(readValue(cursor, item));
  }
  return items;
};

const readStruct = (cursor: XmlCursor, members: readonly Member[]): ScannedStruct => {
  const values: { [name: string]: Scanned } = {};
  const struct = cursor.open();
  while (cursor.nextChild(struct)) {
    const member = members.find(({ tag }) => cursor.isNamed(tag));
    if (member === undefined) cursor.skip();
    else if (Object.hasOwn(values, member.name)) cursor.fail(`one <${member.tag.toString()}>, not two, before here`);
    else values[member.name] = readValue(cursor, member.shape);
  }
  return values;
};

/** Of the element whose start tag was read. */
const readValue = (cursor: XmlCursor, shape: Shape): Scanned => {
  switch (shape.kind) {
    case 'text':
      return cursor.text();
    case 'time':
      return readTime(cursor);
    case 'list':
      return readList(cursor, shape.item);
    case 'struct':
      return readStruct(cursor, shape.members);
  }
};

/** The fields asked for of a whole answer whose root has this name. @throws XmlAnswerError */
export const readAnswer = (bytes: Uint8Array, root: string, { members }: Struct): ScannedStruct => {
  const cursor = new XmlCursor(bytes);
  cursor.root(root);
  const values = readStruct(cursor, members);
  cursor.end();
  return values;
};
