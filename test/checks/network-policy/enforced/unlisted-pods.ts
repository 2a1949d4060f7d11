import type { Case } from '../../../support/check-tester.ts';
import { agentContainer, awsNodePod, pod } from '../../../support/cluster.ts';
import { badMode, cluster, endpoint, name, policy, unlisted } from './cluster.ts';

/** Link 11: a pod that a policy selects and no PolicyEndpoint lists. */
export const UNLISTED: readonly [Case, ...Case[]] = [
  {
    name: 'link 11, a policy selects a pod of two minutes and a second that no PolicyEndpoint lists, before link 12',
    facts: cluster({
      'kubernetes.pods': [pod({ createdAt: '2026-11-20T08:57:59Z' })],
      'kubernetes.policy-endpoints': [],
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [badMode, agentContainer()] })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-policyendpoints',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: PolicyEndpoints. Policy payments/default-deny selects pod payments/payments-6c9d-abcde on this node, but no PolicyEndpoint lists the pod (1 such pairs)',
        evidence: [unlisted],
      },
    ],
  },
  {
    name: 'link 11, a policy of two minutes and a second',
    facts: cluster({
      'kubernetes.network-policies': [policy({ createdAt: '2026-11-20T08:57:59Z' })],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'broken-policyendpoints', evidence: [unlisted] }],
  },
  {
    name: 'link 11, a PolicyEndpoint of the same policy name in another namespace does not count',
    facts: cluster({
      'kubernetes.policy-endpoints': [
        endpoint({ namespace: 'billing', policy: { namespace: 'billing', name: 'default-deny' } }),
      ],
    }),
    expected: [{ resource: name, message: 'broken-policyendpoints', evidence: [unlisted] }],
  },
  {
    name: 'link 11, one of two replicas is listed',
    facts: cluster({ 'kubernetes.pods': [pod(), pod({ name: 'payments-6c9d-zzzzz', uid: 'b2' })] }),
    expected: [
      {
        resource: name,
        message: 'broken-policyendpoints',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: PolicyEndpoints. Policy payments/default-deny selects pod payments/payments-6c9d-zzzzz on this node, but no PolicyEndpoint lists the pod (1 such pairs)',
      },
    ],
  },
];
