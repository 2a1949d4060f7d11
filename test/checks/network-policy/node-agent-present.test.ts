import check from '../../../shared/checks/network-policy/node-agent-present.ts';
import type { ContainerStatus } from '../../../shared/model/facts-kubernetes.ts';
import { checkTester } from '../../support/check-tester.ts';
import { agentContainer, awsNodePod, cniContainer, facts, node } from '../../support/cluster.ts';

const name = 'ip-10-0-1-5.us-west-2.compute.internal';
const otherName = 'ip-10-0-2-6.us-west-2.compute.internal';
const status = 'kubernetes.aws-node-pods:[name=aws-node-x7k2p].statuses[name=aws-eks-nodeagent]';

const agentStatus = (change: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'aws-eks-nodeagent',
  ready: true,
  restartCount: 0,
  state: 'running',
  reason: '',
  ...change,
});

checkTester(check, {
  pass: [
    {
      name: 'the agent runs and is ready',
      facts: facts({ 'kubernetes.nodes': [node()], 'kubernetes.aws-node-pods': [awsNodePod()] }),
      expected: [
        {
          resource: name,
          message: 'agent-running',
          text: 'Container aws-eks-nodeagent runs and is ready',
          evidence: [status],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'it was restarted often and is ready again',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod({ statuses: [agentStatus({ restartCount: 17 })] })],
      }),
      expected: [{ resource: name, message: 'agent-running', evidence: [status] }],
    },
    {
      name: 'an ipamd that is not ready does not hide a ready agent',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({
            statuses: [
              { name: 'aws-node', ready: false, restartCount: 3, state: 'waiting', reason: 'CrashLoopBackOff' },
              agentStatus(),
            ],
          }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-running', evidence: [status] }],
    },
    {
      name: 'two aws-node pods on one node during a roll: the younger one is what will run',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({
            name: 'aws-node-older',
            createdAt: '2026-11-01T00:01:00Z',
            statuses: [agentStatus({ ready: false, state: 'terminated', reason: 'Completed' })],
          }),
          awsNodePod({ createdAt: '2026-11-20T08:59:00Z' }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-running', evidence: [status] }],
    },
    {
      name: 'an evicted aws-node pod, younger than the one that runs, does not count',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod(),
          awsNodePod({ name: 'aws-node-evicted', createdAt: '2026-11-19T00:00:00Z', phase: 'Failed', statuses: [] }),
          awsNodePod({ name: 'aws-node-done', createdAt: '2026-11-19T00:00:00Z', phase: 'Succeeded', statuses: [] }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-running', evidence: [status] }],
    },
  ],
  fail: [
    {
      name: 'the node joined a second too long ago for its missing aws-node pod',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:54:59Z' })],
        'kubernetes.aws-node-pods': [],
      }),
      expected: [{ resource: name, message: 'no-aws-node-pod' }],
    },
    {
      name: 'a new node whose agent has crashed already is not starting',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:59:00Z' })],
        'kubernetes.aws-node-pods': [
          awsNodePod({
            statuses: [agentStatus({ ready: false, restartCount: 1, state: 'waiting', reason: 'CrashLoopBackOff' })],
          }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-not-ready' }],
    },
    {
      name: 'a new node whose agent has ended, not restarted yet',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:59:00Z' })],
        'kubernetes.aws-node-pods': [
          awsNodePod({ statuses: [agentStatus({ ready: false, state: 'terminated', reason: 'Error' })] }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-not-ready' }],
    },
    {
      name: 'a new node whose aws-node pod has no agent container will never have one',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:59:00Z' })],
        'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer()] })],
      }),
      expected: [{ resource: name, message: 'no-agent-container' }],
    },
    {
      name: 'the agent is in a crash loop',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({
            statuses: [agentStatus({ ready: false, restartCount: 17, state: 'waiting', reason: 'CrashLoopBackOff' })],
          }),
        ],
      }),
      expected: [
        {
          resource: name,
          message: 'agent-not-ready',
          text: 'Container aws-eks-nodeagent of pod aws-node-x7k2p is not ready: CrashLoopBackOff, 17 restarts',
          evidence: [status],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'the agent runs and is not ready',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod({ statuses: [agentStatus({ ready: false })] })],
      }),
      expected: [
        {
          resource: name,
          message: 'agent-not-ready',
          text: 'Container aws-eks-nodeagent of pod aws-node-x7k2p is not ready: running, 0 restarts',
          evidence: [status],
        },
      ],
    },
    {
      name: 'ready still stands beside a container that has ended: the state decides',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({ statuses: [agentStatus({ state: 'terminated', reason: 'OOMKilled' })] }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-not-ready', evidence: [status] }],
    },
    {
      name: 'the pod has just been scheduled: kubelet has told no status yet',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod({ phase: 'Pending', statuses: [] })],
      }),
      expected: [
        {
          resource: name,
          message: 'agent-not-ready',
          text: 'Container aws-eks-nodeagent of pod aws-node-x7k2p is not ready: no status yet, 0 restarts',
          evidence: [status],
        },
      ],
    },
    {
      name: 'two aws-node pods during a roll, and the younger one cannot pull its agent',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({
            createdAt: '2026-11-20T08:59:00Z',
            statuses: [agentStatus({ ready: false, state: 'waiting', reason: 'ImagePullBackOff' })],
          }),
          awsNodePod({ name: 'aws-node-older' }),
        ],
      }),
      expected: [{ resource: name, message: 'agent-not-ready', evidence: [status] }],
    },
    {
      name: 'the agent container was taken out with nodeAgent.enabled=false in the Helm values',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer()] })],
      }),
      expected: [
        {
          resource: name,
          message: 'no-agent-container',
          text: 'The aws-node pod aws-node-x7k2p has no container aws-eks-nodeagent',
          evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p].containers'],
        },
      ],
    },
    {
      name: 'the name that some AWS pages give the container is not its name',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [
          awsNodePod({ containers: [cniContainer(), agentContainer({ name: 'aws-network-policy-agent' })] }),
        ],
      }),
      expected: [{ resource: name, message: 'no-agent-container' }],
    },
    {
      name: 'the only aws-node pods run on another node, or have ended on this one',
      facts: facts({
        'kubernetes.nodes': [node()],
        'kubernetes.aws-node-pods': [awsNodePod({ nodeName: otherName }), awsNodePod({ phase: 'Failed' })],
      }),
      expected: [
        {
          resource: name,
          message: 'no-aws-node-pod',
          text: 'No aws-node pod runs on this node: its pods get no policy',
          evidence: [`kubernetes.aws-node-pods:[nodeName=${name}]`],
        },
      ],
    },
    {
      name: 'two nodes and no aws-node pod: one outcome each',
      facts: facts({
        'kubernetes.nodes': [node(), node({ name: otherName, uid: '6f1f0a52-0000-4000-8000-000000000002' })],
        'kubernetes.aws-node-pods': [],
      }),
      expected: [
        { resource: name, message: 'no-aws-node-pod' },
        { resource: otherName, message: 'no-aws-node-pod' },
      ],
    },
  ],
  notApplicable: [
    {
      name: 'a Fargate node runs no DaemonSet',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'fargate' } })],
        'kubernetes.aws-node-pods': [],
      }),
      expected: [
        {
          resource: name,
          message: 'no-daemonset-here',
          text: 'This node is of kind fargate: it runs no aws-node pod by design',
        },
      ],
    },
    {
      name: 'an Auto Mode node has the agent inside its own image',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } })],
        'kubernetes.aws-node-pods': [],
      }),
      expected: [{ resource: name, message: 'no-daemonset-here' }],
    },
    {
      name: 'the affinity of aws-node leaves hybrid nodes out',
      facts: facts({
        'kubernetes.nodes': [node({ labels: { 'eks.amazonaws.com/compute-type': 'hybrid' } })],
        'kubernetes.aws-node-pods': [],
      }),
      expected: [{ resource: name, message: 'no-daemonset-here' }],
    },
    {
      name: 'Windows has no DaemonSet aws-node',
      facts: facts({ 'kubernetes.nodes': [node({ operatingSystem: 'windows' })], 'kubernetes.aws-node-pods': [] }),
      expected: [{ resource: name, message: 'no-daemonset-here' }],
    },
    {
      name: 'an API without a list of aws-node pods',
      facts: facts({ 'kubernetes.nodes': [node()], 'kubernetes.aws-node-pods': 'absent' }),
      expected: [{ resource: name, message: 'no-pods-list' }],
    },
    {
      name: 'no nodes: nothing to examine',
      facts: facts({ 'kubernetes.nodes': [], 'kubernetes.aws-node-pods': [] }),
      expected: [{ resource: 'shop-prod', message: 'nothing-to-examine' }],
    },
  ],
  notEvaluated: [
    {
      name: 'the node joined five minutes before and has no aws-node pod yet',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:55:00Z' })],
        'kubernetes.aws-node-pods': [],
      }),
      expected: [
        {
          resource: name,
          message: 'agent-starting',
          text: 'The node joined 300 s before and its agent is still starting: no aws-node pod yet',
          missing: ['kubernetes.aws-node-pods'],
        },
      ],
    },
    {
      name: 'the node joined a minute before and pulls the image of its agent',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:59:00Z' })],
        'kubernetes.aws-node-pods': [
          awsNodePod({ statuses: [agentStatus({ ready: false, state: 'waiting', reason: 'ContainerCreating' })] }),
        ],
      }),
      expected: [
        {
          resource: name,
          message: 'agent-starting',
          text: 'The node joined 60 s before and its agent is still starting: ContainerCreating',
          evidence: [status],
        },
      ],
    },
    {
      name: 'the node joined while the pods were listed: its clock may even be ahead',
      facts: facts({
        'kubernetes.nodes': [node({ createdAt: '2026-11-20T09:00:02Z' })],
        'kubernetes.aws-node-pods': [awsNodePod({ phase: 'Pending', statuses: [] })],
      }),
      expected: [
        {
          resource: name,
          message: 'agent-starting',
          text: 'The node joined 0 s before and its agent is still starting: no status yet',
        },
      ],
    },
    {
      name: 'the pods of aws-node could not be listed',
      facts: facts({ 'kubernetes.nodes': [node()], 'kubernetes.aws-node-pods': 'throttled' }),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.aws-node-pods'] }],
    },
    {
      name: 'neither nodes nor pods: the API server was out of reach',
      facts: facts({ 'kubernetes.nodes': 'unreachable', 'kubernetes.aws-node-pods': 'unreachable' }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'facts-missing',
          missing: ['kubernetes.nodes', 'kubernetes.aws-node-pods'],
        },
      ],
    },
  ],
});
