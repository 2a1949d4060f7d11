import type { Fact } from '../../../shared/model/fact.ts';
import { absent, observed, unobserved } from '../../../shared/model/fact.ts';
import type { EksCluster } from '../../../shared/model/facts-aws.ts';
import type { Node } from '../../../shared/model/facts-kubernetes.ts';
import type { FactKey, Facts } from '../../../shared/model/snapshot.ts';
import { FACT_KEYS } from '../../../shared/model/snapshot.ts';
import type { ClusterSpec } from './spec.ts';
import { FORBIDDEN, nodeName, TAKEN_AT } from './spec.ts';

export const factsOf = ({ cluster, version, cni, nodes, access }: ClusterSpec): Facts => {
  const denied = access === 'denied';
  const base = FACT_KEYS.map((key): readonly [FactKey, Fact<never>] => [
    key,
    denied ? unobserved('denied', FORBIDDEN, `read ${key}`, TAKEN_AT) : absent(`read ${key}`, TAKEN_AT),
  ]);
  const eks: EksCluster = {
    arn: `arn:${cluster.partition}:eks:${cluster.region}:${cluster.account}:cluster/${cluster.name}`,
    version,
    platformVersion: 'eks.9',
    status: 'ACTIVE',
    ipFamily: 'ipv4',
    endpointPublicAccess: false,
    endpointPrivateAccess: true,
    subnetIds: ['subnet-0a', 'subnet-0b'],
    securityGroupIds: [],
    autoMode: cni === 'auto-mode' ? 'enabled' : 'disabled',
    enabledLogTypes: ['audit'],
  };
  const listed = nodes.map((state, index): Node => ({
    name: nodeName(index),
    uid: `uid-${index}`,
    createdAt: '2026-11-01T08:00:00Z',
    labels: {},
    annotations: {},
    operatingSystem: state === 'windows' ? 'windows' : 'linux',
    architecture: 'amd64',
    osImage:
      state === 'windows'
        ? 'Windows Server 2022 Datacenter'
        : state === 'no-bpffs'
          ? 'Amazon Linux 2'
          : 'Amazon Linux 2023.9.20260720',
    kernelVersion: state === 'no-bpffs' ? '5.10.179-168.710.amzn2.x86_64' : '6.1.147-172.266.amzn2023.x86_64',
    kubeletVersion: `v${version}.4-eks-99d6cc0`,
    ready: 'True',
    conditions: [],
    allocatable: {},
    internalIPs: [],
    taints: [],
  }));
  const seen: Partial<Facts> = denied
    ? {}
    : {
        'eks.cluster': observed(eks, 'eks:DescribeCluster', TAKEN_AT),
        'eks.vpc-cni-addon':
          cni === 'auto-mode'
            ? absent('eks:DescribeAddon', TAKEN_AT)
            : observed(
                {
                  version: cni,
                  status: 'ACTIVE',
                  healthIssues: [],
                  configuration: { form: 'none' },
                  podIdentityAssociationArns: [],
                },
                'eks:DescribeAddon',
                TAKEN_AT,
              ),
        'kubernetes.nodes': observed(listed, 'GET /api/v1/nodes', TAKEN_AT),
        'nodes.probes': nodes.includes('unread')
          ? unobserved('unreachable', 'context deadline exceeded', 'GET …/proxy/readyz', TAKEN_AT)
          : unobserved('not-collected', 'nobody asked for it', 'nodes.probes', TAKEN_AT),
        'kubernetes.aws-node': absent('GET /apis/apps/v1/namespaces/kube-system/daemonsets/aws-node', TAKEN_AT),
      };
  // Every key of FACT_KEYS is there, and `seen` gives each of its keys the fact of that key.
  return { ...Object.fromEntries(base), ...seen } as Facts;
};
