import { ProtobufError } from './protobuf.ts';
import type { FieldCursor } from './protobuf.ts';

/**
 * The parts that all objects share. Field numbers:
 * https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/apis/meta/v1/generated.proto
 */

/** Of ObjectMeta. */
export const META = {
  name: 1,
  namespace: 3,
  uid: 5,
  creationTimestamp: 8,
  labels: 11,
  annotations: 12,
  ownerReferences: 13,
} as const;

/** Most UTF-16 units kept of a text; a longer one is cut and then ends in `…`, as it is where these objects are read from JSON. */
const MAX_TEXT = 4096;

export const boundText = (text: string, max: number = MAX_TEXT): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;

/** The text of a `BYTES` field, bounded. */
export const readText = (cursor: FieldCursor, max: number = MAX_TEXT): string => boundText(cursor.text(), max);

/** A field that every object in storage has. @throws ProtobufError where it is empty, which in JSON it would be missing */
export const required = (text: string, field: string): string => {
  if (text === '') throw new ProtobufError(`an object without ${field}`);
  return text;
};

/** By UTF-16 units: the order of lists in the model, whose parts NUL separates because no name can hold it. */
export const byKey =
  <T>(key: (item: T) => readonly string[]) =>
  (left: T, right: T): number => {
    const [a, b] = [key(left).join('\u0000'), key(right).join('\u0000')];
    return a < b ? -1 : Number(a > b);
  };

/**
 * A map that inherits nothing, so that `constructor` is found in it only where somebody wrote it and `__proto__` is a key
 * like any other. Made this way and not with Object.create(null), which V8 keeps as a hash table of several times the size.
 */
// setPrototypeOf gives `any`; what it gives is the empty object that it was given.
export const emptyMap = (): { [key: string]: string } => Object.setPrototypeOf({}, null) as { [key: string]: string };

/** `Time { int64 seconds = 1; int32 nanos = 2 }` as RFC 3339 in UTC and whole seconds, as JSON has it; empty for none. */
export const readTime = (cursor: FieldCursor): string => {
  let seconds: number | undefined;
  while (cursor.next()) if (cursor.field === 1) seconds = cursor.number();
  // Go writes its zero time, which JSON has as null, as a message without fields.
  if (seconds === undefined) return '';
  // The years 1 to 9999, which are what RFC 3339 can say.
  if (seconds < -62_135_596_800 || seconds > 253_402_300_799) throw new ProtobufError(`a time of ${seconds} seconds`);
  return formatTime(seconds);
};

const DAY_SECONDS = 86_400;
/** `YYYY-MM-DDTHH:MM:SSZ` in ASCII. The date part is that of `scratchDay`. */
const scratch = Buffer.from('1970-01-01T00:00:00Z');
let scratchDay = 0;

/**
 * What `new Date(seconds * 1000).toISOString()` gives without milliseconds, but as one flat string. Cutting that one makes
 * a chain of three, which for 150,000 pods is 10 MB.
 */
const formatTime = (seconds: number): string => {
  const day = Math.floor(seconds / DAY_SECONDS);
  if (day !== scratchDay) {
    scratch.write(new Date(day * DAY_SECONDS * 1000).toISOString(), 0, 10, 'latin1');
    scratchDay = day;
  }
  const second = seconds - day * DAY_SECONDS;
  twoDigits(11, Math.floor(second / 3600));
  twoDigits(14, Math.floor(second / 60) % 60);
  twoDigits(17, second % 60);
  return scratch.toString('latin1');
};

const twoDigits = (at: number, value: number): void => {
  scratch[at] = 0x30 + Math.floor(value / 10);
  scratch[at + 1] = 0x30 + (value % 10);
};

/** Puts one entry of a `map<string, string>`, `{ key = 1; value = 2 }`, into `map`. `text` reads the value. */
export const readEntry = (
  entry: FieldCursor,
  map: { [key: string]: string },
  text: (value: FieldCursor) => string,
): void => {
  let key = '';
  let value = '';
  while (entry.next()) {
    if (entry.field === 1) key = readText(entry);
    else if (entry.field === 2) value = text(entry);
  }
  map[key] = value;
};

/** For `readEntry` of a `map<string, Quantity>`; Quantity is `{ string = 1 }` (pkg/api/resource/generated.proto). */
export const readQuantity = (quantity: FieldCursor, text: (value: FieldCursor) => string): string => {
  let value = '';
  while (quantity.next()) if (quantity.field === 1) value = text(quantity);
  return value;
};
