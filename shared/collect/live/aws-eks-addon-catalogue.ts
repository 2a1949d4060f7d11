import { DescribeAddonConfigurationCommand, DescribeAddonVersionsCommand } from '@aws-sdk/client-eks';
import { normaliseAddonSchema } from '../normalise/addon-schema.ts';
import { normaliseAddonVersions } from '../normalise/addon-versions.ts';
import { required, type Collector, NOT_THERE } from './collector.ts';
import { allPages } from './aws-pages.ts';

/** Absent with the add-on: a self-managed CNI has no configuration schema. */
export const addonSchema: Collector<'eks.addon-schema'> = {
  key: 'eks.addon-schema',
  source: 'eks:DescribeAddonConfiguration',
  iam: [{ action: 'eks:DescribeAddonConfiguration', resource: '*' }],
  rbac: [],
  collect: async (context) => {
    const { aws, fact, signal } = context;
    if ((await fact('eks.vpc-cni-addon')).state === 'absent') return NOT_THERE;
    const { version: addonVersion } = await required(context, 'eks.vpc-cni-addon');
    const eks = await aws.eks();
    const command = new DescribeAddonConfigurationCommand({ addonName: 'vpc-cni', addonVersion });
    return normaliseAddonSchema(await aws.limit(() => eks.send(command, { abortSignal: signal })));
  },
};

/** Of the cluster's Kubernetes version; asked for a self-managed CNI too, whose owner may want the add-on. */
export const addonVersions: Collector<'eks.addon-versions'> = {
  key: 'eks.addon-versions',
  source: 'eks:DescribeAddonVersions',
  iam: [{ action: 'eks:DescribeAddonVersions', resource: '*' }],
  rbac: [],
  collect: async (context) => {
    const { aws, signal } = context;
    const { version: kubernetesVersion } = await required(context, 'eks.cluster');
    const eks = await aws.eks();
    const addons = await allPages(async (nextToken) => {
      const command = new DescribeAddonVersionsCommand({ addonName: 'vpc-cni', kubernetesVersion, nextToken });
      const page = await aws.limit(() => eks.send(command, { abortSignal: signal }));
      return { items: page.addons ?? [], next: page.nextToken };
    });
    return normaliseAddonVersions({ addons }, kubernetesVersion);
  },
};
