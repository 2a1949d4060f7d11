import * as z from 'zod';
import type { NodeClass } from '../../model/facts-kubernetes.ts';
import { text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';

const nodeClass = z.object({
  kind: ofKind('NodeClass'),
  metadata: z.object({ name: text }),
  spec: z.object({ networkPolicy: text.nullish(), networkPolicyEventLogs: text.nullish() }).nullish(),
});

/**
 * One NodeClass of eks.amazonaws.com/v1. Defaults as documented: `DefaultAllow` and `Disabled`
 * (https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html).
 * @throws MalformedError
 */
export const normaliseNodeClass = (item: unknown, path = ''): NodeClass => {
  const { metadata, spec } = parse(nodeClass, item, path);
  return {
    name: metadata.name,
    networkPolicy: spec?.networkPolicy ?? 'DefaultAllow',
    networkPolicyEventLogs: spec?.networkPolicyEventLogs ?? 'Disabled',
  };
};

/** `GET /apis/eks.amazonaws.com/v1/nodeclasses`, sorted by name. */
export const normaliseNodeClasses = (raw: unknown): readonly NodeClass[] =>
  normaliseList(raw, 'NodeClass', normaliseNodeClass, ({ name }) => [name]);
