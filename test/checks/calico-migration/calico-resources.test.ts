import check from '../../../shared/checks/calico-migration/calico-resources.ts';
import type { CustomResourceDefinition, NetworkWorkload } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts, node } from '../../support/cluster.ts';

const nodeName = 'ip-10-0-1-5.us-west-2.compute.internal';

const workload = (change: Partial<NetworkWorkload> = {}): NetworkWorkload => ({
  kind: 'DaemonSet',
  namespace: 'calico-system',
  name: 'calico-node',
  createdAt: '2025-02-01T00:00:00Z',
  images: ['docker.io/calico/node:v3.28.0'],
  ready: 3,
  ...change,
});

const crd = (change: Partial<CustomResourceDefinition> = {}): CustomResourceDefinition => ({
  name: 'installations.operator.tigera.io',
  group: 'operator.tigera.io',
  createdAt: '2025-02-01T00:00:00Z',
  servedVersions: ['v1'],
  finalizers: [],
  ...change,
});

const clean = {
  'kubernetes.network-workloads': [],
  'kubernetes.crds': [],
  'kubernetes.api-services': [],
  'kubernetes.nodes': [node()],
} as const;

checkTester(check, {
  pass: [
    {
      name: 'a cluster that never had Calico',
      facts: facts(clean),
      expected: [
        {
          resource: 'shop-prod',
          message: 'no-calico',
          text: 'Nothing of Calico is left',
          evidence: [
            'kubernetes.network-workloads:',
            'kubernetes.crds:',
            'kubernetes.api-services:',
            'kubernetes.nodes:',
          ],
          grades: ['observed', 'observed', 'observed', 'observed'],
        },
      ],
    },
    {
      name: 'other engines, AWS CRDs and API services are not Calico',
      facts: facts({
        'kubernetes.network-workloads': [workload({ namespace: 'kube-system', name: 'cilium' })],
        'kubernetes.crds': [
          crd({ name: 'policyendpoints.networking.k8s.aws', group: 'networking.k8s.aws' }),
          crd({ name: 'things.notprojectcalico.org', group: 'notprojectcalico.org' }),
        ],
        'kubernetes.api-services': [{ name: 'v1beta1.metrics.k8s.io', available: 'True' }],
        'kubernetes.nodes': [
          node({
            annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
            conditions: [{ type: 'NetworkUnavailable', status: 'False', reason: 'CiliumIsUp' }],
          }),
        ],
      }),
      expected: [{ resource: 'shop-prod', message: 'no-calico' }],
    },
    {
      name: 'the API serves no API services and no CRDs to list',
      facts: facts({ ...clean, 'kubernetes.crds': 'absent', 'kubernetes.api-services': 'absent' }),
      expected: [{ resource: 'shop-prod', message: 'no-calico' }],
    },
  ],
  fail: [
    {
      name: 'calico-node still runs',
      facts: facts({ ...clean, 'kubernetes.network-workloads': [workload()] }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-running',
          text: 'Calico still runs (1 traces): DaemonSet calico-system/calico-node',
          evidence: ['kubernetes.network-workloads:[DaemonSet calico-system/calico-node].ready'],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'Canal is Calico too',
      facts: facts({
        ...clean,
        'kubernetes.network-workloads': [workload({ namespace: 'kube-system', name: 'canal' })],
      }),
      expected: [{ resource: 'shop-prod', message: 'calico-running' }],
    },
    {
      name: 'the operator alone still runs: it would make Calico again',
      facts: facts({
        ...clean,
        'kubernetes.network-workloads': [
          workload({ kind: 'Deployment', namespace: 'tigera-operator', name: 'tigera-operator', ready: 1 }),
        ],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-running',
          evidence: ['kubernetes.network-workloads:[Deployment tigera-operator/tigera-operator].ready'],
        },
      ],
    },
    {
      name: 'the operator is scaled to nothing: a left-over',
      facts: facts({
        ...clean,
        'kubernetes.network-workloads': [
          workload({ kind: 'Deployment', namespace: 'tigera-operator', name: 'tigera-operator', ready: 0 }),
        ],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          text: '1 left-overs of Calico: Deployment tigera-operator/tigera-operator',
        },
      ],
    },
    {
      name: 'the ConfigMap of the old manifest',
      facts: facts({
        ...clean,
        'kubernetes.network-workloads': [
          workload({ kind: 'ConfigMap', namespace: 'kube-system', name: 'calico-config', images: [], ready: 0 }),
        ],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          evidence: ['kubernetes.network-workloads:[ConfigMap kube-system/calico-config].ready'],
        },
      ],
    },
    {
      name: 'a CRD of the operator',
      facts: facts({ ...clean, 'kubernetes.crds': [crd({ finalizers: ['tigera.io/operator-cleanup'] })] }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          text: '1 left-overs of Calico: CRD installations.operator.tigera.io',
          evidence: ['kubernetes.crds:[name=installations.operator.tigera.io]'],
        },
      ],
    },
    {
      name: 'a CRD of the manifest',
      facts: facts({
        ...clean,
        'kubernetes.crds': [
          crd({ name: 'globalnetworkpolicies.crd.projectcalico.org', group: 'crd.projectcalico.org' }),
        ],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          evidence: ['kubernetes.crds:[name=globalnetworkpolicies.crd.projectcalico.org]'],
        },
      ],
    },
    {
      name: 'the API service of an uninstalled calico-apiserver slows every discovery',
      facts: facts({
        ...clean,
        'kubernetes.api-services': [{ name: 'v3.projectcalico.org', available: 'False' }],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          text: '1 left-overs of Calico: APIService v3.projectcalico.org',
          evidence: ['kubernetes.api-services:[name=v3.projectcalico.org].available'],
        },
      ],
    },
    {
      name: 'a node that carries annotations of calico-node still has its iptables chains',
      facts: facts({
        ...clean,
        'kubernetes.nodes': [node({ annotations: { 'projectcalico.org/IPv4Address': '10.0.1.5/24' } })],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          text: `1 left-overs of Calico: node ${nodeName} (created 2026-11-01T00:00:00Z)`,
          evidence: [`kubernetes.nodes:[name=${nodeName}].annotations.projectcalico.org/IPv4Address`],
        },
      ],
    },
    {
      name: 'a node whose network condition was written by calico-node',
      facts: facts({
        ...clean,
        'kubernetes.nodes': [
          node({ conditions: [{ type: 'NetworkUnavailable', status: 'False', reason: 'CalicoIsUp' }] }),
        ],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-left-over',
          evidence: [`kubernetes.nodes:[name=${nodeName}].conditions[type=NetworkUnavailable].reason`],
        },
      ],
    },
    {
      name: 'everything at once: what runs comes first, then nodes, dead workloads, API services and CRDs; four are named',
      facts: facts({
        'kubernetes.network-workloads': [
          workload({ kind: 'ConfigMap', namespace: 'kube-system', name: 'calico-config', ready: 0 }),
          workload({ kind: 'Deployment', name: 'calico-typha', ready: 2 }),
        ],
        'kubernetes.crds': [crd()],
        'kubernetes.api-services': [{ name: 'v3.projectcalico.org', available: 'Unknown' }],
        'kubernetes.nodes': [node({ annotations: { 'projectcalico.org/IPv4Address': '10.0.1.5/24' } })],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'calico-running',
          text: `Calico still runs (5 traces): Deployment calico-system/calico-typha, node ${nodeName} (created 2026-11-01T00:00:00Z), ConfigMap kube-system/calico-config, APIService v3.projectcalico.org`,
          evidence: [
            'kubernetes.network-workloads:[Deployment calico-system/calico-typha].ready',
            `kubernetes.nodes:[name=${nodeName}].annotations.projectcalico.org/IPv4Address`,
            'kubernetes.network-workloads:[ConfigMap kube-system/calico-config].ready',
            'kubernetes.api-services:[name=v3.projectcalico.org].available',
            'kubernetes.crds:[name=installations.operator.tigera.io]',
          ],
        },
      ],
    },
  ],
  notApplicable: { none: 'every cluster that can be looked at either shows traces of Calico or shows none' },
  notEvaluated: [
    {
      name: 'API services were denied: no trace among the rest is not no trace',
      facts: facts({ ...clean, 'kubernetes.api-services': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.api-services'] }],
    },
    {
      name: 'nothing was read',
      facts: facts({}),
      expected: [
        {
          resource: 'shop-prod',
          message: 'facts-missing',
          missing: ['kubernetes.nodes', 'kubernetes.network-workloads', 'kubernetes.crds', 'kubernetes.api-services'],
        },
      ],
    },
  ],
});
