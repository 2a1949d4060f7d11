import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/spike',
  title: 'No pair is denied far more often than at the same time on the days before',
  severity: 'medium',
  resource: 'flow',
  rationale:
    'A pair that was always denied a little and suddenly is denied much more is a client that retries in vain, a workload that was scaled up, or somebody who tries hard. The usual noise hides it.',
  remediation: {
    text: 'Look at what changed at the source: a rollout, a scale-up, a new target. If the flow is wanted, allow it with the suggested policy; if the source should not try, stop it there.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
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
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No pair is denied far more often than usual: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'spike', resource: 'flow' }, cluster),
});
