import * as z from 'zod';
import type { ClusterRole } from '../../model/facts-kubernetes-network.ts';
import { listOf, text } from './field.ts';
import { ofKind } from './kubernetes-list.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

const words = listOf(text).transform(distinct);

const clusterRole = z.object({
  kind: ofKind('ClusterRole'),
  metadata: z.object({ name: text }),
  rules: listOf(
    z.object({ apiGroups: words, resources: words, verbs: words, nonResourceURLs: words, resourceNames: words }),
  ),
});

/**
 * One ClusterRole (https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/cluster-role-v1/). Rules
 * keep their order; what a rule lists is sorted. One without rules grants nothing.
 * @throws MalformedError
 */
export const normaliseClusterRole = (item: unknown, path = ''): ClusterRole => {
  const { metadata, rules } = parse(clusterRole, item, path);
  return { name: metadata.name, rules };
};
