import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { evidence, isUnobserved, items, missing } from '../links/evidence.ts';
import { clusterResource } from '../links/resources.ts';
import { readingEvidence, readingValues, SIGNAL_MESSAGES, signalEvidence, unread } from '../links/traffic-signals.ts';

export default defineCheck({
  id: 'denied-traffic/log-path',
  title: 'Verdicts of the network policy agent are read wherever policies exist',
  severity: 'low',
  resource: 'cluster',
  rationale:
    'A cluster that enforces policies and logs no verdicts denies traffic that nobody sees. That nothing is denied can only be said of a log that was read.',
  remediation: {
    text: 'Switch the event logs of the network policy agent on and send them to CloudWatch Logs, or ship the file with a log agent. The role of the VPC CNI needs permission to write logs. The values given replace the whole configuration of the add-on: keep the keys that describe-addon shows.',
    command:
      'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"enableNetworkPolicy":"true","nodeAgent":{"enablePolicyEventLogs":"true","enableCloudWatchLogs":"true"}}\'',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Troubleshooting Kubernetes network policies: send network policy logs to Amazon CloudWatch Logs',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
      readOn: '2026-11-21',
    },
    {
      standard: 'eks-best-practices',
      control: 'Troubleshooting: monitor the vpc-network-policy-controller, node-agent logs',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'experimental',
  needs: { 'verdicts.denied-traffic': { maxAgeSeconds: HOUR_SECONDS } },
  uses: ['kubernetes.network-policies'],
  messages: {
    active: SIGNAL_MESSAGES.active,
    'nothing-read': SIGNAL_MESSAGES['nothing-read'],
    read: '{flows} verdicts were read, {denied} of them denials; reporting nodes: {nodes}; unreadable lines: {unreadable}',
    unseen: 'There are NetworkPolicies, and the verdicts of the network policy agent reach no log',
    'nothing-to-log': 'There is no verdict log, and no NetworkPolicy that could deny anything',
    'policies-unknown': 'There is no verdict log, and whether there are NetworkPolicies is not known',
  },
  evaluate: ({ 'verdicts.denied-traffic': traffic, 'kubernetes.network-policies': policies }, cluster) => {
    const resource = clusterResource(cluster);
    if (traffic.state === 'observed') {
      const { signals, counts } = traffic.value;
      const silence = signals.find(
        ({ kind, subject, status }) => kind === 'log-silence' && subject.type === 'cluster' && status === 'active',
      );
      if (silence !== undefined) {
        const proof = signalEvidence(traffic, silence);
        return [{ resource, status: 'fail', message: 'active', values: silence.values, evidence: proof }];
      }
      if (counts.flows === 0) {
        const values = { lines: counts.lines };
        return [{ resource, status: 'not-evaluated', message: 'nothing-read', values, missing: [unread(traffic)] }];
      }
      const values = readingValues(traffic.value);
      return [{ resource, status: 'pass', message: 'read', values, evidence: readingEvidence(traffic) }];
    }
    const noLog = evidence('verdicts.denied-traffic', traffic, '', 'absent');
    if (isUnobserved(policies)) {
      const gap = missing('kubernetes.network-policies', policies);
      return [{ resource, status: 'not-evaluated', message: 'policies-unknown', missing: [gap], evidence: [noLog] }];
    }
    const [policy] = items(policies)
      .map(({ namespace, name }) => `${namespace}/${name}`)
      .toSorted();
    if (policy === undefined) {
      return [{ resource, status: 'not-applicable', message: 'nothing-to-log', evidence: [noLog] }];
    }
    const example = evidence('kubernetes.network-policies', policies, '[namespace/name]', policy);
    return [{ resource, status: 'fail', message: 'unseen', evidence: [noLog, example] }];
  },
});
