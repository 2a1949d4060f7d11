import check from '../../../shared/checks/network-policy/node-agent-enabled.ts';
import type { AwsNodePod } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { agentContainer, awsNodePod, cniContainer, eksCluster, facts, node } from '../../support/cluster.ts';

const name = 'ip-10-0-1-5.us-west-2.compute.internal';
const flags = 'kubernetes.aws-node-pods:[name=aws-node-x7k2p].containers[name=aws-eks-nodeagent].args';

/** An aws-node pod whose agent has exactly these arguments. */
const running = (...args: readonly string[]): AwsNodePod =>
  awsNodePod({ containers: [cniContainer(), agentContainer({ args })] });

checkTester(check, {
  pass: [
    {
      name: '--enable-network-policy=true, as the add-on writes it',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-ipv6=false', '--enable-network-policy=true')],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-enabled',
          text: 'The agent on this node runs with --enable-network-policy=true',
          evidence: [flags],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'a bare flag is true',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('/controller', '--enable-network-policy')],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-enabled',
          text: 'The agent on this node runs with --enable-network-policy',
          evidence: [flags],
        },
      ],
    },
    {
      name: 'two words, flag and false: the flag is bare and true, the word behind it is no value',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy', 'false')],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-enabled', evidence: [flags] }],
    },
    {
      name: 'the last of two flags wins: false, then true',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy=false', '--enable-network-policy=true')],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-enabled', evidence: [flags] }],
    },
    {
      name: 'T and 1 are true to Go',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy=T', '--enable-ipv6=1')],
        'eks.cluster': eksCluster({ ipFamily: 'ipv6' }),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-enabled',
          text: 'The agent on this node runs with --enable-network-policy=T',
          evidence: [flags],
        },
      ],
    },
    {
      name: 'an IPv6 cluster whose agent polices IPv6',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-ipv6=true', '--enable-network-policy=true')],
        'eks.cluster': eksCluster({ ipFamily: 'ipv6' }),
      }),
      expected: [{ resource: name, message: 'agent-enabled', evidence: [flags] }],
    },
  ],
  fail: [
    {
      name: '--enable-network-policy=false, the default of the manifest',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-ipv6=false', '--enable-network-policy=false')],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-disabled',
          text: 'The agent on this node runs with --enable-network-policy=false: it enforces nothing',
          evidence: [flags],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'the flag is missing: the default of the program is false',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-ipv6=false')],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-disabled',
          text: 'The agent on this node runs with --enable-network-policy not set (default false): it enforces nothing',
          evidence: [flags],
        },
      ],
    },
    {
      name: 'the last of two flags wins: true, then false',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy=true', '--enable-network-policy=false')],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-disabled', evidence: [flags] }],
    },
    {
      name: '=yes is no boolean of Go: the agent does not start with it',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy=yes')],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-disabled', evidence: [flags] }],
    },
    {
      name: 'an empty value is no boolean of Go either',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy=')],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-disabled', evidence: [flags] }],
    },
    {
      name: 'a longer flag of the same beginning is another flag',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-network-policy-logs=true')],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-disabled', evidence: [flags] }],
    },
    {
      name: 'a roll half done: the younger pod runs with the switch off',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({ name: 'aws-node-older' }),
          awsNodePod({
            createdAt: '2026-11-20T08:58:00Z',
            containers: [cniContainer(), agentContainer({ args: ['--enable-network-policy=false'] })],
          }),
        ],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-disabled', evidence: [flags] }],
    },
    {
      name: 'an IPv6 cluster whose agent polices IPv4',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [running('--enable-ipv6=false', '--enable-network-policy=true')],
        'eks.cluster': eksCluster({ ipFamily: 'ipv6' }),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-wrong-family',
          text: 'The agent on this node runs with --enable-ipv6=false in an ipv6 cluster: it skips the rules of that family',
          evidence: [flags],
          grades: ['observed'],
        },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'no agent container: its absence is the finding of node-agent-present, not of this check',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer()] })],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'no-agent',
          text: 'There is no agent container on this node to switch on (see network-policy/node-agent-present)',
        },
      ],
    },
    {
      name: 'no aws-node pod on this node',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'no-agent' }],
    },
    {
      name: 'an Auto Mode node has no flag to look at',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } })],
        'kubernetes.aws-node-pods': [],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'no-daemonset-here',
          text: 'This node is of kind auto-mode: it runs no aws-node pod by design',
        },
      ],
    },
    {
      name: 'an API without a list of aws-node pods',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': 'absent',
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'nothing-listed' }],
    },
    {
      name: 'EKS has no cluster of this name',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod()],
        'eks.cluster': 'absent',
      }),
      expected: [{ resource: name, message: 'nothing-listed' }],
    },
  ],
  notEvaluated: [
    {
      name: 'the switch comes from a variable that was not read',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({ containers: [agentContainer({ args: ['--enable-network-policy=$(NETWORK_POLICY)'] })] }),
        ],
        'eks.cluster': eksCluster(),
      }),
      expected: [
        {
          resource: name,
          message: 'agent-flag-unresolved',
          text: 'The agent on this node runs with --enable-network-policy=$(NETWORK_POLICY), and the value of that variable was not read',
          missing: ['kubernetes.aws-node-pods'],
        },
      ],
    },
    {
      name: 'the IP family comes from a variable that was not read',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({
            containers: [agentContainer({ args: ['--enable-network-policy=true', '--enable-ipv6=$(IPV6)'] })],
          }),
        ],
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: name, message: 'agent-flag-unresolved', missing: ['kubernetes.aws-node-pods'] }],
    },
    {
      name: 'the IP family of the cluster could not be read',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod()],
        'eks.cluster': 'denied',
      }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['eks.cluster'] }],
    },
    {
      name: 'some pages of pods came, not all: a partial list proves nothing',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': 'partial',
        'eks.cluster': eksCluster(),
      }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.aws-node-pods'] }],
    },
  ],
});
