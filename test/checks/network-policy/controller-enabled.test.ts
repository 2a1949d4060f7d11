import check from '../../../shared/checks/network-policy/controller-enabled.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts } from '../../support/cluster.ts';

const name = 'kube-system/amazon-vpc-cni';
const key = 'kubernetes.amazon-vpc-cni:enable-network-policy-controller';

checkTester(check, {
  pass: [
    {
      name: '"true", as the add-on, the Helm chart and the Auto Mode page write it',
      facts: facts({
        'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': 'true', 'enable-windows-ipam': 'false' },
      }),
      expected: [
        {
          resource: name,
          message: 'controller-on',
          text: 'ConfigMap amazon-vpc-cni has enable-network-policy-controller "true"',
          evidence: [key],
          grades: ['observed'],
        },
      ],
    },
  ],
  fail: [
    {
      name: '"false", the default of the manifest',
      facts: facts({ 'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': 'false' } }),
      expected: [
        {
          resource: name,
          message: 'controller-off',
          text: 'ConfigMap amazon-vpc-cni has enable-network-policy-controller "false": no PolicyEndpoint is made',
          evidence: [key],
          grades: ['observed'],
        },
      ],
    },
    {
      name: '"yes" is no boolean of Go or JSON',
      facts: facts({ 'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': 'yes' } }),
      expected: [{ resource: name, message: 'controller-off', evidence: [key] }],
    },
    {
      name: '"true " with a blank behind it, as a careless kubectl edit leaves it',
      facts: facts({ 'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': 'true ' } }),
      expected: [{ resource: name, message: 'controller-off', evidence: [key] }],
    },
    {
      name: 'an empty value',
      facts: facts({ 'kubernetes.amazon-vpc-cni': { 'enable-network-policy-controller': '' } }),
      expected: [
        {
          resource: name,
          message: 'controller-off',
          text: 'ConfigMap amazon-vpc-cni has enable-network-policy-controller "": no PolicyEndpoint is made',
          evidence: [key],
        },
      ],
    },
    {
      name: 'the key is missing: the ConfigMap was made for Windows IPAM alone',
      facts: facts({ 'kubernetes.amazon-vpc-cni': { 'enable-windows-ipam': 'true' } }),
      expected: [
        {
          resource: name,
          message: 'controller-unset',
          text: 'ConfigMap amazon-vpc-cni has no enable-network-policy-controller: the default is off',
          evidence: [key],
        },
      ],
    },
    {
      name: 'the agent flag in the ConfigMap is not the controller switch',
      facts: facts({ 'kubernetes.amazon-vpc-cni': { 'enable-network-policy': 'true' } }),
      expected: [{ resource: name, message: 'controller-unset', evidence: [key] }],
    },
    {
      name: 'there is no such ConfigMap',
      facts: facts({ 'kubernetes.amazon-vpc-cni': 'absent' }),
      expected: [
        {
          resource: name,
          message: 'no-config-map',
          text: 'There is no ConfigMap amazon-vpc-cni: the network policy controller is off by default',
          evidence: ['kubernetes.amazon-vpc-cni:'],
          grades: ['observed'],
        },
      ],
    },
  ],
  notApplicable: {
    none: 'every EKS cluster has the controller in its control plane, and without the ConfigMap it is off',
  },
  notEvaluated: [
    {
      name: 'the audit role may not read ConfigMaps of kube-system: not off, not known',
      facts: facts({ 'kubernetes.amazon-vpc-cni': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.amazon-vpc-cni'] }],
    },
  ],
});
