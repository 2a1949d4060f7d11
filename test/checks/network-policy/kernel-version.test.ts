import check from '../../../shared/checks/network-policy/kernel-version.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts, node } from '../../support/cluster.ts';

const name = 'ip-10-0-1-5.us-west-2.compute.internal';
const path = `kubernetes.nodes:[name=${name}].kernelVersion`;

checkTester(check, {
  pass: [
    {
      name: 'exactly 5.10, as the AL2 AMI of Kubernetes 1.24 has it',
      facts: facts({ 'kubernetes.nodes': [node({ kernelVersion: '5.10.0-1.amzn2.x86_64' })] }),
      expected: [{ resource: name, message: 'kernel-supported', evidence: [path], grades: ['observed'] }],
    },
    {
      name: 'an Auto Mode node shows its kernel too',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' }, kernelVersion: '6.12.40' })],
      }),
      expected: [{ resource: name, message: 'kernel-supported', evidence: [path] }],
    },
  ],
  fail: [
    {
      name: '5.4, the kernel of the AL2 AMI up to Kubernetes 1.23',
      facts: facts({ 'kubernetes.nodes': [node({ kernelVersion: '5.4.228-131.415.amzn2.x86_64' })] }),
      expected: [
        {
          resource: name,
          message: 'kernel-too-old',
          text: 'Kernel 5.4.228-131.415.amzn2.x86_64 is older than 5.10: the agent cannot load its eBPF programs',
          evidence: [path],
        },
      ],
    },
    {
      name: '5.9 is one minor below: minors are numbers, not text',
      facts: facts({ 'kubernetes.nodes': [node({ kernelVersion: '5.9.16' })] }),
      expected: [{ resource: name, message: 'kernel-too-old', evidence: [path] }],
    },
  ],
  notApplicable: [
    {
      name: 'Fargate shows a kernel, but NetworkPolicy is not enforced there at all',
      facts: facts({ 'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'fargate' } })] }),
      expected: [
        { resource: name, message: 'unsupported', text: 'The VPC CNI does not enforce NetworkPolicy on Fargate' },
      ],
    },
    {
      name: 'no nodes at all: nothing to examine',
      facts: facts({ 'kubernetes.nodes': [] }),
      expected: [{ resource: 'shop-prod', message: 'nothing-to-examine' }],
    },
  ],
  notEvaluated: [
    {
      name: 'nodes could not be listed',
      facts: facts({ 'kubernetes.nodes': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.nodes'] }],
    },
    {
      name: 'a kernel version that is none',
      facts: facts({ 'kubernetes.nodes': [node({ kernelVersion: 'mainline' })] }),
      expected: [{ resource: name, message: 'kernel-unreadable', missing: ['kubernetes.nodes'] }],
    },
  ],
});
