import check from '../../../shared/checks/denied-traffic/log-silence.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts, node } from '../../support/cluster.ts';
import { nothingRead, READING, signal, traffic } from './traffic.ts';

const NODE = 'ip-10-0-1-5.us-west-2.compute.internal';
const silence = signal('log-silence', 'node', { pairs: [], values: { what: 'The node is silent.' } }, NODE);
const evidence = [`verdicts.denied-traffic:signals[kind=log-silence][subject.id=${NODE}]`];
const given = (signals: readonly (typeof silence)[]) =>
  facts({ 'verdicts.denied-traffic': traffic({ signals }), 'kubernetes.nodes': [node()] });

checkTester(check, {
  pass: [
    {
      name: 'the node reports again',
      facts: given([{ ...silence, status: 'cleared', values: { what: 'The node was silent.' } }]),
      expected: [{ resource: NODE, message: 'ended', text: 'The node was silent.', evidence }],
    },
  ],
  fail: [
    {
      name: 'a node is silent: the outcome is about the node, with its uid',
      facts: given([silence]),
      expected: [{ resource: NODE, message: 'active', text: 'The node is silent.', evidence, grades: ['observed'] }],
    },
  ],
  notApplicable: [
    {
      name: 'all report',
      facts: given([]),
      expected: [
        {
          resource: 'shop-prod',
          message: 'none',
          text: 'No node fell silent: 1200 verdicts were read, 37 of them denials; reporting nodes: 2; unreadable lines: 0',
          evidence: READING,
        },
      ],
    },
    {
      name: 'the silent node is gone, and the silence of the cluster is the matter of another check',
      facts: given([
        { ...silence, subject: { type: 'node', id: 'gone', name: 'gone' } },
        { ...silence, subject: { type: 'cluster', id: 'cluster', name: 'the cluster' } },
      ]),
      expected: [{ resource: 'shop-prod', message: 'none' }],
    },
  ],
  notEvaluated: [
    {
      name: 'not one verdict was read',
      facts: facts({ 'verdicts.denied-traffic': nothingRead(), 'kubernetes.nodes': [node()] }),
      expected: [{ resource: 'shop-prod', message: 'nothing-read', missing: ['verdicts.denied-traffic'] }],
    },
    {
      name: 'the log path is known not to exist',
      facts: facts({ 'verdicts.denied-traffic': 'absent', 'kubernetes.nodes': [node()] }),
      expected: [{ resource: 'shop-prod', message: 'no-log-path', missing: ['verdicts.denied-traffic'] }],
    },
    {
      name: 'without the nodes nobody can tell which of them it is',
      facts: facts({ 'verdicts.denied-traffic': traffic({ signals: [silence] }) }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.nodes'] }],
    },
  ],
});
