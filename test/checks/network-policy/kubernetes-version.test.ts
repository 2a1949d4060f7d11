import check from '../../../shared/checks/network-policy/kubernetes-version.ts';
import { checkTester } from '../../support/check-tester.ts';
import { eksCluster, facts } from '../../support/cluster.ts';

const evidence = ['eks.cluster:version', 'eks.cluster:platformVersion'];

checkTester(check, {
  pass: [
    {
      name: '1.25 on eks.7, its first platform with the network policy controller',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.25', platformVersion: 'eks.7' }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'version-supported',
          text: 'Kubernetes 1.25 on platform eks.7 supports NetworkPolicy enforcement by the VPC CNI',
          evidence,
          grades: ['observed', 'observed'],
        },
      ],
    },
    {
      name: '1.25 on eks.10: platform numbers are numbers, not text',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.25', platformVersion: 'eks.10' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-supported', evidence }],
    },
    {
      name: '1.26 on eks.6, its first platform with the controller',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.26', platformVersion: 'eks.6' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-supported', evidence }],
    },
    {
      name: '1.27 on eks.5, its first platform with the controller',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.27', platformVersion: 'eks.5' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-supported', evidence }],
    },
    {
      name: '1.28 on eks.1: later minors have the controller on every platform',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.28', platformVersion: 'eks.1' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-supported', evidence }],
    },
    {
      name: '1.33 on a platform that is not numbered: from 1.28 on the platform decides nothing',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.33', platformVersion: 'eks-local-outposts.1' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-supported', evidence }],
    },
    {
      name: '2.0 is later than 1.25, though its minor is smaller',
      facts: facts({ 'eks.cluster': eksCluster({ version: '2.0', platformVersion: 'eks.1' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-supported', evidence }],
    },
  ],
  fail: [
    {
      name: '1.24, the last minor without enforcement, on its newest platform',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.24', platformVersion: 'eks.36' }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'version-too-old',
          text: 'Kubernetes 1.24 is older than 1.25, the first that the VPC CNI enforces NetworkPolicy on',
          evidence: ['eks.cluster:version'],
          grades: ['observed'],
        },
      ],
    },
    {
      name: '1.9 is older than 1.25: minors are numbers, not text',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.9', platformVersion: 'eks.9' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-too-old', evidence: ['eks.cluster:version'] }],
    },
    {
      name: '1.25 on eks.6, one platform too early',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.25', platformVersion: 'eks.6' }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'platform-too-old',
          text: 'Kubernetes 1.25 needs platform eks.7 or later for NetworkPolicy; this is eks.6',
          evidence,
        },
      ],
    },
    {
      name: '1.26 on eks.5, one platform too early',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.26', platformVersion: 'eks.5' }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'platform-too-old',
          text: 'Kubernetes 1.26 needs platform eks.6 or later for NetworkPolicy; this is eks.5',
          evidence,
        },
      ],
    },
    {
      name: '1.27 on eks.4, one platform too early',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.27', platformVersion: 'eks.4' }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'platform-too-old',
          text: 'Kubernetes 1.27 needs platform eks.5 or later for NetworkPolicy; this is eks.4',
          evidence,
        },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'EKS has no cluster of this name: nothing to hold against it',
      facts: facts({ 'eks.cluster': 'absent' }),
      expected: [{ resource: 'shop-prod', message: 'no-cluster', text: 'EKS knows no such cluster' }],
    },
  ],
  notEvaluated: [
    {
      name: 'eks:DescribeCluster was denied',
      facts: facts({ 'eks.cluster': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['eks.cluster'] }],
    },
    {
      name: 'a version that is none',
      facts: facts({ 'eks.cluster': eksCluster({ version: 'latest' }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'version-unreadable',
          text: 'The cluster version latest on platform eks.9 cannot be understood',
          missing: ['eks.cluster'],
        },
      ],
    },
    {
      name: '1.27 on a platform that is not numbered: there the platform decides',
      facts: facts({ 'eks.cluster': eksCluster({ version: '1.27', platformVersion: 'eks-local-outposts.1' }) }),
      expected: [{ resource: 'shop-prod', message: 'version-unreadable', missing: ['eks.cluster'] }],
    },
  ],
});
