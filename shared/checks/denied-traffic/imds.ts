import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/imds',
  title: 'No workload is denied the instance metadata service',
  severity: 'medium',
  resource: 'workload',
  rationale:
    'A pod that asks the instance metadata service wants the credentials of the node. Denied, either it lives on them and fails, or it should not have asked: that is the way to steal them.',
  remediation: {
    text: 'Give the workload an identity of its own (EKS Pod Identity or IAM roles for service accounts): then it does not need the service. Allow egress to it only for workloads that must use the role of the instance.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Kubernetes network policies: considerations for pods that connect to the EC2 IMDS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    ...SIGNAL_MESSAGES,
    none: 'No workload is denied the instance metadata service: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'imds', resource: 'workload' }, cluster),
});
