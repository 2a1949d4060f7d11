import type { Result } from '../../model/check.ts';
import type { Evidence, MessageValues, MissingFact, Resource } from '../../model/outcome.ts';

/**
 * A link is one condition of enforcement, judged for one node or one cluster. Each link serves its own check and
 * the composed check `network-policy/enforced`, so that the two can never disagree.
 */
export type Link<M extends string = string> = { readonly message: M; readonly values?: MessageValues } & (
  | { readonly state: 'holds' | 'broken'; readonly evidence: readonly [Evidence, ...Evidence[]] }
  | {
      readonly state: 'unknown';
      readonly missing: readonly [MissingFact, ...MissingFact[]];
      readonly evidence?: readonly Evidence[];
    }
  | { readonly state: 'not-applicable'; readonly evidence?: readonly Evidence[] }
);

/** The link as its own check reports it. */
export const toResult = <M extends string>(resource: Resource, link: Link<M>): Result<M> => {
  const base = { resource, message: link.message, ...(link.values === undefined ? {} : { values: link.values }) };
  switch (link.state) {
    case 'holds':
      return { ...base, status: 'pass', evidence: link.evidence };
    case 'broken':
      return { ...base, status: 'fail', evidence: link.evidence };
    case 'unknown':
      return { ...base, status: 'not-evaluated', missing: link.missing, evidence: link.evidence ?? [] };
    case 'not-applicable':
      return { ...base, status: 'not-applicable', evidence: link.evidence ?? [] };
  }
};
