import type { Fact, Looked } from '../../model/fact.ts';
import type { CniNode, Container, Node } from '../../model/facts-kubernetes.ts';
import type { MissingFact } from '../../model/outcome.ts';
import { UNRESOLVED } from './argument.ts';
import { isUnresolved } from '../../model/unresolved-env.ts';
import { CNI_CONTAINER, GO_TRUE, type BooleanFlag } from './aws-node.ts';
import { evidence, isUnobserved, missing, notRead, tooEarly } from './evidence.ts';
import { joiningFor } from './joining.ts';
import type { Link } from './link.ts';
import { atLeast, version, type Version } from './version.ts';

export const TRUNK_MESSAGES = {
  'trunk-attached': 'The node has its trunk interface: {allocatable} branch interfaces allocatable',
  'trunk-labelled': 'Label vpc.amazonaws.com/has-trunk-attached is true',
  'trunk-label-false': 'Label vpc.amazonaws.com/has-trunk-attached is {label}: the {type} has no trunk interface',
  'trunk-never-asked':
    'The {type} has no label vpc.amazonaws.com/has-trunk-attached: a trunk was never asked for, often because no interface slot was free',
  'no-feature':
    'The CNINode of this {type} lacks SecurityGroupsForPods: no trunk was asked for, often because no interface slot was free',
  'no-cninode': 'This {type} has no CNINode: the VPC resource controller does not know it',
  'no-branch-capacity': 'A trunk was asked for, but this {type} has no allocatable vpc.amazonaws.com/pod-eni',
  'trunk-starting': 'The node joined {seconds} s before: its trunk interface may still be on its way',
  'cninodes-not-read': 'CNINodes were not read, and allocatable vpc.amazonaws.com/pod-eni alone is not proof',
} as const;

type TrunkLink = Link<keyof typeof TRUNK_MESSAGES>;

/** https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md (ENABLE_POD_ENI, default false). */
export const podEniSwitch = (container: Container | undefined): BooleanFlag => {
  const env = container?.env ?? {};
  if (isUnresolved(container, 'ENABLE_POD_ENI')) return { is: 'unknown', written: 'set from elsewhere' };
  if (!Object.hasOwn(env, 'ENABLE_POD_ENI')) return { is: 'off', written: 'unset (default false)' };
  const written = env['ENABLE_POD_ENI'] ?? '';
  return { is: GO_TRUE.has(written) ? 'on' : 'off', written: JSON.stringify(written) };
};

/** What is missing where the switch is unknown. */
export const podEniUnresolved = (daemonSet: Looked<unknown>): MissingFact =>
  notRead('kubernetes.aws-node', daemonSet, `containers[name=${CNI_CONTAINER}].env.ENABLE_POD_ENI: ${UNRESOLVED}`);

/** CNINode replaced the node label: https://github.com/aws/amazon-vpc-cni-k8s/pull/2503 */
const FIRST_CNINODE = version(1, 15, 0);

const LABEL = 'vpc.amazonaws.com/has-trunk-attached';
const POD_ENI = 'vpc.amazonaws.com/pod-eni';

const byLabel = (node: Node, nodes: Looked<readonly Node[]>, type: string): TrunkLink => {
  const label = Object.hasOwn(node.labels, LABEL) ? (node.labels[LABEL] ?? '') : undefined;
  const seen = evidence('kubernetes.nodes', nodes, `[name=${node.name}].labels.${LABEL}`, label ?? 'none');
  if (label === undefined) return { state: 'broken', message: 'trunk-never-asked', values: { type }, evidence: [seen] };
  return label === 'true'
    ? { state: 'holds', message: 'trunk-labelled', evidence: [seen] }
    : { state: 'broken', message: 'trunk-label-false', values: { label, type }, evidence: [seen] };
};

/** Ends that a new node passes through; a label `false` or `not-supported` is the controller's last word at any age. */
const PASSING: ReadonlySet<string> = new Set<keyof typeof TRUNK_MESSAGES>([
  'trunk-never-asked',
  'no-cninode',
  'no-feature',
  'no-branch-capacity',
]);

/** The link, or on a node that is still joining, that it is too early to tell. */
export const trunkAttached = (
  node: Node,
  nodes: Looked<readonly Node[]>,
  running: Version,
  cniNodes: Fact<readonly CniNode[]>,
): TrunkLink => {
  const link = trunkNow(node, nodes, running, cniNodes);
  const seconds = joiningFor(node, nodes.observedAt);
  if (seconds === undefined || link.state !== 'broken' || !PASSING.has(link.message)) return link;
  return {
    state: 'unknown',
    message: 'trunk-starting',
    values: { seconds },
    missing: [tooEarly('kubernetes.nodes', nodes, seconds)],
    evidence: link.evidence,
  };
};

/**
 * Whether the node carries a trunk interface: by label before VPC CNI 1.15, by CNINode and allocatable from 1.15
 * on, where the label's absence means nothing.
 * https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html
 */
const trunkNow = (
  node: Node,
  nodes: Looked<readonly Node[]>,
  running: Version,
  cniNodes: Fact<readonly CniNode[]>,
): TrunkLink => {
  const type = node.labels['node.kubernetes.io/instance-type'] ?? 'node';
  if (!atLeast(running, FIRST_CNINODE)) return byLabel(node, nodes, type);
  if (isUnobserved(cniNodes)) {
    return { state: 'unknown', message: 'cninodes-not-read', missing: [missing('kubernetes.cninodes', cniNodes)] };
  }
  const cniNode = cniNodes.state === 'observed' ? cniNodes.value.find(({ name }) => name === node.name) : undefined;
  const features = cniNode?.features.map(({ name }) => name).join(', ') ?? 'no CNINode';
  const asked = evidence(
    'kubernetes.cninodes',
    cniNodes,
    `[name=${node.name}].features`,
    features === '' ? 'none' : features,
  );
  if (cniNode === undefined) return { state: 'broken', message: 'no-cninode', values: { type }, evidence: [asked] };
  if (!cniNode.features.some(({ name }) => name === 'SecurityGroupsForPods')) {
    return { state: 'broken', message: 'no-feature', values: { type }, evidence: [asked] };
  }
  const allocatable = Object.hasOwn(node.allocatable, POD_ENI) ? (node.allocatable[POD_ENI] ?? '0') : '0';
  const capacity = evidence('kubernetes.nodes', nodes, `[name=${node.name}].allocatable.${POD_ENI}`, allocatable);
  return Number(allocatable) > 0
    ? { state: 'holds', message: 'trunk-attached', values: { allocatable }, evidence: [asked, capacity] }
    : { state: 'broken', message: 'no-branch-capacity', values: { type }, evidence: [asked, capacity] };
};
