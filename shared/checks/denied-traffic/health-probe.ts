import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/health-probe',
  title: 'No pod is kept from its own node, which sends the probes',
  severity: 'high',
  resource: 'workload',
  rationale:
    'A policy cannot keep a pod from its own node, so a denial between them is a fault of the agent. The probes of the kubelet fail, and healthy pods are restarted or get no traffic.',
  remediation: {
    text: 'No policy mends this. Compare the version of the network policy agent with its release notes, restart the aws-node pod of the node, and replace the node if the denials go on.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
  },
  references: [
    {
      standard: 'eks-best-practices',
      control: 'Network policy: connections from the node of the pod are allowed',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No pod is kept from its own node: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'health-probe', resource: 'workload' }, cluster),
});
