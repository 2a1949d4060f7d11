import type { Looked } from '../../model/fact.ts';
import type { Node } from '../../model/facts-kubernetes.ts';
import { evidence, unreadable } from './evidence.ts';
import type { Link } from './link.ts';
import { atLeast, parseVersion, version } from './version.ts';

export const KERNEL_VERSION_MESSAGES = {
  'kernel-supported': 'Kernel {kernel} has the eBPF features that the agent needs',
  'kernel-too-old': 'Kernel {kernel} is older than 5.10: the agent cannot load its eBPF programs',
  'kernel-unreadable': 'The kernel version {kernel} cannot be understood',
} as const;

/** The agent's events use the BPF ring buffer, 5.10 by AWS's statement: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html */
const FIRST = version(5, 10);

export const kernelVersion = (
  node: Node,
  nodes: Looked<readonly Node[]>,
): Link<keyof typeof KERNEL_VERSION_MESSAGES> => {
  const kernel = node.kernelVersion;
  const found = parseVersion(kernel);
  if (found === undefined) {
    const detail = `[name=${node.name}].kernelVersion: expected <major>.<minor>…, found ${kernel}`;
    return {
      state: 'unknown',
      message: 'kernel-unreadable',
      values: { kernel },
      missing: [unreadable('kubernetes.nodes', nodes, detail)],
    };
  }
  const seen = evidence('kubernetes.nodes', nodes, `[name=${node.name}].kernelVersion`, kernel);
  return atLeast(found, FIRST)
    ? { state: 'holds', message: 'kernel-supported', values: { kernel }, evidence: [seen] }
    : { state: 'broken', message: 'kernel-too-old', values: { kernel }, evidence: [seen] };
};
