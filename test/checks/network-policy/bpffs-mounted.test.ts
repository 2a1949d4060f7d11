import check from '../../../shared/checks/network-policy/bpffs-mounted.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts, node } from '../../support/cluster.ts';
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
  uninitialised,
} from './bpffs-mounted/sources.ts';
import { MOUNTED } from './bpffs-mounted/mounted.ts';

checkTester(check, {
  pass: MOUNTED,
  fail: [
    {
      name: 'the node itself says that it is not mounted, though AL2023 should have: observed is stronger than inferred',
      facts: facts({
        'kubernetes.nodes': [node()],
        'nodes.probes': [probed({ bpffs: 'not-mounted', detail: '[-]bpf-fs failed' })],
      }),
      expected: [
        {
          resource: name,
          message: 'bpffs-not-seen',
          text: 'The node itself reports that bpffs is not mounted (readyz)',
          evidence: [probe],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'a Bottlerocket node that should mount it itself reports that it is not mounted',
      facts: facts({
        'kubernetes.nodes': [node({ osImage: 'Bottlerocket OS 1.40.0 (aws-k8s-1.33)' })],
        'nodes.probes': [probed({ bpffs: 'not-mounted', detail: '[-]bpf-fs failed' })],
      }),
      expected: [
        {
          resource: name,
          message: 'bottlerocket-not-seen',
          text: 'The Bottlerocket node itself reports that bpffs is not mounted (readyz), though the system mounts it at boot',
          evidence: [probe],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'two probes disagree: the one that does not see it is believed',
      facts: facts({
        'kubernetes.nodes': [node()],
        'nodes.probes': [probed(), probed({ method: 'ssm', bpffs: 'not-mounted', detail: 'findmnt found nothing' })],
      }),
      expected: [
        {
          resource: name,
          message: 'bpffs-not-seen',
          text: 'The node itself reports that bpffs is not mounted (ssm)',
          evidence: [probe],
        },
      ],
    },
    {
      name: '--mount-bpf-fs false in user data of an AL2 node whose AMI would have mounted it',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.24-v20230728')],
        'ec2.launch-templates': [
          template('disabled', {
            userData: { form: 'shell', bpffs: 'disabled', bpffsLine: 'bootstrap.sh shop-prod --mount-bpf-fs false' },
          }),
        ],
      }),
      expected: [
        {
          resource: name,
          message: 'bpffs-switched-off',
          text: 'User data of launch template lt-0f00000000000000a version 3 switches the bpffs mount off',
          evidence: ['ec2.launch-templates:[id=lt-0f00000000000000a,version=3].userData'],
          grades: ['declared'],
        },
      ],
    },
    {
      name: 'Bottlerocket 1.0.1, one release too early',
      facts: facts({ 'kubernetes.nodes': [node({ osImage: 'Bottlerocket OS 1.0.1 (aws-k8s-1.17)' })] }),
      expected: [
        {
          resource: name,
          message: 'bottlerocket-too-old',
          text: 'Bottlerocket OS 1.0.1 (aws-k8s-1.17) is older than 1.0.2, the first release that mounts bpffs',
          evidence: [osImage],
          grades: ['inferred'],
        },
      ],
    },
    {
      name: 'AL2 AMI of Kubernetes 1.27 one day before 20230406, and its user data mounts nothing',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.27-v20230405')],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [
        {
          resource: name,
          message: 'bpffs-not-by-ami',
          text: 'AMI release 20230405 does not mount bpffs for Kubernetes 1.27, and no user data seen does',
          evidence: [imageName],
          grades: ['inferred'],
        },
      ],
    },
    {
      name: 'AL2 AMI of Kubernetes 1.26 one day before 20230703',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.26-v20230702')],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [{ resource: name, message: 'bpffs-not-by-ami', evidence: [imageName] }],
    },
    {
      name: 'AL2 AMI of Kubernetes 1.25 one day before 20230703',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.25-v20230702')],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [{ resource: name, message: 'bpffs-not-by-ami', evidence: [imageName] }],
    },
    {
      name: 'AL2 AMI of Kubernetes 1.24 one day before 20230728',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.24-v20230727')],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [{ resource: name, message: 'bpffs-not-by-ami', evidence: [imageName] }],
    },
    {
      name: 'the release of a managed node group one day before 20230728',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'eks.nodegroups': [
          nodegroup({
            releaseVersion: '1.24.16-20230727',
            launchTemplate: { id: 'lt-0f00000000000000a', version: '3' },
          }),
        ],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [{ resource: name, message: 'bpffs-not-by-ami', evidence: [releaseVersion] }],
    },
  ],
  notApplicable: [
    {
      name: 'Fargate: NetworkPolicy is not enforced there at all',
      facts: facts({ 'kubernetes.nodes': [al2({ labels: { 'eks.amazonaws.com/compute-type': 'fargate' } })] }),
      expected: [
        { resource: name, message: 'unsupported', text: 'The VPC CNI does not enforce NetworkPolicy on Fargate' },
      ],
    },
    {
      name: 'a hybrid node has another CNI',
      facts: facts({
        'kubernetes.nodes': [
          node({ labels: { 'eks.amazonaws.com/compute-type': 'hybrid' }, osImage: 'Ubuntu 24.04.1 LTS' }),
        ],
      }),
      expected: [
        { resource: name, message: 'unsupported', text: 'The VPC CNI does not enforce NetworkPolicy on a hybrid node' },
      ],
    },
    {
      name: 'Windows has no bpffs',
      facts: facts({
        'kubernetes.nodes': [node({ operatingSystem: 'windows', osImage: 'Windows Server 2022 Datacenter' })],
      }),
      expected: [
        { resource: name, message: 'unsupported', text: 'The VPC CNI does not enforce NetworkPolicy on Windows' },
      ],
    },
    {
      name: 'no nodes: nothing to examine',
      facts: facts({ 'kubernetes.nodes': [] }),
      expected: [{ resource: 'shop-prod', message: 'nothing-to-examine' }],
    },
  ],
  notEvaluated: [
    {
      name: 'nodes could not be listed',
      facts: facts({ 'kubernetes.nodes': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.nodes'] }],
    },
    {
      name: 'an AL2 release too early, and launch templates were not read: user data may make up for it',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.24-v20230727')],
        'ec2.launch-templates': 'not-collected',
      }),
      expected: [
        {
          resource: name,
          message: 'bpffs-unknown',
          text: 'Nothing that was read tells whether bpffs is mounted on this Amazon Linux 2 node',
          missing: ['ec2.launch-templates'],
          evidence: [imageName],
          grades: ['inferred'],
        },
      ],
    },
    {
      name: 'Ubuntu, and nothing else was read',
      facts: facts({ 'kubernetes.nodes': [node({ osImage: 'Ubuntu 22.04.3 LTS' })] }),
      expected: [
        {
          resource: name,
          message: 'bpffs-unknown',
          missing: ['nodes.probes', 'ec2.launch-templates', 'ec2.images', 'ec2.instances', 'eks.nodegroups'],
        },
      ],
    },
    {
      name: 'Ubuntu, and all that was read tells nothing',
      facts: facts({
        'kubernetes.nodes': [node({ osImage: 'Ubuntu 22.04.3 LTS' })],
        'nodes.probes': [],
        'eks.nodegroups': [nodegroup({ amiType: 'CUSTOM' })],
        'ec2.instances': [instance()],
        'ec2.images': [image('ubuntu-eks/k8s_1.33/images/hvm-ssd/ubuntu-jammy-22.04')],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [{ resource: name, message: 'bpffs-unknown', missing: ['kubernetes.nodes'] }],
    },
    {
      name: 'AL2 from an image of the company, in a node group whose release version is that image',
      facts: facts({
        'kubernetes.nodes': [al2()],
        'nodes.probes': [],
        'eks.nodegroups': [nodegroup({ amiType: 'CUSTOM', releaseVersion: 'ami-0123456789abcdef0' })],
        'ec2.instances': [instance()],
        'ec2.images': [image('corp-golden-al2-2023.11')],
        'ec2.launch-templates': [template('not-mentioned')],
      }),
      expected: [{ resource: name, message: 'bpffs-unknown', missing: ['kubernetes.nodes'] }],
    },
    {
      name: 'a Bottlerocket that does not tell its version',
      facts: facts({
        'kubernetes.nodes': [node({ osImage: 'Bottlerocket OS (development build)' })],
        'nodes.probes': 'denied',
        'eks.nodegroups': [],
        'ec2.instances': [],
        'ec2.images': [],
        'ec2.launch-templates': [],
      }),
      expected: [{ resource: name, message: 'bpffs-unknown', missing: ['nodes.probes'] }],
    },
    {
      name: 'a node that its cloud provider has not initialised yet: no provider id, so no instance',
      facts: facts({
        'kubernetes.nodes': [uninitialised],
        'nodes.probes': [],
        'eks.nodegroups': [],
        'ec2.instances': [instance()],
        'ec2.images': [image('amazon-eks-node-1.24-v20230728')],
        'ec2.launch-templates': [template('mounted')],
      }),
      expected: [{ resource: name, message: 'bpffs-unknown', missing: ['kubernetes.nodes'] }],
    },
    {
      name: 'a node that belongs to no instance and no node group that was read',
      facts: facts({
        'kubernetes.nodes': [node({ providerId: 'vsphere://4225', osImage: 'Ubuntu 22.04.3 LTS', labels: {} })],
        'nodes.probes': [],
        'eks.nodegroups': [nodegroup()],
        'ec2.instances': [instance()],
        'ec2.images': [],
        'ec2.launch-templates': [template('mounted')],
      }),
      expected: [{ resource: name, message: 'bpffs-unknown', missing: ['kubernetes.nodes'] }],
    },
  ],
});
