import check from '../../../shared/checks/denied-traffic/log-path.ts';
import type { NetworkPolicy } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { AT, facts } from '../../support/cluster.ts';
import { nothingRead, READING, signal, traffic } from './traffic.ts';

const silence = signal('log-silence', 'cluster', { pairs: [], values: { what: 'The cluster is silent.' } }, 'cluster');
const policy = (namespace: string): NetworkPolicy => ({
  namespace,
  name: 'default-deny',
  uid: `c1-${namespace}`,
  createdAt: AT,
  generation: 1,
  podSelector: { matchLabels: {}, matchExpressions: [] },
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
});

checkTester(check, {
  pass: [
    {
      name: 'verdicts were read',
      facts: facts({ 'verdicts.denied-traffic': traffic() }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'read',
          text: '1200 verdicts were read, 37 of them denials; reporting nodes: 2; unreadable lines: 0',
          evidence: READING,
        },
      ],
    },
    {
      name: 'the silence of the cluster is over, that of one node is the matter of another check, and no line names its node',
      facts: facts({
        'verdicts.denied-traffic': traffic({
          nodes: [],
          signals: [
            { ...silence, status: 'cleared' },
            { ...silence, subject: { type: 'node', id: 'node-a', name: 'node-a' } },
          ],
        }),
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'read',
          text: '1200 verdicts were read, 37 of them denials; reporting nodes: not named; unreadable lines: 0',
        },
      ],
    },
  ],
  fail: [
    {
      name: 'policies isolate pods and no node sends a line',
      facts: facts({ 'verdicts.denied-traffic': nothingRead({ signals: [silence] }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'active',
          text: 'The cluster is silent.',
          evidence: ['verdicts.denied-traffic:signals[kind=log-silence][subject.id=cluster]'],
        },
      ],
    },
    {
      name: 'there is no log path, and there are policies; the first by name is shown',
      facts: facts({
        'verdicts.denied-traffic': 'absent',
        'kubernetes.network-policies': [policy('shop'), policy('payments')],
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'unseen',
          text: 'There are NetworkPolicies, and the verdicts of the network policy agent reach no log',
          evidence: ['verdicts.denied-traffic:', 'kubernetes.network-policies:[namespace/name]'],
        },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'there is no log path, and nothing that could deny',
      facts: facts({ 'verdicts.denied-traffic': 'absent', 'kubernetes.network-policies': [] }),
      expected: [{ resource: 'shop-prod', message: 'nothing-to-log' }],
    },
  ],
  notEvaluated: [
    {
      name: 'not one verdict was read: the path may be broken, or nothing was logged',
      facts: facts({ 'verdicts.denied-traffic': nothingRead() }),
      expected: [{ resource: 'shop-prod', message: 'nothing-read', missing: ['verdicts.denied-traffic'] }],
    },
    {
      name: 'there is no log path, and the policies were not read',
      facts: facts({ 'verdicts.denied-traffic': 'absent', 'kubernetes.network-policies': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'policies-unknown', missing: ['kubernetes.network-policies'] }],
    },
  ],
});
