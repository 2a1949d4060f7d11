import { gunzipSync, gzipSync } from 'node:zlib';
import { singleLine } from '../../model/single-line.ts';
import { StoreError } from '../port.ts';
import type { Item } from './table.ts';

/**
 * An item is at most 400 KB, names included.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const BODY_LIMIT = 350 * 1024;

const PROBLEM_LIMIT = 400;

/** Sorts as a number does. */
export const padded = (value: number): string => String(value).padStart(15, '0');

export const compressed = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));

/** The JSON value in a body. Throws StoreError. */
export const expanded = (place: string, body: unknown): unknown => {
  if (!(body instanceof Uint8Array)) throw new StoreError(`${place}: body: expected bytes`);
  try {
    return JSON.parse(gunzipSync(body).toString('utf8'));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'unreadable';
    throw new StoreError(singleLine(`${place}: body: expected gzipped JSON: ${problem}`, PROBLEM_LIMIT), { cause });
  }
};

/** Throws StoreError where the body is too large for an item. */
export const refuseOversize = (place: string, { body, sk }: Item): void => {
  if (body instanceof Uint8Array && body.length <= BODY_LIMIT) return;
  throw new StoreError(`${place}: ${sk}: body: expected at most ${BODY_LIMIT} bytes of gzipped JSON`);
};

/**
 * Bytes of any length as items under `<kind>#<version>#<id>#<number>`. They are written before the one item that refers
 * to them by version and id, and never changed; so no reader sees a mixture, whoever dies in between. Those to which
 * nothing refers are litter: every part of a version that was reached, but the parts of the one that reached it.
 */
export const partsOf = (pk: string, kind: string, version: number, id: string, bytes: Uint8Array): readonly Item[] =>
  Array.from({ length: Math.max(1, Math.ceil(bytes.length / BODY_LIMIT)) }, (_, index) => ({
    pk,
    sk: `${kind}#${padded(version)}#${id}#${padded(index)}`,
    version,
    body: bytes.subarray(index * BODY_LIMIT, (index + 1) * BODY_LIMIT),
  }));

export const isPartOf = ({ sk }: Item, kind: string, version: number, id: string): boolean =>
  sk.startsWith(`${kind}#${padded(version)}#${id}#`);

/** The bytes of all parts, in the order of their sort keys; undefined where one is missing. */
export const joined = (parts: readonly Item[], count: number): Uint8Array | undefined => {
  if (parts.length !== count) return undefined;
  return Buffer.concat(
    parts.flatMap((part) => {
      const body = part['body'];
      return body instanceof Uint8Array ? [body] : [];
    }),
  );
};
