import type { AwsNodePod, Container, Node } from '../../model/facts-kubernetes.ts';
import { expandArgument, writtenFlag } from './argument.ts';

/** Which way pods get their network on a node; only `vpc-cni` nodes run an aws-node pod. */
export type Networking = 'vpc-cni' | 'auto-mode' | 'fargate' | 'hybrid' | 'windows';

/**
 * aws-node's own affinity leaves out compute types `fargate`, `hybrid` and `auto`, and Windows has no DaemonSet:
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/config/master/aws-k8s-cni.yaml
 */
export const networkingOf = (node: Node): Networking => {
  if (node.operatingSystem === 'windows') return 'windows';
  switch (node.labels['eks.amazonaws.com/compute-type']) {
    case 'fargate':
      return 'fargate';
    case 'hybrid':
      return 'hybrid';
    case 'auto':
      return 'auto-mode';
    default:
      return 'vpc-cni';
  }
};

/** NetworkPolicy is not enforced by the VPC CNI on these at all: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html */
export const UNSUPPORTED_NETWORKING: Readonly<Partial<Record<Networking, string>>> = {
  fargate: 'Fargate',
  hybrid: 'a hybrid node',
  windows: 'Windows',
};

export const CNI_CONTAINER = 'aws-node';
export const AGENT_CONTAINER = 'aws-eks-nodeagent';

export const containerOf = (
  holder: { readonly containers: readonly Container[] },
  name: string,
): Container | undefined => holder.containers.find((container) => container.name === name);

/** The aws-node pod of a node. While one is being replaced there can be two: the younger one is what will run. */
export const awsNodePodOf = (node: Node, pods: readonly AwsNodePod[]): AwsNodePod | undefined =>
  pods
    .filter((pod) => pod.nodeName === node.name && pod.phase !== 'Succeeded' && pod.phase !== 'Failed')
    .toSorted((a, b) =>
      a.createdAt === b.createdAt ? (a.name < b.name ? -1 : 1) : a.createdAt < b.createdAt ? 1 : -1,
    )[0];

/** `unknown`: it takes its value from a variable that was not read. */
export interface BooleanFlag {
  readonly is: 'on' | 'off' | 'unknown';
  /** The argument that decides, as it is written. */
  readonly written: string;
}

/**
 * A boolean of Go's pflag in a container's arguments: `--x=true` or a bare `--x` (true); the last one wins. One dash is
 * for shorthands, of which the agent has none.
 * Absent means the program's default, which for every switch of the agent is false:
 * https://github.com/aws/aws-network-policy-agent/blob/main/pkg/config/controller_config.go
 */
export const booleanFlag = (container: Container, name: string): BooleanFlag => {
  let found: BooleanFlag = { is: 'off', written: `--${name} not set (default false)` };
  for (const written of container.args) {
    const argument = expandArgument(written, container);
    if (argument === undefined) {
      const flag = writtenFlag(written);
      // Where a variable is part of the name, this may be the flag as well as any other.
      if (flag !== undefined && (flag.name === undefined || flag.name === name)) found = { is: 'unknown', written };
      continue;
    }
    const match = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(argument);
    if (match === null || match[1] !== name) continue;
    const value = match[2];
    found = { is: value === undefined || GO_TRUE.has(value) ? 'on' : 'off', written };
  }
  return found;
};

/** What Go's strconv.ParseBool takes for true: https://pkg.go.dev/strconv#ParseBool */
export const GO_TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
