import { DescribeInstanceTypesCommand } from '@aws-sdk/client-ec2';
import { normaliseInstanceTypes, withEmbeddedTypes } from '../normalise/instance-types.ts';
import { distinct } from '../normalise/order.ts';
import { required, type CollectContext, type Collector } from './collector.ts';
import { allPages, chunks } from './aws-pages.ts';

/** Values in one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const FILTER_VALUES = 200;

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#nodekubernetesioinstance-type */
const LABEL = 'node.kubernetes.io/instance-type';

/** Types that nodes run on and that node groups may start. */
const typesSeen = async (context: CollectContext): Promise<readonly string[]> => {
  const nodes = await required(context, 'kubernetes.nodes');
  const groups = await required(context, 'eks.nodegroups');
  return distinct([
    ...nodes.flatMap(({ labels }) => labels[LABEL] ?? []),
    ...groups.flatMap(({ instanceTypes }) => instanceTypes),
  ]);
};

export const instanceTypes: Collector<'ec2.instance-types'> = {
  key: 'ec2.instance-types',
  source: 'ec2:DescribeInstanceTypes',
  iam: [{ action: 'ec2:DescribeInstanceTypes', resource: '*' }],
  rbac: [],
  collect: async (context) => {
    const { aws, signal } = context;
    const names = await typesSeen(context);
    const ec2 = await aws.ec2();
    const described = await Promise.all(
      chunks(names, FILTER_VALUES).map((Values) =>
        allPages(async (NextToken) => {
          // As a filter: a type that this Region does not have would fail a call by name.
          const command = new DescribeInstanceTypesCommand({ Filters: [{ Name: 'instance-type', Values }], NextToken });
          const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
          return { items: normaliseInstanceTypes({ InstanceTypes: page.InstanceTypes ?? [] }), next: page.NextToken };
        }),
      ),
    );
    return withEmbeddedTypes(described.flat(), names);
  },
};
