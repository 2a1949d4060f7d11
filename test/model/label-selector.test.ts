import { expect, it } from 'vitest';
import type { LabelSelector } from '../../shared/model/facts-kubernetes.ts';
import { matchesLabels } from '../../shared/model/label-selector.ts';

it('matches everything where it is empty', () => {
  expect(matchesLabels({ matchLabels: {}, matchExpressions: [] }, { app: 'a' })).toBe(true);
});

it('matches nothing by an operator that Kubernetes does not have', () => {
  // Written as it would come past a door that does not look: the type itself does not allow it.
  const selector = { matchLabels: {}, matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] } as unknown;
  expect(matchesLabels(selector as LabelSelector, { app: '2' })).toBe(false);
});
