import { DAY_SECONDS, defineCheck, HOUR_SECONDS } from '../../model/check.ts';
import { CALICO_MESSAGES, calicoTraces } from '../links/calico.ts';
import { evidence } from '../links/evidence.ts';
import { clusterResource } from '../links/resources.ts';

export default defineCheck({
  id: 'calico-migration/calico-resources',
  title: 'No Calico workload, API, ConfigMap or node trace is left in the cluster',
  severity: 'medium',
  resource: 'cluster',
  rationale:
    'Left-over Calico keeps finalizers that block deletions, an API service that slows every discovery, and on nodes that ran it iptables chains that still drop packets after the uninstall.',
  remediation: {
    text: 'Remove the operator and its Installation first, then the API service, CRDs and ConfigMap; replace or reboot every node that existed while Calico ran, since its iptables chains stay.',
    command: 'kubectl get apiservices,crds,daemonsets,deployments,configmaps -A | grep -Ei "calico|tigera"',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/calico.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Limit Pod traffic with Kubernetes network policies: remove other network policy solutions',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-08-22',
    },
    {
      standard: 'vpc-cni',
      control: 'iptables rules of Calico stay after its removal',
      url: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/589',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: {
    'kubernetes.network-workloads': { maxAgeSeconds: HOUR_SECONDS },
    'kubernetes.crds': { maxAgeSeconds: DAY_SECONDS },
    'kubernetes.api-services': { maxAgeSeconds: DAY_SECONDS },
    'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS },
  },
  uses: [],
  messages: CALICO_MESSAGES,
  evaluate: (facts, cluster) => {
    const resource = clusterResource(cluster);
    const traces = calicoTraces(facts);
    const [first, ...rest] = traces;
    if (first === undefined) {
      const workloads = evidence(
        'kubernetes.network-workloads',
        facts['kubernetes.network-workloads'],
        '',
        'no Calico workload',
      );
      const crds = evidence('kubernetes.crds', facts['kubernetes.crds'], '', 'no CRD of Calico or Tigera');
      const services = evidence(
        'kubernetes.api-services',
        facts['kubernetes.api-services'],
        '',
        'no API service of Calico or Tigera',
      );
      const nodes = evidence('kubernetes.nodes', facts['kubernetes.nodes'], '', 'no annotation or condition of Calico');
      return [{ resource, status: 'pass', message: 'no-calico', evidence: [workloads, crds, services, nodes] }];
    }
    const running = traces.some(({ kind }) => kind === 'running');
    const values = {
      count: traces.length,
      examples: traces
        .slice(0, 4)
        .map(({ name }) => name)
        .join(', '),
    };
    return [
      {
        resource,
        status: 'fail',
        message: running ? 'calico-running' : 'calico-left-over',
        values,
        evidence: [first.evidence, ...rest.map((trace) => trace.evidence)],
      },
    ];
  },
});
