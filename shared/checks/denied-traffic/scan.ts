import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { judgeSignals, SIGNAL_MESSAGES } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/scan',
  title: 'Nobody tries many destinations or ports in vain',
  severity: 'high',
  resource: 'flow',
  rationale:
    'One source that is denied at many destinations, or on many ports, is looking for what it can reach. Policies hold it back for now; whoever moves from pod to pod behaves like this.',
  remediation: {
    text: 'Find out what runs at the source: which image, since when, started by whom. Isolate it if nobody can tell. If it is a scanner or a scraper of your own, accept the finding with a reason.',
    command: 'netpol-warden verdicts --snapshot <snapshot> --log-group /aws/eks/<cluster>/cluster --since 1h',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
  },
  references: [
    {
      standard: 'eks-best-practices',
      control: 'Network policy: restrict traffic between pods, east/west',
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
    none: 'Nobody is denied at many destinations or ports: {flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic }, cluster) =>
    judgeSignals(traffic, { kind: 'scan', resource: 'flow' }, cluster),
});
