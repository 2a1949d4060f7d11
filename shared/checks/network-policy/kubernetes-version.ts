import { defineCheck, DAY_SECONDS } from '../../model/check.ts';
import { kubernetesVersion, KUBERNETES_VERSION_MESSAGES } from '../links/kubernetes-version.ts';
import { toResult } from '../links/link.ts';
import { clusterResource } from '../links/resources.ts';

export default defineCheck({
  id: 'network-policy/kubernetes-version',
  title: 'Cluster and platform version support NetworkPolicy enforcement by the VPC CNI',
  severity: 'high',
  resource: 'cluster',
  rationale:
    'Below Kubernetes 1.25 and the first platform versions that carry the network policy controller, policies are accepted by the API and enforced by nothing.',
  remediation: {
    text: 'Upgrade the control plane to a supported minor version. Platform versions within a minor are rolled out by AWS.',
    command: 'aws eks update-cluster-version --name <cluster> --kubernetes-version <next minor>',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Limit Pod traffic with Kubernetes network policies: considerations',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'eks.cluster': { maxAgeSeconds: DAY_SECONDS } },
  uses: [],
  messages: { ...KUBERNETES_VERSION_MESSAGES, 'no-cluster': 'EKS knows no such cluster' },
  evaluate: ({ 'eks.cluster': eks }, cluster) =>
    eks.state === 'absent'
      ? [{ resource: clusterResource(cluster), status: 'not-applicable', message: 'no-cluster' }]
      : [toResult(clusterResource(cluster), kubernetesVersion(eks))],
});
