import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { AGENT_CONTAINER, CNI_CONTAINER, containerOf } from '../links/aws-node.ts';
import { runningCni } from '../links/cni-version.ts';
import { enforcingMode, ENFORCING_MODE_MESSAGES } from '../links/enforcing-mode.ts';
import { toResult } from '../links/link.ts';
import { AWS_NODE } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/enforcing-mode',
  title: 'The network policy enforcing mode is standard or strict, and the agent it depends on is there',
  severity: 'medium',
  resource: 'daemonset',
  rationale:
    'ipamd refuses an unknown mode. From VPC CNI 1.19.4 a mode that is set makes every pod start depend on the agent, so a mode without an agent stops all pods.',
  remediation: {
    text: 'Set NETWORK_POLICY_ENFORCING_MODE to standard, or to strict once every pod has a policy, through the add-on configuration or the Helm values. The values given replace the whole configuration of the add-on: keep the keys that describe-addon shows.',
    command:
      'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"env":{"NETWORK_POLICY_ENFORCING_MODE":"standard"},"enableNetworkPolicy":"true"}\'',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  references: [
    {
      standard: 'vpc-cni',
      control: 'NETWORK_POLICY_ENFORCING_MODE (v1.17.1+)',
      url: 'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.aws-node': { maxAgeSeconds: HOUR_SECONDS } },
  uses: ['eks.vpc-cni-addon'],
  messages: { ...ENFORCING_MODE_MESSAGES, 'no-aws-node': 'There is no DaemonSet aws-node: the mode is set elsewhere' },
  evaluate: ({ 'kubernetes.aws-node': daemonSet, 'eks.vpc-cni-addon': addon }) => {
    if (daemonSet.state === 'absent') return [{ resource: AWS_NODE, status: 'not-applicable', message: 'no-aws-node' }];
    const cni = containerOf(daemonSet.value, CNI_CONTAINER);
    const agent = containerOf(daemonSet.value, AGENT_CONTAINER);
    const holder = { key: 'kubernetes.aws-node', fact: daemonSet, path: 'containers' } as const;
    return [toResult(AWS_NODE, enforcingMode({ cni, agent }, runningCni(cni, addon)?.version, holder))];
  },
});
