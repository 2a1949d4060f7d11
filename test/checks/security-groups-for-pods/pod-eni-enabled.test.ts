import check from '../../../shared/checks/security-groups-for-pods/pod-eni-enabled.ts';
import type { Container, DaemonSet, SecurityGroupPolicy } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { agentContainer, cniContainer, daemonSet, facts } from '../../support/cluster.ts';

const name = 'kube-system/aws-node';
const podEni = 'kubernetes.aws-node:containers[name=aws-node].env.ENABLE_POD_ENI';
const policies = 'kubernetes.security-group-policies:';

const withEnv = (env: Container['env']): DaemonSet =>
  daemonSet({ containers: [cniContainer({ env }), agentContainer()] });

const policy = (): SecurityGroupPolicy => ({
  namespace: 'payments',
  name: 'payments-database',
  groupIds: ['sg-0a1b2c3d4e5f60718'],
  podSelector: { matchLabels: { app: 'payments' }, matchExpressions: [] },
});

checkTester(check, {
  pass: [
    {
      name: 'the switch is on and a policy uses it',
      facts: facts({
        'kubernetes.aws-node': withEnv({ ENABLE_POD_ENI: 'true' }),
        'kubernetes.security-group-policies': [policy()],
      }),
      expected: [
        {
          resource: name,
          message: 'pod-eni-on',
          text: 'ENABLE_POD_ENI is "true"; 1 SecurityGroupPolicies',
          evidence: [podEni, policies],
          grades: ['observed', 'observed'],
        },
      ],
    },
    {
      name: 'the switch is on before the first policy is written',
      facts: facts({
        'kubernetes.aws-node': withEnv({ ENABLE_POD_ENI: 'True' }),
        'kubernetes.security-group-policies': [],
      }),
      expected: [{ resource: name, message: 'pod-eni-on', text: 'ENABLE_POD_ENI is "True"; 0 SecurityGroupPolicies' }],
    },
  ],
  fail: [
    {
      name: 'a policy exists and the switch is off',
      facts: facts({
        'kubernetes.aws-node': withEnv({ ENABLE_POD_ENI: 'false' }),
        'kubernetes.security-group-policies': [policy()],
      }),
      expected: [
        {
          resource: name,
          message: 'pod-eni-off',
          text: 'ENABLE_POD_ENI is "false", but 1 SecurityGroupPolicies exist: none takes effect',
          evidence: [podEni, policies],
          grades: ['observed', 'observed'],
        },
      ],
    },
    {
      name: 'a policy exists and the switch was never set',
      facts: facts({ 'kubernetes.aws-node': withEnv({}), 'kubernetes.security-group-policies': [policy()] }),
      expected: [
        {
          resource: name,
          message: 'pod-eni-off',
          text: 'ENABLE_POD_ENI is unset (default false), but 1 SecurityGroupPolicies exist: none takes effect',
          evidence: [podEni, policies],
        },
      ],
    },
    {
      name: '"enabled" is no boolean of Go: ipamd logs it and keeps its default',
      facts: facts({
        'kubernetes.aws-node': withEnv({ ENABLE_POD_ENI: 'enabled' }),
        'kubernetes.security-group-policies': [policy()],
      }),
      expected: [{ resource: name, message: 'pod-eni-off' }],
    },
    {
      name: 'the switch stands at the wrong container',
      facts: facts({
        'kubernetes.aws-node': daemonSet({
          containers: [cniContainer({ env: {} }), agentContainer({ env: { ENABLE_POD_ENI: 'true' } })],
        }),
        'kubernetes.security-group-policies': [policy()],
      }),
      expected: [{ resource: name, message: 'pod-eni-off' }],
    },
  ],
  notApplicable: [
    {
      name: 'neither switch nor policy: the feature is not in use',
      facts: facts({
        'kubernetes.aws-node': withEnv({ ENABLE_POD_ENI: 'false' }),
        'kubernetes.security-group-policies': [],
      }),
      expected: [
        {
          resource: name,
          message: 'not-used',
          text: 'Security groups for pods are not in use: ENABLE_POD_ENI is "false" and there is no SecurityGroupPolicy',
          evidence: [podEni, policies],
        },
      ],
    },
    {
      name: 'the API of SecurityGroupPolicy is not served at all',
      facts: facts({ 'kubernetes.aws-node': withEnv({}), 'kubernetes.security-group-policies': 'absent' }),
      expected: [{ resource: name, message: 'not-used' }],
    },
    {
      name: 'a cluster of EKS Auto Mode alone, where SecurityGroupPolicy is not supported',
      facts: facts({ 'kubernetes.aws-node': 'absent', 'kubernetes.security-group-policies': [policy()] }),
      expected: [
        {
          resource: name,
          message: 'no-aws-node',
          text: 'There is no DaemonSet aws-node; EKS Auto Mode does not support SecurityGroupPolicy',
        },
      ],
    },
  ],
  notEvaluated: [
    {
      name: 'policies were denied: a switch that is off may be right or wrong',
      facts: facts({ 'kubernetes.aws-node': withEnv({}), 'kubernetes.security-group-policies': 'denied' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.security-group-policies'] }],
    },
    {
      name: 'the switch comes from a ConfigMap: it is not off by default',
      facts: facts({
        'kubernetes.aws-node': daemonSet({
          containers: [cniContainer({ env: {}, unresolvedEnv: ['ENABLE_POD_ENI'] }), agentContainer()],
        }),
        'kubernetes.security-group-policies': [],
      }),
      expected: [{ resource: name, message: 'pod-eni-unresolved', missing: ['kubernetes.aws-node'] }],
    },
  ],
});
