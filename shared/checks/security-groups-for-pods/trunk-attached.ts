import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { CNI_CONTAINER, containerOf, networkingOf } from '../links/aws-node.ts';
import { runningCni } from '../links/cni-version.ts';
import { items, unreadable } from '../links/evidence.ts';
import { toResult } from '../links/link.ts';
import { nodeResource } from '../links/resources.ts';
import { podEniSwitch, podEniUnresolved, trunkAttached, TRUNK_MESSAGES } from '../links/trunk.ts';

export default defineCheck({
  id: 'security-groups-for-pods/trunk-attached',
  title: 'Every node has its trunk interface where ENABLE_POD_ENI is true',
  severity: 'high',
  resource: 'node',
  rationale:
    'Without a trunk interface a node can give no pod a branch interface: pods that a SecurityGroupPolicy selects stay pending there, or run with the security groups of the node.',
  remediation: {
    text: 'Use an instance type that supports trunking (no t-family). Replace a node that was already full of interfaces when ENABLE_POD_ENI was turned on: it never gets a trunk.',
    command: 'kubectl describe cninode <node>; kubectl drain <node> --ignore-daemonsets --delete-emptydir-data',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Configure the VPC CNI for security groups for Pods',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html',
      readOn: '2026-08-22',
    },
    {
      standard: 'vpc-cni',
      control: 'CNINode replaces the node label (v1.15.0)',
      url: 'https://github.com/aws/amazon-vpc-cni-k8s/pull/2503',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: {
    'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.aws-node': { maxAgeSeconds: HOUR_SECONDS },
  },
  uses: ['kubernetes.cninodes', 'eks.vpc-cni-addon'],
  messages: {
    ...TRUNK_MESSAGES,
    'not-used': 'ENABLE_POD_ENI is {written}: no trunk interface is wanted',
    'no-daemonset-here': 'This node is of kind {kind}: security groups for pods work in another way there',
    'no-aws-node': 'There is no DaemonSet aws-node',
    'pod-eni-unresolved': 'ENABLE_POD_ENI is set from elsewhere, and its value was not read',
    'version-unreadable':
      'The VPC CNI version cannot be told, so it is unknown whether the label or the CNINode counts',
  },
  evaluate: (facts) => {
    const { 'kubernetes.nodes': nodes, 'kubernetes.aws-node': daemonSet } = facts;
    return items(nodes).map((node) => {
      const resource = nodeResource(node);
      const kind = networkingOf(node);
      if (daemonSet.state === 'absent') return { resource, status: 'not-applicable', message: 'no-aws-node' };
      if (kind !== 'vpc-cni') {
        return { resource, status: 'not-applicable', message: 'no-daemonset-here', values: { kind } };
      }
      const container = containerOf(daemonSet.value, CNI_CONTAINER);
      const { is, written } = podEniSwitch(container);
      if (is === 'unknown') {
        const missing = [podEniUnresolved(daemonSet)] as const;
        return { resource, status: 'not-evaluated', message: 'pod-eni-unresolved', missing };
      }
      if (is === 'off') return { resource, status: 'not-applicable', message: 'not-used', values: { written } };
      const running = runningCni(container, facts['eks.vpc-cni-addon']);
      if (running === undefined) {
        const gap = unreadable(
          'kubernetes.aws-node',
          daemonSet,
          `containers[name=${CNI_CONTAINER}].image: no version in the tag`,
        );
        return { resource, status: 'not-evaluated', message: 'version-unreadable', missing: [gap] };
      }
      return toResult(resource, trunkAttached(node, nodes, running.version, facts['kubernetes.cninodes']));
    });
  },
});
