import * as z from 'zod/mini';
import { singleLine } from '../model/single-line.ts';
import { ACCOUNT, placeOf, REGION } from './place.ts';
import type { Place } from './request.ts';

/**
 * What every EventBridge event has. `account` and `region` are the origin's, also on a central bus.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
const Envelope = z.object({
  id: z.optional(z.string().check(z.maxLength(256))),
  source: z.string(),
  'detail-type': z.string(),
  account: z.string().check(z.regex(ACCOUNT)),
  region: z.string().check(z.regex(REGION)),
  time: z.iso.datetime({ offset: true }),
  resources: z.optional(z.array(z.string())),
  detail: z.record(z.string(), z.unknown()),
});

export interface WireEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly place: Place;
  /** RFC 3339. */
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: Detail;
}

export type Detail = { readonly [key: string]: unknown };

/** An event is not what EventBridge sends. Trying again does not help. */
export class BadEventError extends Error {
  override readonly name = 'BadEventError';
}

const PROBLEM_LIMIT = 300;

/** @throws BadEventError naming the path and the expectation */
export const readEnvelope = (event: unknown): WireEvent => {
  const read = z.safeParse(Envelope, event);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = issue?.path.map(String).join('.') ?? '';
    throw new BadEventError(
      singleLine(`event${path === '' ? '' : `.${path}`}: ${issue?.message ?? 'not understood'}`, PROBLEM_LIMIT),
    );
  }
  const { id = '', source, 'detail-type': detailType, account, region, time, resources = [], detail } = read.data;
  return { id, source, detailType, place: placeOf(account, region), time, resources, detail };
};

/** An own field of an object; undefined where there is none. */
export const fieldOf = (value: unknown, key: string): unknown =>
  // An object that is not null may be asked for any own key.
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Detail)[key] : undefined;

export const textOf = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = path.reduce(fieldOf, value);
  return typeof found === 'string' && found !== '' ? found : undefined;
};
