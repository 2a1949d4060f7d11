import type { LabelSelector, PolicyPort } from '../model/facts-kubernetes.ts';
import { becauseText, clusterRuleText, policyText, ruleText } from './because-text.ts';
import { CAVEATS } from './caveats.ts';
import type { Explanation, SideExplanation } from './explanation.ts';
import { endpointText } from './flow.ts';
import type { Flow } from './flow.ts';
import type { NearestRule, PeerMismatch, PortMismatch } from './nearest-rule.ts';
import type { Suggestion } from './suggest.ts';

const requirementText = ({ key, operator, values }: LabelSelector['matchExpressions'][number]): string => {
  if (operator === 'In' && values.length === 1) return `${key}=${values[0] ?? ''}`;
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} (${values.join(', ')})`;
};

const portText = ({ protocol, port, endPort }: PolicyPort): string =>
  `${protocol}/${port ?? 'any'}${endPort === undefined ? '' : `-${endPort}`}`;

export const flowText = ({ from, to, port, protocol }: Flow): string =>
  `${endpointText(from)} to ${endpointText(to)} on ${protocol}/${port}`;

const peerText = (mismatch: PeerMismatch): string => {
  switch (mismatch.part) {
    case 'namespace-labels':
    case 'pod-labels': {
      const owner = mismatch.part === 'pod-labels' ? 'pod' : 'namespace';
      const actual = mismatch.actual === undefined ? 'has no such label' : `has ${mismatch.actual}`;
      return `its ${owner} selector asks for ${requirementText(mismatch.requirement)}, the ${owner} ${actual}`;
    }
    case 'own-namespace-only':
      return `its peer has no namespaceSelector and so means pods of ${mismatch.policyNamespace}, not of ${mismatch.actual}`;
    case 'selector-for-address':
      return 'its peer selects pods and the other end is an address';
    case 'cidr':
      return `its address range ${mismatch.cidr} does not hold the address`;
    case 'except':
      return `its address range ${mismatch.cidr} excepts ${mismatch.except}`;
    case 'domain-names':
      return `its domain names (${mismatch.names.join(', ')}) do not cover the other end`;
    case 'no-selector':
      return 'its peer selects nothing';
    default:
      return mismatch satisfies never;
  }
};

const portMismatchText = (mismatch: PortMismatch): string => {
  if (mismatch.part !== 'named-port') return portText(mismatch.port);
  const declared = mismatch.declared.map(({ port, protocol }) => `${protocol}/${port}`).join(', ');
  return `${portText(mismatch.port)} (${declared === '' ? 'which the pod does not declare' : `there ${declared}`})`;
};

export const nearestText = ({ rule, peer, ports }: NearestRule, { port, protocol }: Flow): string => {
  const lacks = [
    ...(peer?.mismatches.map(peerText) ?? []),
    ...(ports === undefined ? [] : [`it admits ${ports.map(portMismatchText).join(', ')} and not ${protocol}/${port}`]),
  ];
  return `Nearest rule: ${ruleText(rule)}; ${lacks.join('; ')}.`;
};

const sideText = ({ direction, subject, side, nearest }: SideExplanation, flow: Flow): readonly string[] => [
  `${direction === 'egress' ? 'Egress' : 'Ingress'} of ${endpointText(subject)}: ${becauseText(side, flowText(flow))}.`,
  ...(nearest === undefined ? [] : [nearestText(nearest, flow)]),
];

/** What to do: `create NetworkPolicy shop/allow-front and add to ports of shop/orders ingress[0]`. */
export const changesText = ({ changes }: Suggestion): string =>
  changes
    .map((change) => {
      if (change.kind === 'patch')
        return `add to ${change.list} of ${policyText(change.policy)} ${change.direction}[${change.ruleIndex}]`;
      const { namespace, name } = change.manifest.metadata;
      return `create NetworkPolicy ${namespace}/${name}`;
    })
    .join(' and ');

/** What it does besides. */
export const radiusText = ({ opens, closes }: Suggestion): string => {
  const opened = `${opens.count} other connections open, ${opens.sameWorkloads} of them between replicas of the same workloads`;
  return `${opened}${closes.count === 0 ? '' : `; ${closes.count} connections close`}`;
};

const suggestionText = (suggestion: Suggestion): string =>
  `Smallest change: ${changesText(suggestion)}; ${radiusText(suggestion)}.`;

export const NOTHING_SUGGESTED =
  'Nothing is suggested: the two ends have no labels or addresses by which a policy could name them without naming too many others.';

/** An explanation in sentences, the verdict first. Plain text: names from the cluster are neither escaped nor shortened. */
export const describe = ({
  flow,
  decision,
  denied,
  forbiddenBy,
  suggestions: [smallest],
}: Omit<Explanation, 'summary'>): readonly string[] => [
  `${flowText(flow)} is ${decision.allowed}.`,
  ...denied.flatMap((side) => sideText(side, flow)),
  ...forbiddenBy.map(
    (rule) => `No NetworkPolicy can allow this: ${clusterRuleText(rule)} denies it before any of them.`,
  ),
  ...(smallest === undefined ? [] : [suggestionText(smallest)]),
  ...(denied.length > 0 && forbiddenBy.length === 0 && smallest === undefined ? [NOTHING_SUGGESTED] : []),
  ...[...new Set(decision.caveats.map(({ kind }) => kind))].map((kind) => CAVEATS[kind].text),
];
