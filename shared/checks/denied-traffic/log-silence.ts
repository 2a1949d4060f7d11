import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { items } from '../links/evidence.ts';
import { nodeResource } from '../links/resources.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/log-silence',
  title: 'Every node with isolated pods sends verdicts while others do',
  severity: 'informational',
  resource: 'node',
  rationale:
    'What a node denies is only known from its log. A node that is silent while others report may have a quiet hour or a broken agent or log path: that nothing is denied there is not known.',
  remediation: {
    text: 'Look at the container aws-eks-nodeagent of that node: whether it runs, whether its log grows, and whether it may write to CloudWatch Logs. Where Fluent Bit or another shipper carries the log, look at its pod on the node.',
    command: 'kubectl -n kube-system logs <aws-node pod of the node> -c aws-eks-nodeagent --tail 50',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Troubleshooting Kubernetes network policies: network policy logs',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: {
    'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS },
  },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No node fell silent: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic, 'kubernetes.nodes': nodes }, cluster) => {
    // The log knows names only; a replaced node with the same name is another resource.
    const byName = new Map(items(nodes).map((node) => [node.name, nodeResource(node)]));
    return judgeSignals(traffic, { kind: 'log-silence', resource: 'node' }, cluster, ({ subject }) =>
      byName.get(subject.id),
    );
  },
});
