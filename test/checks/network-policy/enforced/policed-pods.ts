import type { Case } from '../../../support/check-tester.ts';
import { pod } from '../../../support/cluster.ts';
import { cluster, endpoint, name, policy, selector } from './cluster.ts';

/** Which pods PolicyEndpoints must list: none of these is missing. */
export const LISTED: readonly [Case, ...Case[]] = [
  {
    name: 'no policy at all: nothing is denied, and everything would enforce one',
    facts: cluster({ 'kubernetes.network-policies': [], 'kubernetes.policy-endpoints': [] }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'a policy younger than two minutes is not held against the controller',
    facts: cluster({
      'kubernetes.network-policies': [policy({ createdAt: '2026-11-20T08:58:00Z' })],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'a pod of exactly two minutes is not yet held against the controller',
    facts: cluster({
      'kubernetes.pods': [pod({ createdAt: '2026-11-20T08:58:00Z' })],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'a hostNetwork pod is not policed',
    facts: cluster({
      'kubernetes.pods': [pod({ hostNetwork: true, podIPs: ['10.0.1.5'] })],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'pods that have ended, or have no address yet, are not policed',
    facts: cluster({
      'kubernetes.pods': [
        pod({ name: 'job-1', phase: 'Succeeded' }),
        pod({ name: 'job-2', phase: 'Failed' }),
        pod({ name: 'job-3', phase: 'Pending', podIPs: [] }),
      ],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'pods of other nodes, without a node, of other namespaces or with other labels do not count here',
    facts: cluster({
      'kubernetes.network-policies': [policy({ podSelector: selector({ matchLabels: { app: 'payments' } }) })],
      'kubernetes.pods': [
        pod({ nodeName: 'ip-10-0-2-6.us-west-2.compute.internal' }),
        // No node name: it is not scheduled.
        {
          namespace: 'payments',
          name: 'payments-6c9d-zzzzz',
          uid: 'b9',
          createdAt: '2026-11-10T00:00:00Z',
          phase: 'Pending',
          hostNetwork: false,
          podIPs: [],
          labels: { app: 'payments' },
          ports: [],
          branchEni: 'none',
        },
        pod({ namespace: 'billing' }),
        pod({ name: 'ledger-0', labels: { app: 'ledger' } }),
      ],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'one policy is cut into several PolicyEndpoints: the pod stands in the second',
    facts: cluster({
      'kubernetes.policy-endpoints': [
        endpoint({ name: 'default-deny-aaaaa', pods: [] }),
        endpoint({ name: 'default-deny-bbbbb' }),
      ],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'two policies in one namespace, and each lists the pod',
    facts: cluster({
      'kubernetes.network-policies': [policy(), policy({ name: 'allow-dns', uid: 'c2' })],
      'kubernetes.policy-endpoints': [
        endpoint(),
        endpoint({ name: 'allow-dns-p4m2x', policy: { namespace: 'payments', name: 'allow-dns' } }),
      ],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
  {
    name: 'a selector on constructor or __proto__ matches no pod that lacks the label',
    facts: cluster({
      'kubernetes.network-policies': [
        policy({
          podSelector: selector({ matchExpressions: [{ key: 'constructor', operator: 'Exists', values: [] }] }),
        }),
        policy({ name: 'proto', podSelector: selector({ matchLabels: { ['__proto__']: 'payments' } }) }),
      ],
      'kubernetes.policy-endpoints': [],
    }),
    expected: [{ resource: name, message: 'enforced' }],
  },
];
