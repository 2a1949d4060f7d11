import { AL2023_1_32_20260714 } from '../amis.ts';
import type { Dump } from '../dump.ts';
import { managedGroupName, managedTemplate } from '../ec2.ts';
import { unreachable } from '../failures.ts';
import { machineOf, type MachinePlan } from '../machines.ts';
import { addressIn, subnetOf, type ClusterPlan, type Zone } from '../plan.ts';
import { awsFiles, dumpOf } from '../story.ts';

/** AWS says that enforcement is switched on; the Kubernetes API could not be reached to see whether it is so. */
const cluster: ClusterPlan = {
  name: 'research-private',
  region: 'ap-southeast-2',
  account: '444455556666',
  kubernetes: '1.32',
  platformVersion: 'eks.35',
  gitVersion: 'v1.32.13-eks-40737a8',
  createdAt: '2025-10-21T23:11:30Z',
  gatheredAt: '2026-11-20T09:55:02Z',
  network: 70,
  endpoint: 'private',
  tags: { Team: 'research' },
};

const member = (key: string, zone: Zone, launchedAt: string): MachinePlan => ({
  key,
  zone,
  launchedAt,
  instanceType: 'm6i.large',
  ami: AL2023_1_32_20260714,
  nodegroup: 'research',
  autoScalingGroup: managedGroupName(cluster, 'research'),
  launchTemplate: managedTemplate(cluster, 'research'),
});

const machines = [
  member('research-1', 'a', '2026-07-29T22:40:15Z'),
  member('research-2', 'b', '2026-07-29T22:40:18Z'),
  member('research-3', 'c', '2026-07-29T22:40:21Z'),
].map((plan) => machineOf(cluster, plan));

export const researchPrivate = (): Dump =>
  dumpOf([
    ...awsFiles({
      cluster,
      authenticationMode: 'API',
      logTypes: ['audit'],
      machines,
      nodegroups: [
        {
          name: 'research',
          ami: AL2023_1_32_20260714,
          instanceType: 'm6i.large',
          size: 3,
          createdAt: '2025-10-21T23:30:02Z',
          modifiedAt: '2026-11-20T09:30:48Z',
        },
      ],
      addon: {
        version: 'v1.20.4-eksbuild.2',
        createdAt: '2025-10-21T23:24:11Z',
        modifiedAt: '2025-11-04T00:12:39Z',
        configurationValues: JSON.stringify({ enableNetworkPolicy: 'true' }),
      },
    }),
    ...unreachable(`${addressIn(subnetOf(cluster, 'a'), `${cluster.name}/endpoint`)}:443`),
  ]);
