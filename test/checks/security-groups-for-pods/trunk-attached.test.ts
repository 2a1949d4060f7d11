import check from '../../../shared/checks/security-groups-for-pods/trunk-attached.ts';
import type { CniNode, DaemonSet, Labels } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { addon, agentContainer, cniContainer, daemonSet, facts, node } from '../../support/cluster.ts';

const name = 'ip-10-0-1-5.us-west-2.compute.internal';
const label = `kubernetes.nodes:[name=${name}].labels.vpc.amazonaws.com/has-trunk-attached`;
const features = `kubernetes.cninodes:[name=${name}].features`;
const allocatable = `kubernetes.nodes:[name=${name}].allocatable.vpc.amazonaws.com/pod-eni`;

const podEniOn = (image: string): DaemonSet =>
  daemonSet({ containers: [cniContainer({ image, env: { ENABLE_POD_ENI: 'true' } }), agentContainer()] });

const LABEL_ERA = podEniOn('public.ecr.aws/eks/amazon-k8s-cni:v1.14.1');
const CNINODE_ERA = podEniOn('public.ecr.aws/eks/amazon-k8s-cni:v1.15.0');

const m5 = (labels: Labels = {}, capacity: Labels = {}) =>
  node({ labels: { 'node.kubernetes.io/instance-type': 'm5.large', ...labels }, allocatable: capacity });

const cniNode = (change: Partial<CniNode> = {}): CniNode => ({
  name,
  features: [{ name: 'SecurityGroupsForPods', value: '' }],
  ...change,
});

checkTester(check, {
  pass: [
    {
      name: 'VPC CNI 1.14.1: the label says that the trunk is attached',
      facts: facts({
        'kubernetes.nodes': [m5({ 'vpc.amazonaws.com/has-trunk-attached': 'true' })],
        'kubernetes.aws-node': LABEL_ERA,
      }),
      expected: [
        {
          resource: name,
          message: 'trunk-labelled',
          text: 'Label vpc.amazonaws.com/has-trunk-attached is true',
          evidence: [label],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'VPC CNI 1.15.0: CNINode and allocatable count, and the missing label means nothing',
      facts: facts({
        'kubernetes.nodes': [m5({}, { 'vpc.amazonaws.com/pod-eni': '9' })],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode({ name: 'ip-10-0-2-6.us-west-2.compute.internal', features: [] }), cniNode()],
      }),
      expected: [
        {
          resource: name,
          message: 'trunk-attached',
          text: 'The node has its trunk interface: 9 branch interfaces allocatable',
          evidence: [features, allocatable],
          grades: ['observed', 'observed'],
        },
      ],
    },
    {
      name: 'VPC CNI 1.15.0: a label false from before the upgrade means nothing either',
      facts: facts({
        'kubernetes.nodes': [
          m5({ 'vpc.amazonaws.com/has-trunk-attached': 'false' }, { 'vpc.amazonaws.com/pod-eni': '9' }),
        ],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [
          cniNode({
            features: [
              { name: 'CustomNetworking', value: 'us-west-2a' },
              { name: 'SecurityGroupsForPods', value: '' },
            ],
          }),
        ],
      }),
      expected: [{ resource: name, message: 'trunk-attached' }],
    },
    {
      name: 'an image by digest alone: the version of the add-on tells which of the two counts',
      facts: facts({
        'kubernetes.nodes': [m5({}, { 'vpc.amazonaws.com/pod-eni': '9' })],
        'kubernetes.aws-node': podEniOn('public.ecr.aws/eks/amazon-k8s-cni@sha256:0a1b'),
        'eks.vpc-cni-addon': addon({ version: 'v1.15.0-eksbuild.2' }),
        'kubernetes.cninodes': [cniNode()],
      }),
      expected: [{ resource: name, message: 'trunk-attached' }],
    },
  ],
  fail: [
    {
      name: 'VPC CNI 1.14.1: a label that says no is the last word on a new node too',
      facts: facts({
        'kubernetes.nodes': [
          { ...m5({ 'vpc.amazonaws.com/has-trunk-attached': 'false' }), createdAt: '2026-11-20T08:59:00Z' },
        ],
        'kubernetes.aws-node': LABEL_ERA,
      }),
      expected: [{ resource: name, message: 'trunk-label-false' }],
    },
    {
      name: 'the node joined a second too long ago for its missing CNINode',
      facts: facts({
        'kubernetes.nodes': [{ ...m5(), createdAt: '2026-11-20T08:54:59Z' }],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [],
      }),
      expected: [{ resource: name, message: 'no-cninode' }],
    },
    {
      name: 'VPC CNI 1.14.1 on a t3: asked for, not supported',
      facts: facts({
        'kubernetes.nodes': [
          node({
            labels: {
              'node.kubernetes.io/instance-type': 't3.large',
              'vpc.amazonaws.com/has-trunk-attached': 'false',
            },
          }),
        ],
        'kubernetes.aws-node': LABEL_ERA,
      }),
      expected: [
        {
          resource: name,
          message: 'trunk-label-false',
          text: 'Label vpc.amazonaws.com/has-trunk-attached is false: the t3.large has no trunk interface',
          evidence: [label],
        },
      ],
    },
    {
      name: 'VPC CNI 1.14.1: label not-supported',
      facts: facts({
        'kubernetes.nodes': [m5({ 'vpc.amazonaws.com/has-trunk-attached': 'not-supported' })],
        'kubernetes.aws-node': LABEL_ERA,
      }),
      expected: [{ resource: name, message: 'trunk-label-false', evidence: [label] }],
    },
    {
      name: 'VPC CNI 1.14.1 without the label, though the node has what would pass at 1.15.0',
      facts: facts({
        'kubernetes.nodes': [m5({}, { 'vpc.amazonaws.com/pod-eni': '9' })],
        'kubernetes.aws-node': LABEL_ERA,
        'kubernetes.cninodes': [cniNode()],
      }),
      expected: [
        {
          resource: name,
          message: 'trunk-never-asked',
          text: 'The m5.large has no label vpc.amazonaws.com/has-trunk-attached: a trunk was never asked for, often because no interface slot was free',
          evidence: [label],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'VPC CNI 1.15.0, label true, no CNINode: what passed at 1.14.1 proves nothing any more',
      facts: facts({
        'kubernetes.nodes': [
          m5({ 'vpc.amazonaws.com/has-trunk-attached': 'true' }, { 'vpc.amazonaws.com/pod-eni': '9' }),
        ],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode({ name: 'ip-10-0-2-6.us-west-2.compute.internal' })],
      }),
      expected: [
        {
          resource: name,
          message: 'no-cninode',
          text: 'This m5.large has no CNINode: the VPC resource controller does not know it',
          evidence: [features],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'the API of CNINode is not served',
      facts: facts({
        'kubernetes.nodes': [node({ labels: {}, allocatable: {} })],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': 'absent',
      }),
      expected: [
        {
          resource: name,
          message: 'no-cninode',
          text: 'This node has no CNINode: the VPC resource controller does not know it',
          evidence: [features],
        },
      ],
    },
    {
      name: 'the switch was turned on when the node was already full of interfaces',
      facts: facts({
        'kubernetes.nodes': [m5()],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode({ features: [] })],
      }),
      expected: [
        {
          resource: name,
          message: 'no-feature',
          text: 'The CNINode of this m5.large lacks SecurityGroupsForPods: no trunk was asked for, often because no interface slot was free',
          evidence: [features],
        },
      ],
    },
    {
      name: 'a CNINode for custom networking alone',
      facts: facts({
        'kubernetes.nodes': [m5({}, { 'vpc.amazonaws.com/pod-eni': '9' })],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode({ features: [{ name: 'CustomNetworking', value: 'us-west-2a' }] })],
      }),
      expected: [{ resource: name, message: 'no-feature', evidence: [features] }],
    },
    {
      name: 'asked for, and the resource controller advertises no branch interface',
      facts: facts({
        'kubernetes.nodes': [m5({}, { 'vpc.amazonaws.com/pod-eni': '0' })],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode()],
      }),
      expected: [
        {
          resource: name,
          message: 'no-branch-capacity',
          text: 'A trunk was asked for, but this m5.large has no allocatable vpc.amazonaws.com/pod-eni',
          evidence: [features, allocatable],
          grades: ['observed', 'observed'],
        },
      ],
    },
    {
      name: 'asked for, and allocatable does not name branch interfaces at all',
      facts: facts({
        'kubernetes.nodes': [m5()],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode()],
      }),
      expected: [{ resource: name, message: 'no-branch-capacity', evidence: [features, allocatable] }],
    },
  ],
  notApplicable: [
    {
      name: 'ENABLE_POD_ENI is false: no trunk is wanted',
      facts: facts({ 'kubernetes.nodes': [m5()], 'kubernetes.aws-node': daemonSet() }),
      expected: [
        { resource: name, message: 'not-used', text: 'ENABLE_POD_ENI is "false": no trunk interface is wanted' },
      ],
    },
    {
      name: 'a DaemonSet without container aws-node has no switch',
      facts: facts({
        'kubernetes.nodes': [m5()],
        'kubernetes.aws-node': daemonSet({ containers: [agentContainer()] }),
      }),
      expected: [
        {
          resource: name,
          message: 'not-used',
          text: 'ENABLE_POD_ENI is unset (default false): no trunk interface is wanted',
        },
      ],
    },
    {
      name: 'Fargate pods have interfaces of their own',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'fargate' } })],
        'kubernetes.aws-node': CNINODE_ERA,
      }),
      expected: [
        {
          resource: name,
          message: 'no-daemonset-here',
          text: 'This node is of kind fargate: security groups for pods work in another way there',
        },
      ],
    },
    {
      name: 'an Auto Mode node beside others: SecurityGroupPolicy is not supported there',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } })],
        'kubernetes.aws-node': CNINODE_ERA,
      }),
      expected: [{ resource: name, message: 'no-daemonset-here' }],
    },
    {
      name: 'there is no DaemonSet aws-node',
      facts: facts({ 'kubernetes.nodes': [m5()], 'kubernetes.aws-node': 'absent' }),
      expected: [{ resource: name, message: 'no-aws-node' }],
    },
  ],
  notEvaluated: [
    {
      name: 'whether trunks are wanted stands in a ConfigMap that was not read',
      facts: facts({
        'kubernetes.nodes': [m5()],
        'kubernetes.aws-node': daemonSet({ containers: [cniContainer({ env: {}, unresolvedEnv: 'any' })] }),
        'kubernetes.cninodes': [],
      }),
      expected: [{ resource: name, message: 'pod-eni-unresolved', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'the node joined a minute before and the resource controller has not come to it yet',
      facts: facts({
        'kubernetes.nodes': [{ ...m5(), createdAt: '2026-11-20T08:59:00Z' }],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [],
      }),
      expected: [
        {
          resource: name,
          message: 'trunk-starting',
          text: 'The node joined 60 s before: its trunk interface may still be on its way',
          missing: ['kubernetes.nodes'],
          evidence: [features],
        },
      ],
    },
    {
      name: 'asked for on a new node, and not advertised yet',
      facts: facts({
        'kubernetes.nodes': [{ ...m5(), createdAt: '2026-11-20T08:59:00Z' }],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': [cniNode()],
      }),
      expected: [{ resource: name, message: 'trunk-starting', evidence: [features, allocatable] }],
    },
    {
      name: 'VPC CNI 1.14.1: a new node without the label',
      facts: facts({
        'kubernetes.nodes': [{ ...m5(), createdAt: '2026-11-20T08:59:00Z' }],
        'kubernetes.aws-node': LABEL_ERA,
      }),
      expected: [{ resource: name, message: 'trunk-starting', evidence: [label] }],
    },
    {
      name: 'VPC CNI 1.15.0 and CNINodes were denied: allocatable alone is not proof',
      facts: facts({
        'kubernetes.nodes': [m5({}, { 'vpc.amazonaws.com/pod-eni': '9' })],
        'kubernetes.aws-node': CNINODE_ERA,
        'kubernetes.cninodes': 'denied',
      }),
      expected: [
        {
          resource: name,
          message: 'cninodes-not-read',
          text: 'CNINodes were not read, and allocatable vpc.amazonaws.com/pod-eni alone is not proof',
          missing: ['kubernetes.cninodes'],
        },
      ],
    },
    {
      name: 'an image by digest alone and no add-on: whether label or CNINode counts is not known',
      facts: facts({
        'kubernetes.nodes': [m5({ 'vpc.amazonaws.com/has-trunk-attached': 'true' })],
        'kubernetes.aws-node': podEniOn('public.ecr.aws/eks/amazon-k8s-cni@sha256:0a1b'),
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.cninodes': [cniNode()],
      }),
      expected: [{ resource: name, message: 'version-unreadable', missing: ['kubernetes.aws-node'] }],
    },
    {
      name: 'the DaemonSet could not be read',
      facts: facts({ 'kubernetes.nodes': [m5()], 'kubernetes.aws-node': 'api-error' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.aws-node'] }],
    },
  ],
});
