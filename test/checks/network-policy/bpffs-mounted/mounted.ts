import type { Case } from '../../../support/check-tester.ts';
import { facts, node } from '../../../support/cluster.ts';
import {
  al2,
  image,
  imageName,
  instance,
  name,
  nodegroup,
  osImage,
  probe,
  probed,
  releaseVersion,
  template,
} from './sources.ts';

/** bpffs was seen, declared or inferred to be mounted. */
export const MOUNTED: readonly [Case, ...Case[]] = [
  {
    name: 'the agent itself answers on /readyz that bpffs is mounted',
    facts: facts({ 'kubernetes.nodes': [al2()], 'nodes.probes': [probed()] }),
    expected: [
      {
        resource: name,
        message: 'bpffs-seen',
        text: 'bpffs was seen mounted on the node (readyz)',
        evidence: [probe],
        grades: ['observed'],
      },
    ],
  },
  {
    name: 'findmnt on the node shows the mount, on an AMI whose release never made it',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'nodes.probes': [probed({ method: 'ssm', detail: 'bpf on /sys/fs/bpf type bpf (rw)' })],
      'ec2.instances': [instance()],
      'ec2.images': [image('amazon-eks-node-1.24-v20230101')],
      'ec2.launch-templates': [template('not-mentioned')],
    }),
    expected: [
      {
        resource: name,
        message: 'bpffs-seen',
        text: 'bpffs was seen mounted on the node (ssm)',
        evidence: [probe],
        grades: ['observed'],
      },
    ],
  },
  {
    name: 'user data of the launch template version that the instance was started from mounts it',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'ec2.instances': [instance()],
      'ec2.launch-templates': [
        template('disabled', { version: '2' }),
        template('mounted', {
          userData: { form: 'shell', bpffs: 'mounted', bpffsLine: 'mount -t bpf bpffs /sys/fs/bpf' },
        }),
      ],
    }),
    expected: [
      {
        resource: name,
        message: 'bpffs-declared',
        text: 'User data of launch template lt-0f00000000000000a version 3 mounts bpffs',
        evidence: ['ec2.launch-templates:[id=lt-0f00000000000000a,version=3].userData'],
        grades: ['declared'],
      },
    ],
  },
  {
    name: 'user data makes up for an AMI release that does not mount: declared is stronger than inferred',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'ec2.instances': [instance()],
      'ec2.images': [image('amazon-eks-node-1.24-v20230101')],
      'ec2.launch-templates': [template('mounted')],
    }),
    expected: [{ resource: name, message: 'bpffs-declared', grades: ['declared'] }],
  },
  {
    name: 'a node group that uses the latest version of a template it names by name',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'eks.nodegroups': [nodegroup({ launchTemplate: { name: 'workers', version: '$Latest' } })],
      'ec2.launch-templates': [
        template('disabled', { id: 'lt-0f00000000000000b', name: 'others', isLatest: true }),
        template('disabled', { version: '4', isDefault: true }),
        template('mounted', { version: '5', isLatest: true }),
      ],
    }),
    expected: [
      {
        resource: name,
        message: 'bpffs-declared',
        text: 'User data of launch template lt-0f00000000000000a version 5 mounts bpffs',
      },
    ],
  },
  {
    name: 'a node group that names no version uses the default one',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'eks.nodegroups': [nodegroup({ launchTemplate: { id: 'lt-0f00000000000000a' } })],
      'ec2.launch-templates': [
        template('disabled', { version: '5', isLatest: true }),
        template('mounted', { version: '4', isDefault: true }),
      ],
    }),
    expected: [
      {
        resource: name,
        message: 'bpffs-declared',
        text: 'User data of launch template lt-0f00000000000000a version 4 mounts bpffs',
      },
    ],
  },
  {
    name: 'a node group that says $Default uses the default one',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'eks.nodegroups': [nodegroup({ launchTemplate: { id: 'lt-0f00000000000000a', version: '$Default' } })],
      'ec2.launch-templates': [
        template('disabled', { version: '5', isLatest: true }),
        template('mounted', { version: '4', isDefault: true }),
      ],
    }),
    expected: [{ resource: name, message: 'bpffs-declared' }],
  },
  {
    name: 'AL2023 mounts it at boot',
    facts: facts({ 'kubernetes.nodes': [node({ osImage: 'Amazon Linux 2023.9.20251110' })] }),
    expected: [
      {
        resource: name,
        message: 'bpffs-by-os',
        text: 'Amazon Linux 2023.9.20251110 mounts bpffs at boot',
        evidence: [osImage],
        grades: ['inferred'],
      },
    ],
  },
  {
    name: 'a probe that reports no bpffs decides nothing',
    facts: facts({
      'kubernetes.nodes': [node()],
      'nodes.probes': [probed({ bpffs: 'not-reported', detail: 'agent older than 1.4.1' })],
    }),
    expected: [{ resource: name, message: 'bpffs-by-os', evidence: [osImage], grades: ['inferred'] }],
  },
  {
    name: 'a probe of another node decides nothing here',
    facts: facts({
      'kubernetes.nodes': [node()],
      'nodes.probes': [probed({ nodeName: 'ip-10-0-2-6.us-west-2.compute.internal', bpffs: 'not-mounted' })],
    }),
    expected: [{ resource: name, message: 'bpffs-by-os', evidence: [osImage] }],
  },
  {
    name: 'Bottlerocket 1.0.2, its first release that mounts it',
    facts: facts({ 'kubernetes.nodes': [node({ osImage: 'Bottlerocket OS 1.0.2 (aws-k8s-1.17)' })] }),
    expected: [{ resource: name, message: 'bpffs-by-os', evidence: [osImage], grades: ['inferred'] }],
  },
  {
    name: 'the Bottlerocket of EKS Auto Mode is numbered by date',
    facts: facts({
      'kubernetes.nodes': [
        node({
          labels: { 'eks.amazonaws.com/compute-type': 'auto' },
          osImage: 'Bottlerocket (EKS Auto, Standard) 2026.10.22 (aws-k8s-1.33-standard)',
        }),
      ],
    }),
    expected: [{ resource: name, message: 'bpffs-by-os', evidence: [osImage] }],
  },
  {
    name: 'AL2 AMI of Kubernetes 1.27, released 20230406: the first that mounts',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'ec2.instances': [instance()],
      'ec2.images': [image('amazon-eks-node-1.27-v20230406')],
      'ec2.launch-templates': 'denied',
    }),
    expected: [
      {
        resource: name,
        message: 'bpffs-by-ami',
        text: 'AMI release 20230406 mounts bpffs at boot',
        evidence: [imageName],
        grades: ['inferred'],
      },
    ],
  },
  {
    name: 'AL2 AMI of Kubernetes 1.26, released 20230703',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'ec2.instances': [instance()],
      'ec2.images': [image('amazon-eks-gpu-node-1.26-v20230703')],
    }),
    expected: [{ resource: name, message: 'bpffs-by-ami', evidence: [imageName] }],
  },
  {
    name: 'AL2 AMI of Kubernetes 1.25, released 20230703',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'ec2.instances': [instance()],
      'ec2.images': [image('amazon-eks-node-1.25-v20230703')],
    }),
    expected: [{ resource: name, message: 'bpffs-by-ami', evidence: [imageName] }],
  },
  {
    name: 'AL2 AMI of Kubernetes 1.24, released 20230728: from then on every version mounts',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'ec2.instances': [instance()],
      'ec2.images': [image('amazon-eks-arm64-node-1.24-v20230728')],
    }),
    expected: [{ resource: name, message: 'bpffs-by-ami', evidence: [imageName] }],
  },
  {
    name: 'AL2 under its full name, and the image known from the label of the managed node group',
    facts: facts({
      'kubernetes.nodes': [
        al2({
          osImage: 'Amazon Linux 2 (Karoo)',
          labels: { 'eks.amazonaws.com/nodegroup-image': 'ami-0123456789abcdef0' },
        }),
      ],
      'ec2.images': [image('amazon-eks-node-1.24-v20230728')],
    }),
    expected: [{ resource: name, message: 'bpffs-by-ami', evidence: [imageName] }],
  },
  {
    name: 'without images the release version of the managed node group tells the date',
    facts: facts({
      'kubernetes.nodes': [al2()],
      'eks.nodegroups': [nodegroup({ releaseVersion: '1.24.16-20230728' })],
    }),
    expected: [{ resource: name, message: 'bpffs-by-ami', evidence: [releaseVersion], grades: ['inferred'] }],
  },
];
