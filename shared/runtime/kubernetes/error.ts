import type { UnobservedReason } from '../../model/fact.ts';

/** Why a read of the Kubernetes API gave nothing: the words of an unobserved fact, and the one that makes it absent. */
export type KubernetesErrorReason = Exclude<UnobservedReason, 'not-collected'> | 'not-found';

export interface KubernetesErrorDetails {
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /**
   * With `not-found`: `resource-type` when the server does not serve such a path (a CRD that is not installed),
   * `object` when it serves the type and has no object of this name.
   */
  readonly missing?: 'resource-type' | 'object';
  /** With status 410: the token with which the list can go on, from a newer state than it began with. */
  readonly continueToken?: string;
  readonly cause?: unknown;
}

/**
 * The only error this folder throws. `message` is one bounded line of plain words; text from the server in it is not
 * escaped. It never holds a token, a key or a body.
 */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  readonly reason: KubernetesErrorReason;
  readonly status: number | undefined;
  readonly missing: 'resource-type' | 'object' | undefined;
  readonly continueToken: string | undefined;

  constructor(reason: KubernetesErrorReason, message: string, details: KubernetesErrorDetails = {}) {
    super(oneLine(message, 600), details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.status = details.status;
    this.missing = details.missing;
    this.continueToken = details.continueToken;
  }
}

/** Control characters and line ends become spaces; what is longer than `limit` characters is cut and says so. */
export const oneLine = (text: string, limit: number): string => {
  // Cut first: a hostile text of megabytes must not be searched whole.
  const line = text
    .slice(0, limit * 2)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
};

export const malformed = (message: string, cause?: unknown): KubernetesError =>
  new KubernetesError('malformed', message, { cause });

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
