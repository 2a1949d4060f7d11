import * as z from 'zod';
import type { PodIdentityAssociation } from '../../model/facts-aws-network.ts';
import { text } from './field.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

const list = z.object({ associations: z.array(z.object({ associationId: text })) });

/**
 * eks:ListPodIdentityAssociations, `{ associations: [{ associationId, … }] }`, sorted. A summary has no role
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociationSummary.html).
 * @throws MalformedError
 */
export const normalisePodIdentityAssociationIds = (raw: unknown): readonly string[] =>
  distinct(parse(list, raw, '').associations.map(({ associationId }) => associationId));

const answer = z.object({
  association: z.object({ associationId: text, namespace: text, serviceAccount: text, roleArn: text }),
});

/**
 * eks:DescribePodIdentityAssociation, `{ association: … }`
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html).
 * @throws MalformedError
 */
export const normalisePodIdentityAssociation = (raw: unknown): PodIdentityAssociation => {
  const { associationId, namespace, serviceAccount, roleArn } = parse(answer, raw, '').association;
  return { id: associationId, namespace, serviceAccount, roleArn };
};
