import * as z from 'zod';
import type { SecurityGroupPolicy } from '../../model/facts-kubernetes.ts';
import { given, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { labelSelector } from './label-selector.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

const policy = z.object({
  kind: ofKind('SecurityGroupPolicy'),
  metadata: z.object({ namespace: text, name: text }),
  spec: z.object({
    podSelector: labelSelector.nullish(),
    serviceAccountSelector: labelSelector.nullish(),
    securityGroups: z.object({ groupIds: listOf(text) }).nullish(),
  }),
});

/**
 * One SecurityGroupPolicy of vpcresources.k8s.aws/v1beta1
 * (https://docs.aws.amazon.com/eks/latest/userguide/sg-pods-example-deployment.html). A selector that it does not have
 * stays missing and selects nothing; an empty one selects everything.
 * @throws MalformedError
 */
export const normaliseSecurityGroupPolicy = (item: unknown, path = ''): SecurityGroupPolicy => {
  const { metadata, spec } = parse(policy, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    groupIds: distinct(spec.securityGroups?.groupIds ?? []),
    ...given({ podSelector: spec.podSelector, serviceAccountSelector: spec.serviceAccountSelector }),
  };
};

/** `GET /apis/vpcresources.k8s.aws/v1beta1/securitygrouppolicies`, sorted by namespace and name. */
export const normaliseSecurityGroupPolicies = (raw: unknown): readonly SecurityGroupPolicy[] =>
  normaliseList(raw, 'SecurityGroupPolicy', normaliseSecurityGroupPolicy, ({ namespace, name }) => [namespace, name]);
