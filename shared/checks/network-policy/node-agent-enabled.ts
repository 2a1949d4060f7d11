import { DAY_SECONDS, defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { agentEnabled, AGENT_ENABLED_MESSAGES } from '../links/agent.ts';
import { networkingOf } from '../links/aws-node.ts';
import { items } from '../links/evidence.ts';
import { toResult } from '../links/link.ts';
import { nodeResource } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/node-agent-enabled',
  title: 'The network policy agent on every node runs with --enable-network-policy=true',
  severity: 'high',
  resource: 'node',
  rationale:
    'The agent container runs even where the feature is off. With the flag off, or left at its default, PolicyEndpoints are made and no node acts on them.',
  remediation: {
    text: 'Turn NetworkPolicy on in the vpc-cni add-on (or in the Helm values of a self-managed VPC CNI); it sets the agent flag and the ConfigMap together. Then let every aws-node pod roll. The values given replace the whole configuration of the add-on: keep the keys that describe-addon shows.',
    command:
      'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"enableNetworkPolicy":"true"}\'',
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
    'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.aws-node-pods': { maxAgeSeconds: HOUR_SECONDS },
    'eks.cluster': { maxAgeSeconds: DAY_SECONDS },
  },
  uses: [],
  messages: {
    ...AGENT_ENABLED_MESSAGES,
    'no-daemonset-here': 'This node is of kind {kind}: it runs no aws-node pod by design',
    'nothing-listed': 'The API has no aws-node pods or no such cluster',
  },
  evaluate: ({ 'kubernetes.nodes': nodes, 'kubernetes.aws-node-pods': pods, 'eks.cluster': eks }) =>
    items(nodes).map((node) => {
      const kind = networkingOf(node);
      if (kind !== 'vpc-cni') {
        return {
          resource: nodeResource(node),
          status: 'not-applicable',
          message: 'no-daemonset-here',
          values: { kind },
        };
      }
      return pods.state === 'absent' || eks.state === 'absent'
        ? { resource: nodeResource(node), status: 'not-applicable', message: 'nothing-listed' }
        : toResult(nodeResource(node), agentEnabled(node, pods, eks));
    }),
});
