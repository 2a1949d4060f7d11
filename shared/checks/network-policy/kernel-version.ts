import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { networkingOf, UNSUPPORTED_NETWORKING } from '../links/aws-node.ts';
import { items } from '../links/evidence.ts';
import { kernelVersion, KERNEL_VERSION_MESSAGES } from '../links/kernel-version.ts';
import { toResult } from '../links/link.ts';
import { nodeResource } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/kernel-version',
  title: 'Every node runs Linux kernel 5.10 or later',
  severity: 'high',
  resource: 'node',
  rationale:
    'The network policy agent needs eBPF features of kernel 5.10. On older kernels it starts, logs an error and enforces nothing.',
  remediation: {
    text: 'Replace the node with one from a current AMI: AL2023, Bottlerocket, or the AL2 AMI of Kubernetes 1.24 and later.',
    command: 'aws eks update-nodegroup-version --cluster-name <cluster> --nodegroup-name <node group>',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Limit Pod traffic with Kubernetes network policies: minimum kernel',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: { ...KERNEL_VERSION_MESSAGES, unsupported: 'The VPC CNI does not enforce NetworkPolicy on {kind}' },
  evaluate: ({ 'kubernetes.nodes': nodes }) =>
    items(nodes).map((node) => {
      const kind = UNSUPPORTED_NETWORKING[networkingOf(node)];
      return kind === undefined
        ? toResult(nodeResource(node), kernelVersion(node, nodes))
        : { resource: nodeResource(node), status: 'not-applicable', message: 'unsupported', values: { kind } };
    }),
});
