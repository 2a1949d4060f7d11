import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { CNI_CONTAINER, containerOf } from '../links/aws-node.ts';
import { cniVersion, CNI_VERSION_MESSAGES } from '../links/cni-version.ts';
import { toResult } from '../links/link.ts';
import { AWS_NODE } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/cni-version',
  title: 'The VPC CNI that runs is 1.14.0 or later (as an EKS add-on v1.14.0-eksbuild.3)',
  severity: 'high',
  resource: 'daemonset',
  rationale: 'Older releases have no network policy agent: every NetworkPolicy is accepted and none is enforced.',
  remediation: {
    text: 'Update the vpc-cni add-on one minor version at a time, keeping its configuration, or upgrade the Helm release or manifest it came from.',
    command:
      'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --addon-version <version> --resolve-conflicts PRESERVE',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/vpc-add-on-update.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Limit Pod traffic with Kubernetes network policies: minimum version',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.aws-node': { maxAgeSeconds: HOUR_SECONDS } },
  uses: ['eks.vpc-cni-addon'],
  messages: {
    ...CNI_VERSION_MESSAGES,
    'no-aws-node': 'There is no DaemonSet aws-node: the VPC CNI does not run here as a DaemonSet',
  },
  evaluate: ({ 'kubernetes.aws-node': daemonSet, 'eks.vpc-cni-addon': addon }) => {
    if (daemonSet.state === 'absent') return [{ resource: AWS_NODE, status: 'not-applicable', message: 'no-aws-node' }];
    const holder = {
      key: 'kubernetes.aws-node',
      fact: daemonSet,
      path: `containers[name=${CNI_CONTAINER}]`,
    } as const;
    return [toResult(AWS_NODE, cniVersion(containerOf(daemonSet.value, CNI_CONTAINER), addon, holder))];
  },
});
