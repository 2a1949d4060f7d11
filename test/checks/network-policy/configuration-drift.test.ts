import check from '../../../shared/checks/network-policy/configuration-drift.ts';
import { checkTester } from '../../support/check-tester.ts';
import { addon, agentContainer, awsNodePod, cniContainer, daemonSet, facts } from '../../support/cluster.ts';
import {
  addonKey,
  agentOff,
  controllerKey,
  daemonSetOff,
  name,
  OFF,
  ON,
  podOff,
} from './configuration-drift/deployed.ts';
import { IN_AGREEMENT } from './configuration-drift/in-agreement.ts';

const UNRESOLVED = agentContainer({ args: ['--enable-network-policy=$(NETWORK_POLICY)'] });

checkTester(check, {
  pass: IN_AGREEMENT,
  fail: [
    {
      name: 'the controller makes PolicyEndpoints and no agent acts on them',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSetOff,
        'kubernetes.aws-node-pods': [podOff],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the ConfigMap switches the controller on, the DaemonSet the agent off',
          evidence: [controllerKey],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'agents wait for PolicyEndpoints that nobody makes',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': 'absent',
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the ConfigMap switches the controller off, the DaemonSet the agent on',
          evidence: [controllerKey],
        },
      ],
    },
    {
      name: 'the add-on is off and somebody switched the cluster on by hand: the next add-on update ends it',
      facts: facts({
        'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the add-on says enableNetworkPolicy unset, the DaemonSet runs the agent on',
          evidence: [addonKey],
          grades: ['declared'],
        },
      ],
    },
    {
      name: 'the add-on is on and the cluster was switched off by hand',
      facts: facts({
        'eks.vpc-cni-addon': addon(),
        'kubernetes.aws-node': daemonSetOff,
        'kubernetes.aws-node-pods': [podOff],
        'kubernetes.amazon-vpc-cni': OFF,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the add-on says enableNetworkPolicy "true", the DaemonSet runs the agent off',
          evidence: [addonKey],
        },
      ],
    },
    {
      name: 'the add-on is a release ahead of the DaemonSet',
      facts: facts({
        'eks.vpc-cni-addon': addon({ version: 'v1.22.4-eksbuild.1' }),
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the add-on is v1.22.4-eksbuild.1, the DaemonSet runs amazon-k8s-cni:v1.21.1-eksbuild.1',
          evidence: ['eks.vpc-cni-addon:version'],
          grades: ['declared'],
        },
      ],
    },
    {
      name: 'env of the add-on that the DaemonSet has with another value, and one that it lacks',
      facts: facts({
        'eks.vpc-cni-addon': addon({
          configuration: {
            form: 'values',
            values: {
              enableNetworkPolicy: 'true',
              env: { NETWORK_POLICY_ENFORCING_MODE: 'strict', constructor: 'x' },
            },
          },
        }),
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the add-on sets NETWORK_POLICY_ENFORCING_MODE to strict, the DaemonSet has standard; the add-on sets constructor to x, the DaemonSet has none',
          evidence: [
            'eks.vpc-cni-addon:configuration.env.NETWORK_POLICY_ENFORCING_MODE',
            'eks.vpc-cni-addon:configuration.env.constructor',
          ],
          grades: ['declared', 'declared'],
        },
      ],
    },
    {
      name: 'env of the add-on that the DaemonSet now takes from a ConfigMap',
      facts: facts({
        'eks.vpc-cni-addon': addon({
          configuration: {
            form: 'values',
            values: { enableNetworkPolicy: 'true', env: { ENABLE_POD_ENI: 'true' } },
          },
        }),
        'kubernetes.aws-node': daemonSet({
          containers: [cniContainer({ env: {}, unresolvedEnv: ['ENABLE_POD_ENI'] }), agentContainer()],
        }),
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: the add-on sets ENABLE_POD_ENI to true, the DaemonSet has one from elsewhere',
          evidence: ['eks.vpc-cni-addon:configuration.env.ENABLE_POD_ENI'],
        },
      ],
    },
    {
      name: 'one pod of two still runs the revision before the switch',
      facts: facts({
        'eks.vpc-cni-addon': addon(),
        'kubernetes.aws-node': daemonSet({ updated: 1, desired: 2 }),
        'kubernetes.aws-node-pods': [
          awsNodePod(),
          awsNodePod({
            name: 'aws-node-9c4fd',
            nodeName: 'ip-10-0-2-6.us-west-2.compute.internal',
            revision: '5b8f7c6d4',
            containers: [cniContainer(), agentOff],
          }),
        ],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          text: 'Not in agreement: 1 of 2 aws-node pods run another revision than the DaemonSet (aws-node-9c4fd on ip-10-0-2-6.us-west-2.compute.internal)',
          evidence: ['kubernetes.aws-node-pods:[name=aws-node-9c4fd]'],
        },
      ],
    },
    {
      name: 'a pod with another value of the same env is another revision',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [
          awsNodePod({
            containers: [
              cniContainer({ env: { NETWORK_POLICY_ENFORCING_MODE: 'strict', ENABLE_POD_ENI: 'false' } }),
              agentContainer(),
            ],
          }),
        ],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [{ resource: name, message: 'drifted', evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p]'] }],
    },
    {
      name: 'a pod that lacks a variable of the DaemonSet is another revision',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [
          awsNodePod({
            containers: [
              cniContainer({ env: { NETWORK_POLICY_ENFORCING_MODE: 'standard', constructor: 'x' } }),
              agentContainer(),
            ],
          }),
        ],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [{ resource: name, message: 'drifted', evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p]'] }],
    },
    {
      name: 'a pod with another image of the agent is another revision',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [
          awsNodePod({
            containers: [
              cniContainer(),
              agentContainer({ image: 'public.ecr.aws/eks/aws-network-policy-agent:v1.2.7-eksbuild.1' }),
            ],
          }),
        ],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [{ resource: name, message: 'drifted', evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p]'] }],
    },
    {
      name: 'a pod without the agent container that the DaemonSet has by now',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer()] })],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [{ resource: name, message: 'drifted', evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p]'] }],
    },
    {
      name: 'a pod that still has the agent container which the DaemonSet has lost',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': daemonSet({ containers: [cniContainer()] }),
        'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer(), agentOff] })],
        'kubernetes.amazon-vpc-cni': OFF,
      }),
      expected: [{ resource: name, message: 'drifted', evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p]'] }],
    },
    {
      name: 'DaemonSet half changed: all three kinds of disagreement, in the order ConfigMap, add-on, pods',
      facts: facts({
        'eks.vpc-cni-addon': addon(),
        'kubernetes.aws-node': daemonSetOff,
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [
        {
          resource: name,
          message: 'drifted',
          evidence: [controllerKey, addonKey, 'kubernetes.aws-node-pods:[name=aws-node-x7k2p]'],
          grades: ['observed', 'declared', 'observed'],
        },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'a cluster of EKS Auto Mode alone has no DaemonSet to compare with',
      facts: facts({
        'eks.vpc-cni-addon': 'absent',
        'kubernetes.aws-node': 'absent',
        'kubernetes.aws-node-pods': [],
        'kubernetes.amazon-vpc-cni': ON,
      }),
      expected: [{ resource: name, message: 'no-aws-node', text: 'There is no DaemonSet aws-node to compare with' }],
    },
  ],
  notEvaluated: [
    {
      name: 'the DaemonSet takes the switch from a variable that was not read: there is nothing to compare',
      facts: facts({
        'eks.vpc-cni-addon': addon(),
        'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), UNRESOLVED] }),
        'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer(), UNRESOLVED] })],
        'kubernetes.amazon-vpc-cni': OFF,
      }),
      expected: [
        {
          resource: name,
          message: 'agent-flag-unresolved',
          text: 'DaemonSet aws-node runs the agent with --enable-network-policy=$(NETWORK_POLICY), and the value of that variable was not read',
          missing: ['kubernetes.aws-node'],
        },
      ],
    },
    {
      name: 'the add-on configuration is neither JSON nor YAML, and the cluster is off',
      facts: facts({
        'eks.vpc-cni-addon': addon({
          configuration: { form: 'unreadable', detail: 'configurationValues: neither JSON nor YAML' },
        }),
        'kubernetes.aws-node': daemonSetOff,
        'kubernetes.aws-node-pods': [podOff],
        'kubernetes.amazon-vpc-cni': OFF,
      }),
      expected: [
        {
          resource: name,
          message: 'addon-unreadable',
          text: 'The add-on configuration cannot be read, so nothing can be compared with it',
          missing: ['eks.vpc-cni-addon'],
        },
      ],
    },
    {
      name: 'one side of the comparison is missing: the ConfigMap was denied',
      facts: facts({
        'eks.vpc-cni-addon': addon(),
        'kubernetes.aws-node': daemonSet(),
        'kubernetes.aws-node-pods': [awsNodePod()],
        'kubernetes.amazon-vpc-cni': 'denied',
      }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.amazon-vpc-cni'] }],
    },
    {
      name: 'nothing but the add-on was read',
      facts: facts({ 'eks.vpc-cni-addon': addon() }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'facts-missing',
          missing: ['kubernetes.aws-node', 'kubernetes.aws-node-pods', 'kubernetes.amazon-vpc-cni'],
        },
      ],
    },
  ],
});
