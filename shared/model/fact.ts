/**
 * A fact is one thing looked at about one cluster. It has three states, and "could not look" is one of them:
 * neither `null` nor `undefined` ever stands for it.
 */

/** How strong the evidence is: seen on the thing itself, written in its configuration, or concluded from a version. */
export type Grade = 'observed' | 'declared' | 'inferred';

/** Why a fact was not obtained. Closed: a new cause needs a new word here and a sentence in the reports. */
export type UnobservedReason =
  /** The API refused: 401, 403, AccessDenied, expired credentials. */
  | 'denied'
  /** The API asked us to slow down until we gave up: 429, ThrottlingException. */
  | 'throttled'
  /** The API answered with another error. */
  | 'api-error'
  /** No answer: DNS, TCP, TLS or deadline. */
  | 'unreachable'
  /** An answer came and was not what its documentation promises. */
  | 'malformed'
  /** Some pages came, not all: a partial list proves nothing about what is missing from it. */
  | 'partial'
  /** Nobody asked. */
  | 'not-collected';

export interface Observed<T> {
  readonly state: 'observed';
  readonly value: T;
  /** The call that gave the value, as its vendor spells it: `eks:DescribeCluster`, `GET /api/v1/nodes`. */
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly observedAt: string;
}

/** We looked, and it is not there. */
export interface Absent {
  readonly state: 'absent';
  readonly source: string;
  readonly observedAt: string;
}

/** We could not look. */
export interface Unobserved {
  readonly state: 'unobserved';
  readonly reason: UnobservedReason;
  /** One line of plain words; text from elsewhere is already bounded but not escaped. */
  readonly detail: string;
  readonly source: string;
  readonly observedAt: string;
}

export type Fact<T> = Observed<T> | Absent | Unobserved;

/** A fact that was really looked at. */
export type Looked<T> = Observed<T> | Absent;

export const observed = <T>(value: T, source: string, observedAt: string): Observed<T> => ({
  state: 'observed',
  value,
  source,
  observedAt,
});

export const absent = (source: string, observedAt: string): Absent => ({ state: 'absent', source, observedAt });

export const unobserved = (
  reason: UnobservedReason,
  detail: string,
  source: string,
  observedAt: string,
): Unobserved => ({
  state: 'unobserved',
  reason,
  detail,
  source,
  observedAt,
});
