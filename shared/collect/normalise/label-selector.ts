import * as z from 'zod';
import type { LabelSelector } from '../../model/facts-kubernetes.ts';
import { listOf, text } from './field.ts';
import { mapOf, textMap } from './text-map.ts';

/**
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/. Either part may be missing and
 * is then empty; that the whole selector is missing is for its owner to interpret.
 */
export const labelSelector = z
  .object({
    matchLabels: textMap,
    matchExpressions: listOf(
      z.object({ key: text, operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']), values: listOf(text) }),
    ),
  })
  .transform((selector): LabelSelector => selector);

/** `{}`: selects everything. */
export const EVERYTHING: LabelSelector = { matchLabels: mapOf<string>([]), matchExpressions: [] };
