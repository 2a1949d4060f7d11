import type { Container } from '../../model/facts-kubernetes.ts';
import type { Facts } from '../../model/snapshot.ts';

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

const DOTTED = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})/;

const parse = (text: string): Version | undefined => {
  const match = DOTTED.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
};

export const compareVersions = (a: Version, b: Version): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch;

export const versionText = ({ major, minor, patch }: Version): string => `${major}.${minor}.${patch}`;

/** The version in an image's tag; a digest or a tag of words has none. */
const imageVersion = (image: string): Version | undefined => {
  const name = image.slice(image.lastIndexOf('/') + 1).split('@')[0] ?? '';
  const colon = name.indexOf(':');
  return colon < 0 ? undefined : parse(name.slice(colon + 1));
};

const agentOf = (containers: readonly Container[]): Version | undefined => {
  const image = containers.find(({ name }) => name === 'aws-eks-nodeagent')?.image;
  return image === undefined ? undefined : imageVersion(image);
};

/**
 * VPC CNI releases and the agent of their manifest, for where only the add-on's version is known: a managed build may
 * carry another. `config/master/aws-k8s-cni.yaml` at each tag of https://github.com/aws/amazon-vpc-cni-k8s
 */
const AGENT_OF_CNI: readonly (readonly [cni: string, agent: string])[] = [
  ['1.23.0', '1.4.1'],
  ['1.22.4', '1.4.0'],
  ['1.22.3', '1.3.7'],
  ['1.22.1', '1.3.5'],
  ['1.22.0', '1.3.1'],
  ['1.21.2', '1.3.5'],
  ['1.21.1', '1.3.1'],
  ['1.21.0', '1.3.0'],
  ['1.20.4', '1.2.7'],
  ['1.20.2', '1.2.6'],
  ['1.20.1', '1.2.4'],
  ['1.20.0', '1.2.3'],
  ['1.19.6', '1.2.2'],
  ['1.19.4', '1.2.1'],
  ['1.19.3', '1.2.0'],
  ['1.19.2', '1.1.6'],
  ['1.19.0', '1.1.5'],
  ['1.18.6', '1.1.4'],
  ['1.18.4', '1.1.3'],
  ['1.18.2', '1.1.2'],
  ['1.18.1', '1.1.1'],
  ['1.17.1', '1.1.0'],
  ['1.16.3', '1.0.8'],
  ['1.15.5', '1.0.7'],
  ['1.15.4', '1.0.6'],
  ['1.15.3', '1.0.5'],
  ['1.15.1', '1.0.4'],
  ['1.14.1', '1.0.2'],
  ['1.14.0', '1.0.1'],
];

/** Nothing for a release after the last that is known here: nobody knows what it carries. */
const agentOfCni = (cni: Version): Version | undefined => {
  const [newest] = AGENT_OF_CNI;
  const last = newest === undefined ? undefined : parse(newest[0]);
  if (last === undefined || compareVersions(cni, last) > 0) return undefined;
  const row = AGENT_OF_CNI.find(([first]) => {
    const known = parse(first);
    return known !== undefined && compareVersions(cni, known) >= 0;
  });
  return row === undefined ? undefined : parse(row[1]);
};

/** The agent's versions on the nodes that reported, distinct, oldest first; else what the DaemonSet or the add-on says. */
export const agentVersions = (facts: Facts, nodes: readonly string[]): readonly Version[] => {
  const pods = facts['kubernetes.aws-node-pods'];
  const running =
    pods.state === 'observed'
      ? pods.value
          .filter(({ nodeName }) => nodes.length === 0 || nodes.includes(nodeName))
          .flatMap(({ containers }) => agentOf(containers) ?? [])
      : [];
  const daemonSet = facts['kubernetes.aws-node'];
  const addon = facts['eks.vpc-cni-addon'];
  const template = daemonSet.state === 'observed' ? agentOf(daemonSet.value.containers) : undefined;
  const installed = addon.state === 'observed' ? parse(addon.value.version) : undefined;
  const declared = template ?? (installed === undefined ? undefined : agentOfCni(installed));
  const found = running.length > 0 ? running : declared === undefined ? [] : [declared];
  return [...new Map(found.map((one) => [versionText(one), one])).values()].toSorted(compareVersions);
};
