import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/new-pair',
  title: 'Nothing is denied that was not denied before',
  severity: 'medium',
  resource: 'flow',
  rationale:
    'A flow that is denied for the first time is either an outage that begins or somebody who tries what the policies were made against. Both are cheapest to handle in the first minutes.',
  remediation: {
    text: 'Decide whether the flow is wanted. If it is, apply the smallest policy change that the explanation suggests, after simulating it; if not, find out why the source tries, and accept the finding with a reason.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
  },
  references: [
    {
      standard: 'eks-best-practices',
      control: 'Incrementally add rules to selectively allow the flow of traffic',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
      readOn: '2026-11-21',
    },
    {
      standard: 'eks-user-guide',
      control: 'Troubleshooting Kubernetes network policies: network policy logs',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No pair is newly denied: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'new-pair', resource: 'flow' }, cluster),
});
