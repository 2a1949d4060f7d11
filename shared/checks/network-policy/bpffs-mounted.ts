import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { networkingOf, UNSUPPORTED_NETWORKING } from '../links/aws-node.ts';
import { BOTTLEROCKET_BROKEN, bpffs, BPFFS_MESSAGES, REPLACE_BOTTLEROCKET } from '../links/bpffs.ts';
import { items } from '../links/evidence.ts';
import { toResult } from '../links/link.ts';
import { nodeResource } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/bpffs-mounted',
  title: 'Every node has bpffs mounted at /sys/fs/bpf',
  severity: 'high',
  resource: 'node',
  rationale:
    'The agent pins its programs and maps under /sys/fs/bpf. No release of the VPC CNI mounts it; without the mount nothing is enforced, or it is lost at the next restart.',
  remediation: {
    text: 'Move the node to AL2023, Bottlerocket or an AL2 AMI of v20230728 or later, or mount bpffs in user data and replace the node.',
    command: 'sudo mount -t bpf bpffs /sys/fs/bpf   # persist it with a systemd unit sys-fs-bpf.mount in user data',
    commands: Object.fromEntries(BOTTLEROCKET_BROKEN.map((message) => [message, REPLACE_BOTTLEROCKET])),
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Limit Pod traffic with Kubernetes network policies: mount the BPF file system',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-08-22',
    },
    {
      standard: 'eks-ami',
      control: 'mount-bpf-fs by AMI release',
      url: 'https://github.com/awslabs/amazon-eks-ami/pull/1349',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS } },
  uses: ['nodes.probes', 'eks.nodegroups', 'ec2.instances', 'ec2.images', 'ec2.launch-templates'],
  messages: { ...BPFFS_MESSAGES, unsupported: 'The VPC CNI does not enforce NetworkPolicy on {kind}' },
  evaluate: (facts) =>
    items(facts['kubernetes.nodes']).map((node) => {
      const kind = UNSUPPORTED_NETWORKING[networkingOf(node)];
      return kind === undefined
        ? toResult(nodeResource(node), bpffs(node, facts['kubernetes.nodes'], facts))
        : { resource: nodeResource(node), status: 'not-applicable', message: 'unsupported', values: { kind } };
    }),
});
