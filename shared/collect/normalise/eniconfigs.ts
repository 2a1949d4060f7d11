import * as z from 'zod';
import type { EniConfig } from '../../model/facts-kubernetes.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

const eniConfig = z.object({
  kind: ofKind('ENIConfig'),
  metadata: z.object({ name: text }),
  spec: z.object({ subnet: text, securityGroups: listOf(text) }),
});

/**
 * One ENIConfig of crd.k8s.amazonaws.com/v1alpha1; without security groups the node's own are used
 * (https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html).
 * @throws MalformedError
 */
export const normaliseEniConfig = (item: unknown, path = ''): EniConfig => {
  const { metadata, spec } = parse(eniConfig, item, path);
  return { name: metadata.name, subnet: spec.subnet, securityGroups: distinct(spec.securityGroups) };
};

/** `GET /apis/crd.k8s.amazonaws.com/v1alpha1/eniconfigs`, sorted by name. */
export const normaliseEniConfigs = (raw: unknown): readonly EniConfig[] =>
  normaliseList(raw, 'ENIConfig', normaliseEniConfig, ({ name }) => [name]);
