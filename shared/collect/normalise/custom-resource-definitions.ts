import * as z from 'zod';
import type { CustomResourceDefinition } from '../../model/facts-kubernetes.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

const definition = z.object({
  kind: ofKind('CustomResourceDefinition'),
  metadata: z.object({ name: text, creationTimestamp: kubernetesTime, finalizers: listOf(text) }),
  spec: z.object({ group: text, versions: z.array(z.object({ name: text, served: z.boolean() })) }),
});

/**
 * One CustomResourceDefinition
 * (https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/).
 * @throws MalformedError
 */
export const normaliseCustomResourceDefinition = (item: unknown, path = ''): CustomResourceDefinition => {
  const { metadata, spec } = parse(definition, item, path);
  return {
    name: metadata.name,
    group: spec.group,
    createdAt: metadata.creationTimestamp,
    servedVersions: distinct(spec.versions.filter(({ served }) => served).map(({ name }) => name)),
    finalizers: distinct(metadata.finalizers),
  };
};

/** `GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions`, sorted by name. */
export const normaliseCustomResourceDefinitions = (raw: unknown): readonly CustomResourceDefinition[] =>
  normaliseList(raw, 'CustomResourceDefinition', normaliseCustomResourceDefinition, ({ name }) => [name]);
