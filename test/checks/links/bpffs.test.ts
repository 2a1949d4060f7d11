import { describe, expect, it } from 'vitest';
import { bpffs } from '../../../shared/checks/links/bpffs.ts';
import { instanceIdOf } from '../../../shared/checks/links/resources.ts';
import type { UserDataReading } from '../../../shared/model/facts-aws.ts';
import { AT, facts, node } from '../../support/cluster.ts';
import { observed } from '../../../shared/model/fact.ts';

const name = 'ip-10-0-1-5.us-west-2.compute.internal';
const nodes = observed([], 'test', AT);
const values = (link: { readonly evidence?: readonly { readonly value: string }[] }) =>
  link.evidence?.map(({ value }) => value);

const declared = (userData: UserDataReading) =>
  bpffs(
    node({ labels: { 'eks.amazonaws.com/nodegroup': 'workers' } }),
    nodes,
    facts({
      'eks.nodegroups': [
        {
          name: 'workers',
          status: 'ACTIVE',
          amiType: 'CUSTOM',
          instanceTypes: [],
          launchTemplate: { id: 'lt-0f00000000000000a', version: '3' },
          autoScalingGroups: [],
        },
      ],
      'ec2.launch-templates': [
        { id: 'lt-0f00000000000000a', name: 'workers', version: '3', isDefault: true, isLatest: true, userData },
      ],
    }),
  );

describe('bpffs', () => {
  it('shows what the probe of the node said', () => {
    const probe = {
      nodeName: name,
      method: 'ssm',
      bpffs: 'not-mounted',
      bpfMaps: 'not-reported',
      detail: 'tmpfs',
    } as const;
    expect(values(bpffs(node(), nodes, facts({ 'nodes.probes': [probe] })))).toEqual(['not-mounted: tmpfs']);
  });

  it('shows the line of user data that decided, or what it amounts to', () => {
    const line = 'mount -t bpf bpffs /sys/fs/bpf';
    expect(values(declared({ form: 'shell', bpffs: 'mounted', bpffsLine: line }))).toEqual([line]);
    expect(values(declared({ form: 'mime', bpffs: 'mounted' }))).toEqual(['mounted']);
  });

  it('shows the operating system it infers from', () => {
    expect(values(bpffs(node(), nodes, facts({})))).toEqual(['Amazon Linux 2023.9.20251110']);
  });
});

describe('instanceIdOf', () => {
  it('reads the id of an EC2 instance from the provider id', () => {
    expect(instanceIdOf(node({ providerId: 'aws:///us-west-2a/i-0123456789abcdef0' }))).toBe('i-0123456789abcdef0');
    expect(instanceIdOf(node({ providerId: 'aws:///us-west-2a/i-0a1b2c3d' }))).toBe('i-0a1b2c3d');
  });

  it('reads none from what is no EC2 instance', () => {
    expect(
      instanceIdOf(node({ providerId: 'eks-hybrid:///us-west-2/shop-prod/mi-0123456789abcdef0' })),
    ).toBeUndefined();
    expect(instanceIdOf(node({ providerId: 'aws:///us-west-2a/0f3e/fargate-ip-10-0-1-5' }))).toBeUndefined();
    expect(instanceIdOf(node({ providerId: 'aws:///us-west-2a/i-0a1b2c3' }))).toBeUndefined();
  });
});
