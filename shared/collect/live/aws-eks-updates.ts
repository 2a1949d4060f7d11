import { DescribeUpdateCommand, ListUpdatesCommand } from '@aws-sdk/client-eks';
import type { ClusterUpdate } from '../../model/facts-aws-network.ts';
import { normaliseUpdate, normaliseUpdateIds } from '../normalise/cluster-updates.ts';
import { sortedBy } from '../normalise/order.ts';
import {
  ADDON_ARN,
  CLUSTER_ARN,
  NODEGROUP_ARN,
  PartialError,
  required,
  type CollectContext,
  type Collector,
} from './collector.ts';
import { allPages } from './aws-pages.ts';

/** Each update is one call, and EKS lists them without a state or an order: beyond this the list is partial. */
const MAX_UPDATES = 500;

interface Subject {
  readonly name: string;
  readonly of: { readonly addonName?: string; readonly nodegroupName?: string };
}

/** The add-on only where it is there: EKS refuses a subject that does not exist. */
const subjectsOf = async (context: CollectContext): Promise<readonly Subject[]> => {
  const addon = await context.fact('eks.vpc-cni-addon');
  if (addon.state === 'unobserved') await required(context, 'eks.vpc-cni-addon');
  const groups = await required(context, 'eks.nodegroups');
  return [
    { name: 'cluster', of: {} },
    ...(addon.state === 'observed' ? [{ name: 'addon/vpc-cni', of: { addonName: 'vpc-cni' } }] : []),
    ...groups.map(({ name }) => ({ name: `nodegroup/${name}`, of: { nodegroupName: name } })),
  ];
};

export const clusterUpdates: Collector<'eks.updates'> = {
  key: 'eks.updates',
  source: 'eks:ListUpdates, eks:DescribeUpdate',
  iam: ['eks:ListUpdates', 'eks:DescribeUpdate'].flatMap((action) =>
    [CLUSTER_ARN, ADDON_ARN, NODEGROUP_ARN].map((resource) => ({ action, resource })),
  ),
  rbac: [],
  collect: async (context) => {
    const { aws, cluster, signal } = context;
    const { name } = cluster;
    const eks = await aws.eks();
    const listed = await Promise.all(
      (await subjectsOf(context)).map(async (subject) => {
        const ids = await allPages(async (nextToken) => {
          const command = new ListUpdatesCommand({ name, ...subject.of, nextToken, maxResults: 100 });
          const page = await aws.limit(() => eks.send(command, { abortSignal: signal }));
          return { items: normaliseUpdateIds(page), next: page.nextToken };
        });
        return ids.map((updateId) => ({ updateId, subject }));
      }),
    );
    const updates = listed.flat();
    if (updates.length > MAX_UPDATES) {
      throw new PartialError(`${updates.length} updates are listed, and at most ${MAX_UPDATES} are looked into`);
    }
    const found = await Promise.all(
      updates.map(async ({ updateId, subject }): Promise<ClusterUpdate> => {
        const command = new DescribeUpdateCommand({ name, updateId, ...subject.of });
        return normaliseUpdate(await aws.limit(() => eks.send(command, { abortSignal: signal })), subject.name);
      }),
    );
    return sortedBy(
      found.filter(({ status }) => status === 'InProgress'),
      ({ subject, createdAt, id }) => [subject, createdAt, id],
    );
  },
};
