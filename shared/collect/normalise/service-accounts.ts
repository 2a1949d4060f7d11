import * as z from 'zod';
import type { ServiceAccount } from '../../model/facts-aws-network.ts';
import { given, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';
import { annotationMap } from './text-map.ts';

const ROLE_ARN = 'eks.amazonaws.com/role-arn';

/** Names that each product's own chart or manifest gives. */
const NAMES: ReadonlySet<string> = new Set(['aws-load-balancer-controller', 'external-dns']);

/** aws-node in kube-system only, the controllers wherever somebody put them. */
export const isServiceAccountOfInterest = ({ namespace, name }: ServiceAccount): boolean =>
  NAMES.has(name) || (name === 'aws-node' && namespace === 'kube-system');

const serviceAccount = z.object({
  kind: ofKind('ServiceAccount'),
  metadata: z.object({ namespace: text, name: text, annotations: annotationMap }),
});

/**
 * One v1 ServiceAccount; its role for IRSA is an annotation
 * (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
 * @throws MalformedError
 */
export const normaliseServiceAccount = (item: unknown, path = ''): ServiceAccount => {
  const { namespace, name, annotations } = parse(serviceAccount, item, path).metadata;
  return { namespace, name, ...given({ roleArn: annotations[ROLE_ARN] }) };
};

/** `GET /api/v1/serviceaccounts`, those of interest, sorted by namespace and name. @throws MalformedError */
export const normaliseServiceAccounts = (raw: unknown): readonly ServiceAccount[] =>
  normaliseList(raw, 'ServiceAccount', normaliseServiceAccount, ({ namespace, name }) => [namespace, name]).filter(
    isServiceAccountOfInterest,
  );
