import type { ClusterRuleRef, PolicyRef, RuleRef, Side } from './decision.ts';

/** How many policy names a sentence lists. */
const NAMES = 5;

export const policyText = ({ namespace, name }: Pick<PolicyRef, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

export const ruleText = ({ policy, direction, index }: RuleRef): string =>
  `${policyText(policy)} ${direction}[${index}]`;

export const clusterRuleText = ({ policy, direction, index, rule, tier, priority }: ClusterRuleRef): string =>
  `ClusterNetworkPolicy ${policy} ${direction}[${index}]${rule === '' ? '' : ` "${rule}"`} (${tier}, priority ${priority})`;

export const policiesText = (policies: readonly PolicyRef[]): string => {
  const names = policies.slice(0, NAMES).map(policyText).join(', ');
  return policies.length > NAMES ? `${names} and ${policies.length - NAMES} more` : names;
};

const ACTIONS = { Accept: 'accepted', Deny: 'denied', Pass: 'passed on' } as const;

/** Why a side came out as it did. Plain text: names from the cluster are neither escaped nor shortened. */
export const becauseText = ({ because, isolatedBy }: Pick<Side, 'because' | 'isolatedBy'>, what = 'it'): string => {
  switch (because.kind) {
    case 'no-rule':
      return `isolated by ${policiesText(isolatedBy)}; no rule of theirs admits ${what}`;
    case 'cluster-rule':
      return `${ACTIONS[because.rule.action]} by ${clusterRuleText(because.rule)}`;
    case 'strict-default':
      return 'the pod has no policy, and strict mode denies what no policy allows';
    case 'rule':
      return `admitted by ${ruleText(because.rule)}`;
    case 'not-a-pod':
      return 'not a pod: no policy applies to it';
    case 'host-network':
      return 'a hostNetwork pod: no policy applies to it';
    case 'own-node':
      return 'a pod and its own node cannot be cut off from each other';
    case 'same-pod':
      return 'a pod cannot be cut off from itself';
    case 'no-policy':
      return 'no policy selects the pod';
    case 'not-isolated':
      return 'no policy isolates the pod in this direction';
    case 'domain-name':
      return 'rests on a rule on domain names, and an address alone does not tell';
    case 'protocol-undefined':
      return 'policies decide here, and they have no meaning for this protocol';
    case 'no-such-pod':
      return 'an end is not known, or has finished';
    default:
      return because satisfies never;
  }
};
