import { absent, observed, unobserved, type Fact, type Unobserved } from '../../model/fact.ts';
import { valueAt } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { oneLine } from '../normalise/one-line.ts';
import type { Look } from './dump-directory.ts';
import type { Unusable } from './dump-files.ts';

/** Where a fact comes from and when it was looked at: the same for every state it can be in. */
export interface Origin {
  readonly source: string;
  readonly gatheredAt: string;
}

/** A call that answered in full, or the reason why nothing can be said. */
export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fact'; readonly fact: Fact<never> };

/**
 * A list that goes on elsewhere: Kubernetes' `metadata.continue`, the AWS command line's `NextToken` under
 * `--max-items`, EKS' own `nextToken` (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html).
 */
const CONTINUATIONS = [['metadata', 'continue'], ['NextToken'], ['nextToken']] as const;

const isTruncated = (value: unknown): boolean =>
  CONTINUATIONS.some((path) => {
    const token = valueAt(value, path);
    return typeof token === 'string' && token !== '';
  });

export const malformed = (file: string, problem: string, { source, gatheredAt }: Origin): Unobserved =>
  unobserved('malformed', oneLine(`${file}: ${problem}`), source, gatheredAt);

export const unusable = (file: string, { expected, found }: Unusable, origin: Origin): Unobserved =>
  malformed(file, `expected ${expected}, found ${found}`, origin);

/** What a look at a file is worth, before its answer is read. `notFound` says what a call's "not found" means here. */
export const answerOf = (look: Look, origin: Origin, notFound: 'absent' | 'api-error'): Answer => {
  const { source, gatheredAt } = origin;
  const fact = (value: Fact<never>): Answer => ({ kind: 'fact', fact: value });
  switch (look.kind) {
    case 'missing':
      return fact(unobserved('not-collected', `${look.file} is not in the dump`, source, gatheredAt));
    case 'unusable':
      return fact(unusable(look.file, look, origin));
    case 'failed': {
      const { failure } = look;
      if (failure.kind === 'absent' && notFound === 'absent') return fact(absent(source, gatheredAt));
      const reason = failure.kind === 'absent' ? 'api-error' : failure.reason;
      return fact(unobserved(reason, oneLine(`${look.file}: ${failure.detail}`), source, gatheredAt));
    }
    case 'answered':
      return isTruncated(look.value)
        ? fact(unobserved('partial', `${look.file}: the list goes on in a page that is not here`, source, gatheredAt))
        : { kind: 'value', value: look.value };
  }
};

/** Reads an answer; what its vendor's documentation does not promise makes the fact malformed, never an exception. */
export const readFact = <T>(file: string, origin: Origin, read: () => T): Fact<T> => {
  try {
    return observed(read(), origin.source, origin.gatheredAt);
  } catch (error) {
    if (error instanceof MalformedError) return malformed(file, error.message, origin);
    throw error;
  }
};
