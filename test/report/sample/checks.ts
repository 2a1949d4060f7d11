import type { Check, Remediation, Severity } from '../../../shared/model/check.ts';
import { defineCheck } from '../../../shared/model/check.ts';
import type { ResourceType } from '../../../shared/model/outcome.ts';

const GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html';
const UPDATE_ADDON =
  'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"enableNetworkPolicy":"true"}\'';

/** A report reads a check's words and never calls its body. */
const declare = (
  id: Parameters<typeof defineCheck>[0]['id'],
  severity: Severity,
  resource: ResourceType,
  [title, rationale]: readonly [title: string, rationale: string],
  remediation: Omit<Remediation, 'url'>,
  messages: { readonly [key: string]: string },
): Check =>
  defineCheck({
    id,
    title,
    severity,
    resource,
    rationale,
    remediation: { ...remediation, url: GUIDE },
    references: [
      {
        standard: 'eks-user-guide',
        control: 'Limit Pod traffic with Kubernetes network policies',
        url: GUIDE,
        readOn: '2026-08-22',
      },
    ],
    lifecycle: 'stable',
    needs: {},
    uses: [],
    messages,
    evaluate: () => [],
  });

export const NODE_WORDS = {
  'agent-on': 'The agent on this node runs with --enable-network-policy=true',
  'agent-off': 'The agent on this node runs with {flag}: it enforces nothing',
  'bpffs-mounted': 'bpffs is mounted at /sys/fs/bpf',
  'no-bpffs': 'bpffs is not mounted at /sys/fs/bpf: the agent cannot pin its programs',
  'controller-off':
    'ConfigMap amazon-vpc-cni has enable-network-policy-controller "{value}": no PolicyEndpoint is made',
  enforced: 'Every link of the chain holds on this node',
  unsupported: 'The VPC CNI does not enforce NetworkPolicy on {kind}',
  unread: 'Could not be evaluated',
} as const;

export const CHECKS: readonly Check[] = [
  declare(
    'network-policy/enforced',
    'critical',
    'node',
    [
      'NetworkPolicy is enforced on every node',
      'A policy that a node does not enforce protects nothing, and nothing in Kubernetes says so: the API accepts it and traffic flows.',
    ],
    {
      text: 'Mend the first broken link that the message names, let every aws-node pod roll, and audit again.',
      command: UPDATE_ADDON,
    },
    NODE_WORDS,
  ),
  declare(
    'network-policy/controller-enabled',
    'critical',
    'configmap',
    [
      'The network policy controller is switched on',
      'With the controller off no PolicyEndpoint is made, and agents have nothing to enforce.',
    ],
    {
      text: 'Set the key in the ConfigMap, or let the add-on do it.',
      command:
        'kubectl -n kube-system patch configmap amazon-vpc-cni --type merge -p \'{"data":{"enable-network-policy-controller":"true"}}\'',
    },
    {
      on: 'enable-network-policy-controller is "true"',
      off: 'enable-network-policy-controller is "{value}"',
      unread: 'Could not be evaluated',
    },
  ),
  declare(
    'network-policy/node-agent-enabled',
    'high',
    'node',
    [
      'The network policy agent on every node runs with --enable-network-policy=true',
      'The agent container runs even where the feature is off. With the flag off no node acts on a PolicyEndpoint.',
    ],
    { text: 'Turn NetworkPolicy on in the vpc-cni add-on and let every aws-node pod roll.', command: UPDATE_ADDON },
    NODE_WORDS,
  ),
  declare(
    'network-policy/bpffs-mounted',
    'high',
    'node',
    [
      'Every node has bpffs mounted at /sys/fs/bpf',
      'The agent pins its programs and maps under /sys/fs/bpf. Without the mount nothing is enforced.',
    ],
    {
      text: 'Move the node to AL2023 or Bottlerocket, or mount bpffs in user data and replace the node.',
      command: 'sudo mount -t bpf bpffs /sys/fs/bpf   # persist it with a systemd unit sys-fs-bpf.mount in user data',
    },
    NODE_WORDS,
  ),
  declare(
    'security-groups-for-pods/enforcing-mode',
    'medium',
    'daemonset',
    [
      'POD_SECURITY_GROUP_ENFORCING_MODE is standard',
      'In strict mode traffic of pods with branch interfaces skips the node, and with it NetworkPolicy.',
    ],
    {
      text: 'Set the mode to standard and restart the pods that have a branch interface.',
      command: 'kubectl -n kube-system set env daemonset aws-node POD_SECURITY_GROUP_ENFORCING_MODE=standard',
    },
    {
      standard: 'The mode is standard',
      strict: 'The mode is strict',
      unread: 'Could not be evaluated',
      none: 'No aws-node DaemonSet runs here',
    },
  ),
  declare(
    'network-policy/event-logs',
    'low',
    'daemonset',
    ['Policy event logs are on', 'Without the event log a denied flow leaves no trace.'],
    {
      text: 'Switch the event log on; the vendor asks for one more vCPU a node.',
      command: UPDATE_ADDON.replace(
        '{"enableNetworkPolicy"',
        '{"nodeAgent":{"enablePolicyEventLogs":"true"},"enableNetworkPolicy"',
      ),
    },
    {
      on: 'The agent runs with --enable-policy-event-logs=true',
      off: 'The agent runs with --enable-policy-event-logs=false',
      unread: 'Could not be evaluated',
      none: 'No aws-node DaemonSet runs here',
    },
  ),
  declare(
    'fleet/addon-version',
    'informational',
    'addon',
    ['The vpc-cni add-on is at the newest version of its minor line', 'Older builds lack fixes of the agent.'],
    {
      text: 'Update the add-on.',
      command:
        'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --addon-version <version> --resolve-conflicts PRESERVE',
    },
    {
      newest: '{version} is the newest',
      older: '{version} is not the newest',
      unread: 'Could not be evaluated',
      none: 'The add-on is not installed',
    },
  ),
];
