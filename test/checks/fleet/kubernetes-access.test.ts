import check from '../../../shared/checks/fleet/kubernetes-access.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts } from '../../support/cluster.ts';

const version = 'kubernetes.access:serverVersion';

checkTester(check, {
  pass: [
    {
      name: 'every list was answered',
      facts: facts({
        'kubernetes.access': {
          serverVersion: 'v1.33.4-eks-99d6cc0',
          answered: ['nodes', 'pods', 'networkpolicies'],
          refused: [],
          failed: [],
        },
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'access-complete',
          text: 'Kubernetes v1.33.4-eks-99d6cc0 answered all 3 lists',
          evidence: [version],
          grades: ['observed'],
        },
      ],
    },
  ],
  fail: [
    {
      name: 'an access entry without the ClusterRole for two of the lists',
      facts: facts({
        'kubernetes.access': {
          serverVersion: 'v1.33.4-eks-99d6cc0',
          answered: ['nodes'],
          refused: [
            { resource: 'policyendpoints', detail: 'policyendpoints.networking.k8s.aws is forbidden' },
            { resource: 'cninodes', detail: 'cninodes.vpcresources.k8s.aws is forbidden' },
          ],
          failed: [],
        },
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'access-refused',
          text: 'Kubernetes v1.33.4-eks-99d6cc0 answered 1 lists and refused 2: cninodes, policyendpoints',
          evidence: [
            version,
            'kubernetes.access:refused[resource=policyendpoints]',
            'kubernetes.access:refused[resource=cninodes]',
          ],
          grades: ['observed', 'observed', 'observed'],
        },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'the cluster has no Kubernetes API: it is being made or deleted',
      facts: facts({ 'kubernetes.access': 'absent' }),
      expected: [{ resource: 'shop-prod', message: 'no-api', text: 'The cluster has no Kubernetes API' }],
    },
  ],
  notEvaluated: [
    {
      name: 'the private endpoint is out of reach: not refused, not known',
      facts: facts({ 'kubernetes.access': 'unreachable' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.access'] }],
    },
    {
      name: 'two lists were answered and one timed out: neither complete nor refused',
      facts: facts({
        'kubernetes.access': {
          serverVersion: 'v1.33.4-eks-99d6cc0',
          answered: ['nodes', 'pods'],
          refused: [],
          failed: [{ resource: 'policyendpoints', reason: 'unreachable', detail: 'i/o timeout' }],
        },
      }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'access-partial',
          text: 'Kubernetes v1.33.4-eks-99d6cc0 answered 2 lists; 1 ended in errors: policyendpoints',
          missing: ['kubernetes.access'],
        },
      ],
    },
    {
      name: 'the version was answered and no list was asked for',
      facts: facts({
        'kubernetes.access': { serverVersion: 'v1.33.4-eks-99d6cc0', answered: [], refused: [], failed: [] },
      }),
      expected: [{ resource: 'shop-prod', message: 'nothing-asked', missing: ['kubernetes.access'] }],
    },
  ],
});
