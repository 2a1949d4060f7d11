import * as z from 'zod';
import type { CniNode } from '../../model/facts-kubernetes.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';

const cniNode = z.object({
  kind: ofKind('CNINode'),
  metadata: z.object({ name: text }),
  spec: z.object({ features: listOf(z.object({ name: text, value: text.nullish() })) }).nullish(),
});

/**
 * One CNINode of vpcresources.k8s.aws/v1alpha1; a feature's value is left out where it is empty
 * (https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/apis/vpcresources/v1alpha1/cninode_types.go).
 * @throws MalformedError
 */
export const normaliseCniNode = (item: unknown, path = ''): CniNode => {
  const { metadata, spec } = parse(cniNode, item, path);
  const features = (spec?.features ?? []).map(({ name, value }) => ({ name, value: value ?? '' }));
  return { name: metadata.name, features: sortedBy(features, ({ name, value }) => [name, value]) };
};

/** `GET /apis/vpcresources.k8s.aws/v1alpha1/cninodes`, sorted by name. */
export const normaliseCniNodes = (raw: unknown): readonly CniNode[] =>
  normaliseList(raw, 'CNINode', normaliseCniNode, ({ name }) => [name]);
