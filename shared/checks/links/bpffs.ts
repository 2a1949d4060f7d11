import { instanceIdOf } from './resources.ts';
import type { Fact, Looked } from '../../model/fact.ts';
import type { Image, Instance, LaunchTemplateVersion, Nodegroup, NodeProbe } from '../../model/facts-aws.ts';
import type { Node } from '../../model/facts-kubernetes.ts';
import type { MissingFact } from '../../model/outcome.ts';
import { evidence, isUnobserved, missing, unreadable } from './evidence.ts';
import type { Link } from './link.ts';
import { parseVersion, version, atLeast } from './version.ts';

export const BPFFS_MESSAGES = {
  'bpffs-seen': 'bpffs was seen mounted on the node ({method})',
  'bpffs-not-seen': 'The node itself reports that bpffs is not mounted ({method})',
  'bottlerocket-not-seen':
    'The Bottlerocket node itself reports that bpffs is not mounted ({method}), though the system mounts it at boot',
  'bpffs-declared': 'User data of launch template {template} mounts bpffs',
  'bpffs-switched-off': 'User data of launch template {template} switches the bpffs mount off',
  'bpffs-by-os': '{os} mounts bpffs at boot',
  'bpffs-by-ami': 'AMI release {release} mounts bpffs at boot',
  'bpffs-not-by-ami':
    'AMI release {release} does not mount bpffs for Kubernetes {kubernetes}, and no user data seen does',
  'bottlerocket-too-old': '{os} is older than 1.0.2, the first release that mounts bpffs',
  'bpffs-unknown': 'Nothing that was read tells whether bpffs is mounted on this {os} node',
} as const;

type BpffsLink = Link<keyof typeof BPFFS_MESSAGES>;

/** Everything that may tell about bpffs; each may be unobserved. */
export interface BpffsSources {
  readonly 'nodes.probes': Fact<readonly NodeProbe[]>;
  readonly 'eks.nodegroups': Fact<readonly Nodegroup[]>;
  readonly 'ec2.instances': Fact<readonly Instance[]>;
  readonly 'ec2.images': Fact<readonly Image[]>;
  readonly 'ec2.launch-templates': Fact<readonly LaunchTemplateVersion[]>;
}

const find = <T>(fact: Fact<readonly T[]>, matches: (item: T) => boolean): T | undefined =>
  fact.state === 'observed' ? fact.value.find(matches) : undefined;

const isBottlerocket = ({ osImage }: Node): boolean => osImage.startsWith('Bottlerocket');

/** There is no shell on a Bottlerocket host to mount anything with: https://github.com/bottlerocket-os/bottlerocket/blob/develop/README.md */
export const BOTTLEROCKET_BROKEN: readonly (keyof typeof BPFFS_MESSAGES)[] = [
  'bottlerocket-not-seen',
  'bottlerocket-too-old',
];

/** Nodes are replaced by ones of the newest release: https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html */
export const REPLACE_BOTTLEROCKET =
  'aws eks update-nodegroup-version --cluster-name <cluster> --nodegroup-name <node group>';

/** The node itself said so. A later probe method does not overrule: `not-mounted` from any of them is believed. */
const seenOnNode = (node: Node, probes: Fact<readonly NodeProbe[]>): BpffsLink | undefined => {
  if (probes.state !== 'observed') return undefined;
  const told = probes.value.filter((probe) => probe.nodeName === node.name && probe.bpffs !== 'not-reported');
  const probe = told.find(({ bpffs }) => bpffs === 'not-mounted') ?? told[0];
  if (probe === undefined) return undefined;
  const seen = evidence('nodes.probes', probes, `[nodeName=${node.name}].bpffs`, `${probe.bpffs}: ${probe.detail}`);
  const values = { method: probe.method };
  return probe.bpffs === 'mounted'
    ? { state: 'holds', message: 'bpffs-seen', values, evidence: [seen] }
    : {
        state: 'broken',
        message: isBottlerocket(node) ? 'bottlerocket-not-seen' : 'bpffs-not-seen',
        values,
        evidence: [seen],
      };
};

/** The launch template version that the node's instance was started from, or its node group uses. */
const templateOf = (node: Node, sources: BpffsSources): LaunchTemplateVersion | undefined => {
  const instance = find(sources['ec2.instances'], ({ instanceId }) => instanceId === instanceIdOf(node));
  const group = find(sources['eks.nodegroups'], ({ name }) => name === node.labels['eks.amazonaws.com/nodegroup']);
  const used = instance?.launchTemplate ?? group?.launchTemplate;
  if (used === undefined) return undefined;
  return find(sources['ec2.launch-templates'], (template) => {
    if (used.id === undefined ? template.name !== used.name : template.id !== used.id) return false;
    switch (used.version) {
      case undefined:
      case '$Default':
        return template.isDefault;
      case '$Latest':
        return template.isLatest;
      default:
        return template.version === used.version;
    }
  });
};

const isAmazonLinux2 = (node: Node): boolean => /^Amazon Linux 2(\s|$)/.test(node.osImage);

const declaredInUserData = (node: Node, sources: BpffsSources): BpffsLink | undefined => {
  const templates = sources['ec2.launch-templates'];
  const template = templateOf(node, sources);
  if (templates.state !== 'observed' || template === undefined || template.userData.bpffs === 'not-mentioned')
    return undefined;
  const seen = evidence(
    'ec2.launch-templates',
    templates,
    `[id=${template.id},version=${template.version}].userData`,
    template.userData.bpffsLine ?? template.userData.bpffs,
    'declared',
  );
  // The flag is AL2's bootstrap script's; elsewhere it switches nothing.
  if (template.userData.bpffs === 'disabled' && !isAmazonLinux2(node)) return undefined;
  const values = { template: `${template.id} version ${template.version}` };
  return template.userData.bpffs === 'mounted'
    ? { state: 'holds', message: 'bpffs-declared', values, evidence: [seen] }
    : { state: 'broken', message: 'bpffs-switched-off', values, evidence: [seen] };
};

const BOTTLEROCKET = /^Bottlerocket\b.*?\b(\d+\.\d+\.\d+)/;
/** https://github.com/bottlerocket-os/bottlerocket/pull/1160 */
const FIRST_BOTTLEROCKET = version(1, 0, 2);

/** Operating systems that mount bpffs themselves. AL2's systemd 219 does not; AL2023's does. */
const byOperatingSystem = (node: Node, nodes: Looked<readonly Node[]>): BpffsLink | undefined => {
  const os = node.osImage;
  const seen = evidence('kubernetes.nodes', nodes, `[name=${node.name}].osImage`, os, 'inferred');
  const values = { os };
  if (/^Amazon Linux 2023\b/.test(os)) return { state: 'holds', message: 'bpffs-by-os', values, evidence: [seen] };
  if (!isBottlerocket(node)) return undefined;
  const release = BOTTLEROCKET.exec(os)?.[1];
  const found = release === undefined ? undefined : parseVersion(release);
  // Auto Mode's Bottlerocket is numbered by date (2026.…), far above any threshold.
  if (found === undefined) return undefined;
  return atLeast(found, FIRST_BOTTLEROCKET)
    ? { state: 'holds', message: 'bpffs-by-os', values, evidence: [seen] }
    : { state: 'broken', message: 'bottlerocket-too-old', values, evidence: [seen] };
};

/**
 * First AL2 EKS AMI release that mounts bpffs, by Kubernetes minor:
 * https://github.com/awslabs/amazon-eks-ami/pull/1223, /pull/1320 and /pull/1349.
 */
const firstRelease = (minor: number): string => (minor >= 27 ? '20230406' : minor >= 25 ? '20230703' : '20230728');

interface Release {
  readonly date: string;
  readonly kubernetesMinor: number;
  readonly seen: ReturnType<typeof evidence>;
}

/** `1.24.11-20230406` of a node group, or the image name `amazon-eks-node-1.24-v20230406` (also -gpu- and -arm64-). */
const releaseOf = (node: Node, sources: BpffsSources): Release | undefined => {
  const { 'ec2.instances': instances, 'ec2.images': images, 'eks.nodegroups': groups } = sources;
  const instance = find(instances, ({ instanceId }) => instanceId === instanceIdOf(node));
  const imageId = instance?.imageId ?? node.labels['eks.amazonaws.com/nodegroup-image'];
  const image = find(images, (candidate) => candidate.imageId === imageId);
  const named = /^amazon-eks-(?:gpu-|arm64-)?node-1\.(\d{1,3})-v(\d{8})$/.exec(image?.name ?? '');
  if (named !== null && images.state === 'observed') {
    const [, minor = '', date = ''] = named;
    const seen = evidence('ec2.images', images, `[imageId=${imageId ?? ''}].name`, image?.name ?? '', 'inferred');
    return { date, kubernetesMinor: Number(minor), seen };
  }
  const group = find(groups, ({ name }) => name === node.labels['eks.amazonaws.com/nodegroup']);
  const released = /^1\.(\d{1,3})\.\d{1,3}-(\d{8})$/.exec(group?.releaseVersion ?? '');
  if (released === null || groups.state !== 'observed' || group === undefined) return undefined;
  const [, minor = '', date = ''] = released;
  const seen = evidence(
    'eks.nodegroups',
    groups,
    `[name=${group.name}].releaseVersion`,
    group.releaseVersion ?? '',
    'inferred',
  );
  return { date, kubernetesMinor: Number(minor), seen };
};

const byAmiRelease = (node: Node, sources: BpffsSources): BpffsLink | undefined => {
  if (!isAmazonLinux2(node)) return undefined;
  const release = releaseOf(node, sources);
  if (release === undefined) return undefined;
  const values = { release: release.date, kubernetes: `1.${release.kubernetesMinor}` };
  if (release.date >= firstRelease(release.kubernetesMinor)) {
    return { state: 'holds', message: 'bpffs-by-ami', values, evidence: [release.seen] };
  }
  if (templateOf(node, sources) !== undefined) {
    return { state: 'broken', message: 'bpffs-not-by-ami', values, evidence: [release.seen] };
  }
  // Without the node's own launch template nobody knows whether user data makes up for the old AMI.
  const templates = sources['ec2.launch-templates'];
  const gap = isUnobserved(templates)
    ? missing('ec2.launch-templates', templates)
    : unreadable('ec2.launch-templates', templates, `does not hold the launch template of ${node.name}`);
  return {
    state: 'unknown',
    message: 'bpffs-unknown',
    values: { os: node.osImage },
    missing: [gap],
    evidence: [release.seen],
  };
};

const unknown = (node: Node, nodes: Looked<readonly Node[]>, sources: BpffsSources): BpffsLink => {
  const gaps: MissingFact[] = [];
  for (const key of [
    'nodes.probes',
    'ec2.launch-templates',
    'ec2.images',
    'ec2.instances',
    'eks.nodegroups',
  ] as const) {
    const fact = sources[key];
    if (isUnobserved(fact)) gaps.push(missing(key, fact));
  }
  const detail = `[name=${node.name}].osImage: ${node.osImage} is no operating system whose bpffs mount is documented`;
  const [first = unreadable('kubernetes.nodes', nodes, detail), ...rest] = gaps;
  return { state: 'unknown', message: 'bpffs-unknown', values: { os: node.osImage }, missing: [first, ...rest] };
};

/**
 * Whether `/sys/fs/bpf` is mounted, by the strongest grade there is: observed on the node, declared in user data,
 * inferred from the operating system or the AMI release. The VPC CNI never mounts it itself:
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export const bpffs = (node: Node, nodes: Looked<readonly Node[]>, sources: BpffsSources): BpffsLink =>
  seenOnNode(node, sources['nodes.probes']) ??
  declaredInUserData(node, sources) ??
  byOperatingSystem(node, nodes) ??
  byAmiRelease(node, sources) ??
  unknown(node, nodes, sources);
