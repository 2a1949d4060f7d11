import type { Case } from '../../../support/check-tester.ts';
import { node } from '../../../support/cluster.ts';
import { cluster, name } from './cluster.ts';

/** Nodes that the VPC CNI does not police at all. */
export const UNSUPPORTED: readonly [Case, ...Case[]] = [
  {
    name: 'Fargate: policies protect nothing there, whatever else holds',
    facts: cluster({ 'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'fargate' } })] }),
    expected: [
      {
        resource: name,
        message: 'unsupported',
        text: 'The VPC CNI does not enforce NetworkPolicy on Fargate: policies do not protect the pods of this node',
      },
    ],
  },
  {
    name: 'Windows',
    facts: cluster({ 'kubernetes.nodes': [node({ operatingSystem: 'windows' })] }),
    expected: [
      {
        resource: name,
        message: 'unsupported',
        text: 'The VPC CNI does not enforce NetworkPolicy on Windows: policies do not protect the pods of this node',
      },
    ],
  },
  {
    name: 'a hybrid node has another CNI',
    facts: cluster({ 'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'hybrid' } })] }),
    expected: [
      {
        resource: name,
        message: 'unsupported',
        text: 'The VPC CNI does not enforce NetworkPolicy on a hybrid node: policies do not protect the pods of this node',
      },
    ],
  },
  {
    name: 'no nodes: nothing to examine',
    facts: cluster({ 'kubernetes.nodes': [] }),
    expected: [{ resource: 'shop-prod', message: 'nothing-to-examine' }],
  },
];
