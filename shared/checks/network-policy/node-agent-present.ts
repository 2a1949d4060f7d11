import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { agentPresent, AGENT_PRESENT_MESSAGES } from '../links/agent.ts';
import { networkingOf } from '../links/aws-node.ts';
import { items } from '../links/evidence.ts';
import { toResult } from '../links/link.ts';
import { nodeResource } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/node-agent-present',
  title: 'Container aws-eks-nodeagent runs on every node that the VPC CNI serves',
  severity: 'high',
  resource: 'node',
  rationale:
    'The agent is the only thing that turns policies into packet filters. Where it is missing or crashing, the pods of the node are open, or from VPC CNI 1.19.4 cannot start at all.',
  remediation: {
    text: 'Look at why the agent is not ready; where the container is missing, update the VPC CNI or remove nodeAgent.enabled=false from its Helm values.',
    command: 'kubectl -n kube-system logs <aws-node pod> -c aws-eks-nodeagent --previous',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
  },
  references: [
    {
      standard: 'network-policy-agent',
      control: 'The agent runs as a container of the aws-node DaemonSet',
      url: 'https://github.com/aws/aws-network-policy-agent/blob/main/README.md',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: {
    'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.aws-node-pods': { maxAgeSeconds: HOUR_SECONDS },
  },
  uses: [],
  messages: {
    ...AGENT_PRESENT_MESSAGES,
    'no-daemonset-here': 'This node is of kind {kind}: it runs no aws-node pod by design',
    'no-pods-list': 'The API has no aws-node pods to list',
  },
  evaluate: ({ 'kubernetes.nodes': nodes, 'kubernetes.aws-node-pods': pods }) =>
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
      return pods.state === 'absent'
        ? { resource: nodeResource(node), status: 'not-applicable', message: 'no-pods-list' }
        : toResult(nodeResource(node), agentPresent(node, pods));
    }),
});
