import { createHash } from 'node:crypto';
import { goldenItems, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { FieldCursor } from '../../../shared/runtime/kubernetes/protobuf.ts';

/** A page's items as they go over the wire, in both encodings. */
export interface Encoded {
  readonly protobuf: Buffer;
  readonly json: Buffer;
}

/** A place in a template that differs from object to object; the text put there has the placeholder's length. */
interface Place {
  readonly at: number;
  readonly value: Value;
}

/** Text for the object `index`, of the owner `owner`; `salt` tells several places of one object apart. */
type Value = (index: number, owner: number, salt: number) => string;

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const digits = (value: number, width: number): string => String(value).padStart(width, '0');
/** Two bytes as numbers of three digits, so that an address keeps its length. */
const pair = (value: number): string => `${100 + Math.floor(value / 156)}.${100 + (value % 156)}`;

const nodeOf = (index: number): number => index % 5000;
const nodeAddress = (node: number): string => `10.200.${pair(node)}`;

const PLACEHOLDERS: readonly (readonly [string, Value])[] = [
  [
    '00000000-0000-4000-8000-000000000000',
    (index) => hex(`uid${index}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
  ],
  [
    '3c1f9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2',
    (index, _owner, salt) => hex(`container${index}.${salt}`),
  ],
  [
    '6f0b7f0e-6a51-4b0e-8a65-8f6a4f0d51aa',
    (_index, owner) => hex(`owner${owner}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
  ],
  [
    '9b3f1c0e3d2a5b4c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4',
    (_index, owner, salt) => hex(`image${owner}.${salt}`),
  ],
  [
    'a1d4c7f0e3b6a9d2c5f8e1b4a7d0c3f6e9b2a5d8c1f4e7b0a3d6c9f2e5b8a1d4',
    (_index, owner, salt) => hex(`checksum${owner}.${salt}`),
  ],
  ['c1a2b3c4d5e6', (_index, owner) => hex(`database${owner}`).slice(0, 12)],
  ['ip-10-200-100-100', (index) => `ip-${nodeAddress(nodeOf(index)).replaceAll('.', '-')}`],
  ['10.200.100.100', (index) => nodeAddress(nodeOf(index))],
  ['10.100.100.200', (index) => `10.${100 + Math.floor(index / 24_336)}.${pair(index % 24_336)}`],
  ['i-0123456789abcdef0', (index) => `i-${hex(`instance${index}`).slice(0, 17)}`],
  ['-x00000', (index) => `-${hex(`suffix${index}`).slice(0, 6)}`],
  ['kube-api-access-7x2kq', (index) => `kube-api-access-${hex(`volume${index}`).slice(0, 5)}`],
  ['912345678', (index) => digits(900_000_000 + Number.parseInt(hex(`version${index}`).slice(0, 6), 16), 9)],
  ['7d9c6f5b8d', (_index, owner) => hex(`hash${owner}`).slice(0, 10)],
  ['5c7b9d8f6c', (_index, owner) => hex(`hash${owner}`).slice(0, 10)],
  ['29384010', (_index, owner) => digits(29_000_000 + (owner % 999_999), 8)],
];

/** One object of a golden list, to be written many times. */
export interface Template {
  readonly protobuf: Buffer;
  readonly json: Buffer;
  readonly places: { readonly protobuf: readonly Place[]; readonly json: readonly Place[] };
}

const placesIn = (bytes: Buffer): readonly Place[] =>
  PLACEHOLDERS.flatMap(([text, value]) => {
    const places: Place[] = [];
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length))
      places.push({ at, value });
    return places;
  });

const protobufItems = (body: Buffer): readonly Buffer[] => {
  const items: Buffer[] = [];
  const envelope = new FieldCursor().open(body, 4, body.length);
  while (envelope.next()) {
    if (envelope.field !== 2) continue;
    const list = new FieldCursor().into(envelope);
    while (list.next()) if (list.field === 2) items.push(list.bytes.subarray(list.start, list.stop));
  }
  return items;
};

export const templatesOf = (name: 'pod-list' | 'node-list'): readonly Template[] => {
  const json = goldenItems(name).map((item) => Buffer.from(JSON.stringify(item)));
  return protobufItems(goldenProtobuf(name)).map((protobuf, index) => {
    const text = json[index] ?? Buffer.alloc(0);
    return { protobuf, json: text, places: { protobuf: placesIn(protobuf), json: placesIn(text) } };
  });
};

const fill = (template: Buffer, places: readonly Place[], index: number, owner: number): Buffer => {
  const bytes = Buffer.from(template);
  places.forEach(({ at, value }, salt) => bytes.write(value(index, owner, salt), at, 'latin1'));
  return bytes;
};

/** The object `index` in both encodings. */
export const encode = (template: Template, index: number, owner: number): Encoded => ({
  protobuf: fill(template.protobuf, template.places.protobuf, index, owner),
  json: fill(template.json, template.places.json, index, owner),
});
