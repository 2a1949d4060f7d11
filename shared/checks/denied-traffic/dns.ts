import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/dns',
  title: 'No workload is denied DNS',
  severity: 'high',
  resource: 'workload',
  rationale:
    'A pod that may not ask its resolver finds nothing by name: every connection fails, and the errors point anywhere but at a policy. It is what a default-deny egress policy cuts first.',
  remediation: {
    text: 'Allow egress to the cluster DNS pods, and to NodeLocal DNSCache where it is in use, on port 53 over UDP and over TCP: long answers come over TCP. The explanation has the manifest.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
  },
  references: [
    {
      standard: 'eks-best-practices',
      control: 'Create a rule to allow DNS queries',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No workload is denied DNS: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'dns', resource: 'workload' }, cluster),
});
