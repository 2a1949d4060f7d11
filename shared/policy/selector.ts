import type { Labels, LabelSelector } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';

/** One term of a selector; a `matchLabels` entry is an `In` with one value. */
export type Requirement = LabelSelector['matchExpressions'][number];

export const requirementsOf = (selector: LabelSelector): readonly Requirement[] => [
  ...Object.entries(selector.matchLabels).map(([key, value]): Requirement => ({
    key,
    operator: 'In',
    values: [value],
  })),
  ...selector.matchExpressions,
];

/** The terms of `selector` that `labels` do not satisfy. */
export const unmetRequirements = (selector: LabelSelector, labels: Labels): readonly Requirement[] =>
  requirementsOf(selector).filter(
    (requirement) => !matchesLabels({ matchLabels: {}, matchExpressions: [requirement] }, labels),
  );

export const isEmptySelector = (selector: LabelSelector): boolean => requirementsOf(selector).length === 0;
