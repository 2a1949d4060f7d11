import { renderMessage } from '../../../shared/model/check.ts';
import type { Evidence, MessageValues, MissingFact, Outcome, Resource } from '../../../shared/model/outcome.ts';
import type { FactKey } from '../../../shared/model/snapshot.ts';
import { CHECKS } from './checks.ts';
import type { ClusterSpec, NodeState } from './spec.ts';
import { FORBIDDEN, nodeName } from './spec.ts';

export const evidence = (
  fact: FactKey,
  path: string,
  value: string,
  grade: Evidence['grade'] = 'observed',
): Evidence => ({
  fact,
  path,
  value,
  grade,
  source: fact.startsWith('eks.') ? 'eks:DescribeCluster' : `GET /api/v1/${fact.replace('kubernetes.', '')}`,
  observedAt: '2026-11-20T09:00:04Z',
});

const DENIED: MissingFact = {
  fact: 'kubernetes.nodes',
  reason: 'denied',
  detail: FORBIDDEN,
  source: 'GET /api/v1/nodes',
};
const SILENT: MissingFact = {
  fact: 'nodes.probes',
  reason: 'unreachable',
  detail: 'context deadline exceeded',
  source: 'GET …/aws-node-x7k2p:8163/proxy/readyz',
};

type NotEvaluated = { readonly status: 'not-evaluated'; readonly missing: readonly MissingFact[] };
type Judged = { readonly status: 'pass' | 'fail' | 'not-applicable' } | NotEvaluated;

const outcome = (
  check: string,
  resource: Resource,
  judged: Judged,
  key: string,
  seen: readonly [Evidence, ...Evidence[]],
  values?: MessageValues,
): Outcome => {
  const messages = CHECKS.find(({ id }) => id === check)?.messages ?? {};
  return { check, resource, message: renderMessage(messages, key, values), evidence: seen, ...judged };
};

const nodeResource = (index: number): Resource => ({
  type: 'node',
  id: `${nodeName(index)}/uid-${index}`,
  name: nodeName(index),
});

const nodeOutcomes = (state: NodeState, index: number): readonly Outcome[] => {
  const resource = nodeResource(index);
  const at = `[name=${resource.name}]`;
  const kernel = evidence('kubernetes.nodes', `${at}.kernelVersion`, '6.1.147-172.266.amzn2023.x86_64');
  const flag = evidence(
    'kubernetes.aws-node-pods',
    `[nodeName=${resource.name}].containers[name=aws-eks-nodeagent].args`,
    `--enable-network-policy=${state !== 'agent-off'}`,
  );
  const mount = evidence(
    'ec2.images',
    `${at}.release`,
    state === 'no-bpffs' ? 'AL2 v20230501' : 'AL2023 v20260723',
    'inferred',
  );
  const windows = { kind: 'Windows nodes' };
  const judge = (
    check: string,
    broken: boolean,
    holds: string,
    key: string,
    seen: readonly [Evidence, ...Evidence[]],
  ) => {
    if (state === 'windows')
      return outcome(check, resource, { status: 'not-applicable' }, 'unsupported', [kernel], windows);
    if (state === 'unread' && check !== 'network-policy/node-agent-enabled') {
      return outcome(check, resource, { status: 'not-evaluated', missing: [SILENT] }, 'unread', [kernel]);
    }
    const values = { flag: '--enable-network-policy=false', value: 'false' };
    return outcome(check, resource, { status: broken ? 'fail' : 'pass' }, broken ? key : holds, seen, values);
  };
  return [
    judge(
      'network-policy/enforced',
      state !== 'enforced',
      'enforced',
      state,
      state === 'agent-off' ? [flag] : state === 'no-bpffs' ? [mount] : [kernel, flag, mount],
    ),
    judge('network-policy/node-agent-enabled', state === 'agent-off', 'agent-on', 'agent-off', [flag]),
    judge('network-policy/bpffs-mounted', state === 'no-bpffs', 'bpffs-mounted', 'no-bpffs', [mount]),
  ];
};

const AWS_NODE: Resource = { type: 'daemonset', id: 'kube-system/aws-node', name: 'kube-system/aws-node' };

export const clusterOutcomes = ({ cluster, cni, nodes, eventLogs = 'on', access }: ClusterSpec): readonly Outcome[] => {
  if (access === 'denied') {
    const whole: Resource = { type: 'cluster', id: cluster.name, name: cluster.name };
    return CHECKS.map(({ id, messages }) => ({
      check: id,
      resource: whole,
      status: 'not-evaluated',
      message: renderMessage(messages, 'unread'),
      missing: [DENIED],
      evidence: [],
    }));
  }
  const off = nodes.includes('controller-off');
  const map: Resource = { type: 'configmap', id: 'kube-system/amazon-vpc-cni', name: 'kube-system/amazon-vpc-cni' };
  const addon: Resource = { type: 'addon', id: 'vpc-cni', name: 'vpc-cni' };
  const pods = evidence(
    'kubernetes.aws-node',
    'containers[name=aws-node].env',
    'POD_SECURITY_GROUP_ENFORCING_MODE=standard',
  );
  const data = evidence('kubernetes.amazon-vpc-cni', 'enable-network-policy-controller', String(!off));
  const none = evidence('kubernetes.aws-node', 'metadata', 'absent');
  const auto = cni === 'auto-mode';
  const always = (check: string, resource: Resource, key: string, seen: Evidence, values?: MessageValues) =>
    outcome(
      check,
      resource,
      { status: auto ? 'not-applicable' : 'pass' },
      auto ? 'none' : key,
      [auto ? none : seen],
      values,
    );
  return [
    ...nodes.flatMap(nodeOutcomes),
    outcome('network-policy/controller-enabled', map, { status: off ? 'fail' : 'pass' }, off ? 'off' : 'on', [data], {
      value: 'false',
    }),
    always('security-groups-for-pods/enforcing-mode', AWS_NODE, 'standard', pods),
    eventLogs === 'off' && !auto
      ? outcome('network-policy/event-logs', AWS_NODE, { status: 'fail' }, 'off', [
          evidence(
            'kubernetes.aws-node',
            'containers[name=aws-eks-nodeagent].args',
            '--enable-policy-event-logs=false',
            'declared',
          ),
        ])
      : always('network-policy/event-logs', AWS_NODE, 'on', pods),
    always('fleet/addon-version', addon, 'newest', evidence('eks.vpc-cni-addon', 'version', cni, 'declared'), {
      version: cni,
    }),
  ];
};
