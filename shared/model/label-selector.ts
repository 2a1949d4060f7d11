import type { Labels, LabelSelector } from './facts-kubernetes.ts';

const has = (labels: Labels, key: string): boolean => Object.hasOwn(labels, key);

/**
 * Kubernetes' own meaning: every `matchLabels` entry and every expression must hold; an empty selector matches all.
 * `NotIn` and `DoesNotExist` also hold where the key is missing.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export const matchesLabels = (selector: LabelSelector, labels: Labels): boolean =>
  Object.entries(selector.matchLabels).every(([key, value]) => has(labels, key) && labels[key] === value) &&
  selector.matchExpressions.every(({ key, operator, values }) => {
    switch (operator) {
      case 'In':
        return has(labels, key) && values.includes(labels[key] ?? '');
      case 'NotIn':
        return !has(labels, key) || !values.includes(labels[key] ?? '');
      case 'Exists':
        return has(labels, key);
      case 'DoesNotExist':
        return !has(labels, key);
      default:
        // An operator that got past the door selects nothing: matching by mistake would show a policy where there is none.
        operator satisfies never;
        return false;
    }
  });
