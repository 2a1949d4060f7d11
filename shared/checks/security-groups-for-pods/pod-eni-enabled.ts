import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { CNI_CONTAINER, containerOf } from '../links/aws-node.ts';
import { evidence, items } from '../links/evidence.ts';
import { AWS_NODE } from '../links/resources.ts';
import { podEniSwitch, podEniUnresolved } from '../links/trunk.ts';

export default defineCheck({
  id: 'security-groups-for-pods/pod-eni-enabled',
  title: 'ENABLE_POD_ENI is true wherever SecurityGroupPolicies exist',
  severity: 'high',
  resource: 'daemonset',
  rationale:
    'A SecurityGroupPolicy takes effect only where the VPC CNI gives pods branch interfaces. With the switch off the pods keep the security groups of their node, and nothing reports it.',
  remediation: {
    text: 'Set ENABLE_POD_ENI to true in the add-on configuration, let aws-node roll, then recreate the pods that the SecurityGroupPolicies select. The values given replace the whole configuration of the add-on: keep the keys that describe-addon shows.',
    command:
      'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"env":{"ENABLE_POD_ENI":"true"}}\'',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Assign security groups to individual Pods',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: {
    'kubernetes.aws-node': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.security-group-policies': { maxAgeSeconds: HOUR_SECONDS },
  },
  uses: [],
  messages: {
    'pod-eni-on': 'ENABLE_POD_ENI is {written}; {policies} SecurityGroupPolicies',
    'pod-eni-off': 'ENABLE_POD_ENI is {written}, but {policies} SecurityGroupPolicies exist: none takes effect',
    'not-used':
      'Security groups for pods are not in use: ENABLE_POD_ENI is {written} and there is no SecurityGroupPolicy',
    'pod-eni-unresolved': 'ENABLE_POD_ENI is set from elsewhere, and its value was not read',
    'no-aws-node': 'There is no DaemonSet aws-node; EKS Auto Mode does not support SecurityGroupPolicy',
  },
  evaluate: ({ 'kubernetes.aws-node': daemonSet, 'kubernetes.security-group-policies': policies }) => {
    if (daemonSet.state === 'absent') return [{ resource: AWS_NODE, status: 'not-applicable', message: 'no-aws-node' }];
    const { is, written } = podEniSwitch(containerOf(daemonSet.value, CNI_CONTAINER));
    if (is === 'unknown') {
      const missing = [podEniUnresolved(daemonSet)] as const;
      return [{ resource: AWS_NODE, status: 'not-evaluated', message: 'pod-eni-unresolved', missing }];
    }
    const count = items(policies).length;
    const values = { written, policies: count };
    const seen = evidence(
      'kubernetes.aws-node',
      daemonSet,
      `containers[name=${CNI_CONTAINER}].env.ENABLE_POD_ENI`,
      written,
    );
    const listed = evidence('kubernetes.security-group-policies', policies, '', `${count} SecurityGroupPolicies`);
    if (is === 'on')
      return [{ resource: AWS_NODE, status: 'pass', message: 'pod-eni-on', values, evidence: [seen, listed] }];
    return count > 0
      ? [{ resource: AWS_NODE, status: 'fail', message: 'pod-eni-off', values, evidence: [seen, listed] }]
      : [{ resource: AWS_NODE, status: 'not-applicable', message: 'not-used', values, evidence: [seen, listed] }];
  },
});
