import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/after-change',
  title: 'No traffic is newly denied within half an hour of a policy or add-on change',
  severity: 'high',
  resource: 'flow',
  rationale:
    'Traffic that is first denied right after a policy or add-on changed was most likely cut by that change. The finding names the change, so that it can be put right or taken back before more depends on it.',
  remediation: {
    text: 'Compare the denied flow with the named change. Take the change back, or add the missing rule that the explanation suggests. Simulate the next change on a snapshot before it is applied.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
  },
  references: [
    {
      standard: 'eks-best-practices',
      control: 'Monitoring network policy enforcement: track changes to your network policies over time',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No pair is newly denied after a change: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'after-change', resource: 'flow' }, cluster),
});
