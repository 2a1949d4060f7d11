import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/credentials',
  title: 'No workload is denied the EKS Pod Identity agent',
  severity: 'high',
  resource: 'workload',
  rationale:
    'A pod with an EKS Pod Identity association gets its AWS credentials from the agent on its node. Without them its calls to AWS fail as soon as the ones that it holds expire.',
  remediation: {
    text: 'Allow egress from the workload to the agent: 169.254.170.23/32 on TCP port 80, and fd00:ec2::23/128 in an IPv6 cluster. The explanation has the manifest.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Set up the Amazon EKS Pod Identity Agent: considerations',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No workload is denied the EKS Pod Identity agent: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'credentials', resource: 'workload' }, cluster),
});
