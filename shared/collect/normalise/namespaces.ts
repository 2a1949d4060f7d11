import * as z from 'zod';
import type { Namespace } from '../../model/facts-kubernetes.ts';
import { text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';
import { textMap } from './text-map.ts';

const namespace = z.object({
  kind: ofKind('Namespace'),
  metadata: z.object({ name: text, labels: textMap }),
  status: z.object({ phase: text }),
});

/**
 * One Namespace (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/).
 * @throws MalformedError
 */
export const normaliseNamespace = (item: unknown, path = ''): Namespace => {
  const { metadata, status } = parse(namespace, item, path);
  return { name: metadata.name, labels: metadata.labels, phase: status.phase };
};

/** `GET /api/v1/namespaces`, sorted by name. */
export const normaliseNamespaces = (raw: unknown): readonly Namespace[] =>
  normaliseList(raw, 'Namespace', normaliseNamespace, ({ name }) => [name]);
