import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { drift, DRIFT_MESSAGES } from '../links/drift.ts';
import { toResult } from '../links/link.ts';
import { AWS_NODE } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/configuration-drift',
  title: 'Add-on configuration, ConfigMap, DaemonSet and running pods agree on NetworkPolicy',
  severity: 'medium',
  resource: 'daemonset',
  rationale:
    'NetworkPolicy has two switches, and the add-on is to set both. When they disagree, policies are silently not enforced, or enforcement ends at the next add-on update or pod restart.',
  remediation: {
    text: 'Set the wanted state once, in the add-on configuration (or the Helm values), and let it overwrite hand-made edits; then roll the pods that still run the old revision. The values given replace the whole configuration of the add-on: keep the keys that describe-addon shows.',
    command:
      'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts OVERWRITE --configuration-values \'{"enableNetworkPolicy":"true"}\'',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Configure your cluster for Kubernetes network policies',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: {
    'eks.vpc-cni-addon': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.aws-node': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.aws-node-pods': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.amazon-vpc-cni': { maxAgeSeconds: HOUR_SECONDS },
  },
  uses: [],
  messages: { ...DRIFT_MESSAGES, 'no-aws-node': 'There is no DaemonSet aws-node to compare with' },
  evaluate: (facts) => {
    const daemonSet = facts['kubernetes.aws-node'];
    return daemonSet.state === 'absent'
      ? [{ resource: AWS_NODE, status: 'not-applicable', message: 'no-aws-node' }]
      : [
          toResult(
            AWS_NODE,
            drift(
              daemonSet,
              facts['kubernetes.aws-node-pods'],
              facts['kubernetes.amazon-vpc-cni'],
              facts['eks.vpc-cni-addon'],
            ),
          ),
        ];
  },
});
