import type {
  Image,
  Instance,
  LaunchTemplateVersion,
  NodeProbe,
  Nodegroup,
  UserDataReading,
} from '../../../../shared/model/facts-aws.ts';
import type { Node } from '../../../../shared/model/facts-kubernetes.ts';
import { node } from '../../../support/cluster.ts';

export const name = 'ip-10-0-1-5.us-west-2.compute.internal';
export const probe = `nodes.probes:[nodeName=${name}].bpffs`;
export const osImage = `kubernetes.nodes:[name=${name}].osImage`;
export const imageName = 'ec2.images:[imageId=ami-0123456789abcdef0].name';
export const releaseVersion = 'eks.nodegroups:[name=workers].releaseVersion';

export const al2 = (change: Partial<Node> = {}): Node =>
  node({
    osImage: 'Amazon Linux 2',
    kernelVersion: '5.10.186-179.751.amzn2.x86_64',
    labels: { 'kubernetes.io/os': 'linux', 'eks.amazonaws.com/nodegroup': 'workers' },
    ...change,
  });

export const { providerId: _, ...uninitialised } = al2({ labels: {} });

export const probed = (change: Partial<NodeProbe> = {}): NodeProbe => ({
  nodeName: name,
  method: 'readyz',
  bpffs: 'mounted',
  bpfMaps: 'pinned',
  detail: '[+]bpf-fs ok',
  ...change,
});

export const instance = (change: Partial<Instance> = {}): Instance => ({
  instanceId: 'i-0aaaaaaaaaaaaaaa1',
  instanceType: 'm6i.large',
  imageId: 'ami-0123456789abcdef0',
  launchTime: '2026-11-01T00:00:00Z',
  launchTemplate: { id: 'lt-0f00000000000000a', version: '3' },
  tags: {},
  ...change,
});

export const image = (imageName: string): Image => ({ imageId: 'ami-0123456789abcdef0', name: imageName });

export const nodegroup = (change: Partial<Nodegroup> = {}): Nodegroup => ({
  name: 'workers',
  status: 'ACTIVE',
  amiType: 'AL2_x86_64',
  instanceTypes: ['m6i.large'],
  autoScalingGroups: [],
  ...change,
});

export const template = (
  bpffs: UserDataReading['bpffs'],
  change: Partial<LaunchTemplateVersion> = {},
): LaunchTemplateVersion => ({
  id: 'lt-0f00000000000000a',
  name: 'workers',
  version: '3',
  isDefault: false,
  isLatest: false,
  userData: { form: 'shell', bpffs },
  ...change,
});
