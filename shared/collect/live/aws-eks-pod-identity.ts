import { DescribePodIdentityAssociationCommand, ListPodIdentityAssociationsCommand } from '@aws-sdk/client-eks';
import {
  normalisePodIdentityAssociation,
  normalisePodIdentityAssociationIds,
} from '../normalise/pod-identity-associations.ts';
import { sortedBy } from '../normalise/order.ts';
import { type Collector, CLUSTER_ARN } from './collector.ts';
import { allPages } from './aws-pages.ts';

const ASSOCIATION_ARN = 'arn:${AWS::Partition}:eks:*:${AWS::AccountId}:podidentityassociation/*/*';

export const podIdentityAssociations: Collector<'eks.pod-identity-associations'> = {
  key: 'eks.pod-identity-associations',
  source: 'eks:ListPodIdentityAssociations, eks:DescribePodIdentityAssociation',
  iam: [
    { action: 'eks:ListPodIdentityAssociations', resource: CLUSTER_ARN },
    { action: 'eks:DescribePodIdentityAssociation', resource: ASSOCIATION_ARN },
  ],
  rbac: [],
  collect: async ({ aws, cluster, signal }) => {
    const clusterName = cluster.name;
    const eks = await aws.eks();
    const ids = await allPages(async (nextToken) => {
      const command = new ListPodIdentityAssociationsCommand({ clusterName, nextToken, maxResults: 100 });
      const page = await aws.limit(() => eks.send(command, { abortSignal: signal }));
      return { items: normalisePodIdentityAssociationIds(page), next: page.nextToken };
    });
    const found = await Promise.all(
      ids.map(async (associationId) => {
        const command = new DescribePodIdentityAssociationCommand({ clusterName, associationId });
        return normalisePodIdentityAssociation(await aws.limit(() => eks.send(command, { abortSignal: signal })));
      }),
    );
    return sortedBy(found, ({ namespace, serviceAccount, id }) => [namespace, serviceAccount, id]);
  },
};
