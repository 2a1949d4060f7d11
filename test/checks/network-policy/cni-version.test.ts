import check from '../../../shared/checks/network-policy/cni-version.ts';
import type { DaemonSet } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { addon, agentContainer, cniContainer, daemonSet, facts } from '../../support/cluster.ts';

const name = 'kube-system/aws-node';
const image = 'kubernetes.aws-node:containers[name=aws-node].image';
const ECR = '602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni';
const DIGEST = 'sha256:7f3a1b6a1c2f4e0d9b8a7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f';

const awsNode = (cniImage: string): DaemonSet =>
  daemonSet({ containers: [cniContainer({ image: cniImage }), agentContainer()] });

checkTester(check, {
  pass: [
    {
      name: 'v1.14.0-eksbuild.3, the first add-on build that can',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v1.14.0-eksbuild.3`) }),
      expected: [
        {
          resource: name,
          message: 'cni-supported',
          text: 'VPC CNI 1.14.0-eksbuild.3 can enforce NetworkPolicy',
          evidence: [image],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'self-managed v1.14.0: upstream releases have no build number to wait for',
      facts: facts({
        'kubernetes.aws-node': awsNode('public.ecr.aws/eks/amazon-k8s-cni:v1.14.0'),
        'eks.vpc-cni-addon': 'absent',
      }),
      expected: [
        {
          resource: name,
          message: 'cni-supported',
          text: 'VPC CNI 1.14.0 can enforce NetworkPolicy',
          evidence: [image],
        },
      ],
    },
    {
      name: 'v1.14.1-eksbuild.1: the build counts in 1.14.0 alone',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v1.14.1-eksbuild.1`) }),
      expected: [{ resource: name, message: 'cni-supported', evidence: [image] }],
    },
    {
      name: 'v2.14.0-eksbuild.1: another major is not 1.14.0',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v2.14.0-eksbuild.1`) }),
      expected: [{ resource: name, message: 'cni-supported', evidence: [image] }],
    },
    {
      name: 'a mirror registry with a port: the tag is after the last slash',
      facts: facts({ 'kubernetes.aws-node': awsNode('registry.corp.example:5000/eks/amazon-k8s-cni:v1.21.1') }),
      expected: [{ resource: name, message: 'cni-supported', evidence: [image] }],
    },
    {
      name: 'a tag with a digest behind it still tells the version',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v1.21.1-eksbuild.1@${DIGEST}`) }),
      expected: [{ resource: name, message: 'cni-supported', evidence: [image], grades: ['observed'] }],
    },
    {
      name: 'a digest alone: the managed add-on declares what it installed',
      facts: facts({
        'kubernetes.aws-node': awsNode(`${ECR}@${DIGEST}`),
        'eks.vpc-cni-addon': addon({ version: 'v1.14.0-eksbuild.3' }),
      }),
      expected: [
        {
          resource: name,
          message: 'cni-supported',
          evidence: ['eks.vpc-cni-addon:version'],
          grades: ['declared'],
        },
      ],
    },
    {
      name: 'the image is believed before the add-on, which may still be updating',
      facts: facts({
        'kubernetes.aws-node': awsNode(`${ECR}:v1.14.0-eksbuild.3`),
        'eks.vpc-cni-addon': addon({ version: 'v1.13.4-eksbuild.1', status: 'UPDATING' }),
      }),
      expected: [{ resource: name, message: 'cni-supported', evidence: [image], grades: ['observed'] }],
    },
  ],
  fail: [
    {
      name: 'v1.14.0-eksbuild.2, one build too early',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v1.14.0-eksbuild.2`) }),
      expected: [
        {
          resource: name,
          message: 'cni-too-old',
          text: 'VPC CNI 1.14.0-eksbuild.2 is older than 1.14.0-eksbuild.3, the first that can enforce NetworkPolicy',
          evidence: [image],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'v1.13.4-eksbuild.1, the last add-on line without the agent',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v1.13.4-eksbuild.1`) }),
      expected: [{ resource: name, message: 'cni-too-old', evidence: [image] }],
    },
    {
      name: 'self-managed v1.13.4',
      facts: facts({ 'kubernetes.aws-node': awsNode('public.ecr.aws/eks/amazon-k8s-cni:v1.13.4') }),
      expected: [
        {
          resource: name,
          message: 'cni-too-old',
          text: 'VPC CNI 1.13.4 is older than 1.14.0, the first that can enforce NetworkPolicy',
          evidence: [image],
        },
      ],
    },
    {
      name: 'v1.9.3: minors are numbers, not text',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:v1.9.3`) }),
      expected: [{ resource: name, message: 'cni-too-old', evidence: [image] }],
    },
    {
      name: 'a digest alone, and the managed add-on declares v1.14.0-eksbuild.2',
      facts: facts({
        'kubernetes.aws-node': awsNode(`${ECR}@${DIGEST}`),
        'eks.vpc-cni-addon': addon({ version: 'v1.14.0-eksbuild.2' }),
      }),
      expected: [
        {
          resource: name,
          message: 'cni-too-old',
          evidence: ['eks.vpc-cni-addon:version'],
          grades: ['declared'],
        },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'a cluster of EKS Auto Mode alone has no DaemonSet aws-node',
      facts: facts({ 'kubernetes.aws-node': 'absent' }),
      expected: [
        {
          resource: name,
          message: 'no-aws-node',
          text: 'There is no DaemonSet aws-node: the VPC CNI does not run here as a DaemonSet',
        },
      ],
    },
  ],
  notEvaluated: [
    {
      name: 'the DaemonSet could not be read',
      facts: facts({ 'kubernetes.aws-node': 'denied', 'eks.vpc-cni-addon': addon() }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'a digest alone of a self-managed VPC CNI tells no version',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}@${DIGEST}`), 'eks.vpc-cni-addon': 'absent' }),
      expected: [
        {
          resource: name,
          message: 'cni-version-unreadable',
          text: `The image ${ECR}@${DIGEST} does not tell the VPC CNI version`,
          missing: ['kubernetes.aws-node'],
        },
      ],
    },
    {
      name: 'the port of a registry is no tag',
      facts: facts({
        'kubernetes.aws-node': awsNode('registry.corp.example:5000/amazon-k8s-cni'),
        'eks.vpc-cni-addon': 'absent',
      }),
      expected: [{ resource: name, message: 'cni-version-unreadable', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'tag latest, and the add-on was not asked',
      facts: facts({ 'kubernetes.aws-node': awsNode(`${ECR}:latest`) }),
      expected: [{ resource: name, message: 'cni-version-unreadable', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'tag latest, and an add-on version that is none',
      facts: facts({
        'kubernetes.aws-node': awsNode(`${ECR}:latest`),
        'eks.vpc-cni-addon': addon({ version: 'unknown' }),
      }),
      expected: [{ resource: name, message: 'cni-version-unreadable', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'a DaemonSet aws-node without a container aws-node, as a meshed fork might have',
      facts: facts({
        'kubernetes.aws-node': daemonSet({ containers: [agentContainer()] }),
        'eks.vpc-cni-addon': 'absent',
      }),
      expected: [
        {
          resource: name,
          message: 'cni-version-unreadable',
          text: 'The image (no container aws-node) does not tell the VPC CNI version',
          missing: ['kubernetes.aws-node'],
        },
      ],
    },
  ],
});
