import { defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { evidence, unreadable } from '../links/evidence.ts';
import { clusterResource } from '../links/resources.ts';

export default defineCheck({
  id: 'fleet/kubernetes-access',
  title: 'The Kubernetes API answers every list that the audit needs',
  severity: 'medium',
  resource: 'cluster',
  rationale:
    'What the API refuses to us is not known: every check that needs it is not evaluated, and a cluster that nobody can look into is a gap in the compliance record.',
  remediation: {
    text: 'Give the audit role an access entry mapped to the group of the read-only ClusterRole, and a network path to the API endpoint.',
    command:
      'aws eks create-access-entry --cluster-name <cluster> --principal-arn <audit role> --kubernetes-groups netpol-warden-readers',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Grant IAM users access to Kubernetes with EKS access entries',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.access': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [],
  messages: {
    'access-complete': 'Kubernetes {version} answered all {lists} lists',
    'access-refused': 'Kubernetes {version} answered {lists} lists and refused {refused}: {names}',
    'no-api': 'The cluster has no Kubernetes API',
    'access-partial': 'Kubernetes {version} answered {lists} lists; {failed} ended in errors: {names}',
    'nothing-asked': 'Kubernetes {version} answers, but no list was asked for',
  },
  evaluate: ({ 'kubernetes.access': access }, cluster) => {
    const resource = clusterResource(cluster);
    if (access.state === 'absent') return [{ resource, status: 'not-applicable', message: 'no-api' }];
    const { serverVersion, answered, refused, failed } = access.value;
    const version = evidence('kubernetes.access', access, 'serverVersion', serverVersion);
    const gaps = failed.map(({ resource: name, reason, detail }) => ({
      ...unreadable('kubernetes.access', access, `${name}: ${detail}`),
      reason,
    }));
    const [first, ...rest] = gaps;
    if (refused.length === 0 && first !== undefined) {
      const names = failed
        .map(({ resource: name }) => name)
        .toSorted()
        .join(', ');
      const values = { version: serverVersion, lists: answered.length, failed: failed.length, names };
      return [
        {
          resource,
          status: 'not-evaluated',
          message: 'access-partial',
          values,
          missing: [first, ...rest],
          evidence: [version],
        },
      ];
    }
    if (refused.length === 0 && answered.length === 0) {
      const gap = unreadable('kubernetes.access', access, 'answered: expected at least one list, found none');
      const values = { version: serverVersion };
      return [
        { resource, status: 'not-evaluated', message: 'nothing-asked', values, missing: [gap], evidence: [version] },
      ];
    }
    if (refused.length === 0) {
      const values = { version: serverVersion, lists: answered.length };
      return [{ resource, status: 'pass', message: 'access-complete', values, evidence: [version] }];
    }
    const names = refused.map(({ resource: name }) => name).toSorted();
    const values = { version: serverVersion, lists: answered.length, refused: refused.length, names: names.join(', ') };
    const details = refused.map(({ resource: name, detail }) =>
      evidence('kubernetes.access', access, `refused[resource=${name}]`, detail),
    );
    return [{ resource, status: 'fail', message: 'access-refused', values, evidence: [version, ...details] }];
  },
});
