import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/false-denial',
  title: 'Nothing is denied that the policies allow',
  severity: 'medium',
  resource: 'flow',
  rationale:
    'A denial that the policies do not ask for breaks what should work and cannot be mended by reading them. It points to the agent, to stale endpoints, or to one of the ways in which the VPC CNI differs from Kubernetes.',
  remediation: {
    text: 'Follow the suspicion of the explanation: compare the PolicyEndpoints with the policies and pods, check the version of the agent, and look at the eBPF maps on the reporting node before you change a policy.',
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
    {
      standard: 'eks-user-guide',
      control: 'Kubernetes network policies: considerations',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'Nothing is denied that the policies allow: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'false-denial', resource: 'flow' }, cluster),
});
