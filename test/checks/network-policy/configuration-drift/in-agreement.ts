import type { Case } from '../../../support/check-tester.ts';
import { addon, agentContainer, awsNodePod, cniContainer, daemonSet, facts } from '../../../support/cluster.ts';
import { agentArguments, controllerKey, daemonSetOff, name, OFF, ON, podOff } from './deployed.ts';

/** What is declared, deployed and running agrees, on or off. */
export const IN_AGREEMENT: readonly [Case, ...Case[]] = [
  {
    name: 'everything is on',
    facts: facts({
      'eks.vpc-cni-addon': addon(),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [awsNodePod(), awsNodePod({ name: 'aws-node-9c4fd', uid: 'a2' })],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [
      {
        resource: name,
        message: 'in-agreement',
        text: 'Add-on, ConfigMap, DaemonSet and 2 running pods agree: NetworkPolicy is on',
        evidence: [agentArguments, controllerKey],
        grades: ['observed', 'observed'],
      },
    ],
  },
  {
    name: 'everything is off, the add-on by default: agreed, whatever other checks say of it',
    facts: facts({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
      'kubernetes.aws-node': daemonSetOff,
      'kubernetes.aws-node-pods': [podOff],
      'kubernetes.amazon-vpc-cni': OFF,
    }),
    expected: [
      {
        resource: name,
        message: 'in-agreement',
        text: 'Add-on, ConfigMap, DaemonSet and 1 running pods agree: NetworkPolicy is off',
      },
    ],
  },
  {
    name: 'no ConfigMap and an agent that is off: both are the default',
    facts: facts({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node': daemonSetOff,
      'kubernetes.aws-node-pods': [podOff],
      'kubernetes.amazon-vpc-cni': 'absent',
    }),
    expected: [
      {
        resource: name,
        message: 'in-agreement',
        evidence: [agentArguments, 'kubernetes.amazon-vpc-cni:enable-network-policy-controller'],
      },
    ],
  },
  {
    name: 'no agent container counts as an agent that is off',
    facts: facts({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer()] }),
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer()] })],
      'kubernetes.amazon-vpc-cni': OFF,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'a self-managed VPC CNI has no add-on to disagree with',
    facts: facts({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [awsNodePod()],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'the boolean true in YAML and the string "true" in JSON are one switch',
    facts: facts({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'values', values: { enableNetworkPolicy: true } } }),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [awsNodePod()],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'env of the add-on, as string and as boolean, is what the DaemonSet has',
    facts: facts({
      'eks.vpc-cni-addon': addon({
        configuration: {
          form: 'values',
          values: {
            enableNetworkPolicy: 'true',
            env: { NETWORK_POLICY_ENFORCING_MODE: 'standard', ENABLE_POD_ENI: false },
          },
        },
      }),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [awsNodePod()],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'env that is a list is no env: the schema of the add-on would not have taken it',
    facts: facts({
      'eks.vpc-cni-addon': addon({
        configuration: { form: 'values', values: { enableNetworkPolicy: 'true', env: ['ENABLE_POD_ENI'] } },
      }),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [awsNodePod()],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'env that is null is no env',
    facts: facts({
      'eks.vpc-cni-addon': addon({
        configuration: { form: 'values', values: { enableNetworkPolicy: 'true', env: null } },
      }),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [awsNodePod()],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'another order of arguments and of env in a pod is the same revision',
    facts: facts({
      'eks.vpc-cni-addon': addon(),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [
        awsNodePod({
          containers: [
            agentContainer({
              args: ['--enable-cloudwatch-logs=false', '--enable-network-policy=true', '--enable-ipv6=false'],
            }),
            cniContainer({ env: { ENABLE_POD_ENI: 'false', NETWORK_POLICY_ENFORCING_MODE: 'standard' } }),
          ],
        }),
      ],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'variables that the webhook of IAM roles for service accounts adds to every pod are no other revision',
    facts: facts({
      'eks.vpc-cni-addon': addon(),
      'kubernetes.aws-node': daemonSet(),
      'kubernetes.aws-node-pods': [
        awsNodePod({
          containers: [
            cniContainer({
              env: {
                NETWORK_POLICY_ENFORCING_MODE: 'standard',
                ENABLE_POD_ENI: 'false',
                AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/shop-prod-vpc-cni',
                AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
              },
            }),
            agentContainer({ env: { AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/shop-prod-vpc-cni' } }),
          ],
        }),
      ],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
  {
    name: 'an image by digest tells no version to compare with the add-on',
    facts: facts({
      'eks.vpc-cni-addon': addon({ version: 'v1.20.0-eksbuild.1' }),
      'kubernetes.aws-node': daemonSet({
        containers: [cniContainer({ image: 'mirror.corp.example/amazon-k8s-cni@sha256:0a1b' }), agentContainer()],
      }),
      'kubernetes.aws-node-pods': 'absent',
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [
      {
        resource: name,
        message: 'in-agreement',
        text: 'Add-on, ConfigMap, DaemonSet and 0 running pods agree: NetworkPolicy is on',
      },
    ],
  },
  {
    name: 'an add-on version that is none is not compared, nor is a DaemonSet without container aws-node',
    facts: facts({
      'eks.vpc-cni-addon': addon({ version: 'unknown' }),
      'kubernetes.aws-node': daemonSet({ containers: [agentContainer()] }),
      'kubernetes.aws-node-pods': [],
      'kubernetes.amazon-vpc-cni': ON,
    }),
    expected: [{ resource: name, message: 'in-agreement' }],
  },
];
