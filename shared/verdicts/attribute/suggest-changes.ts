import type { SuggestedChange } from '../../model/denied-traffic.ts';
import { singleLine } from '../../model/single-line.ts';
import type { Decision } from '../../policy/decision.ts';
import type { Explanation } from '../../policy/explanation.ts';
import { explain } from '../../policy/explain.ts';
import { LISTED, suggestedChange } from './change-text.ts';
import type { WorkedOut } from './change-text.ts';
import type { Cluster } from './cluster.ts';
import { admitsClusterIp, egressPolicy, workOut } from './egress-rule.ts';
import type { Group } from './group.ts';
import type { Judged } from './judge.ts';

export interface Suggested {
  readonly explanation: Explanation;
  readonly suggestions: readonly SuggestedChange[];
  /** Why there is none, where there is none. */
  readonly none: string;
}

const RESOLVERS: ReadonlySet<string> = new Set(['vpc-resolver', 'node-local-dns']);

/** Whether the flow asks a resolver of the cluster or the VPC. */
export const isDns = ({ entries: [{ aggregate, to }] }: Group): boolean => {
  const [owner] = to.owners;
  if (aggregate.destinationPort !== 53 || owner === undefined) return false;
  if (owner.kind === 'well-known') return RESOLVERS.has(owner.service);
  return (owner.kind === 'pod' || owner.kind === 'service') && owner.role === 'cluster-dns';
};

/** Answers too long for UDP come by TCP: https://www.rfc-editor.org/rfc/rfc7766 */
const dnsChange = (judged: Judged, cluster: Cluster): readonly WorkedOut[] => {
  const ports = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: judged.flow.port }));
  const policy = egressPolicy(judged, cluster, 'dns', ports);
  return policy === undefined ? [] : [workOut(judged, policy) ?? []].flat();
};

const byServiceSelector = (judged: Judged, cluster: Cluster): readonly WorkedOut[] => {
  const { flow, service } = judged;
  if (service === undefined || flow.service === undefined) return [];
  const { port, protocol } = flow;
  const policy = egressPolicy(judged, cluster, `${service.name}-${port}-egress`, [{ protocol, port }]);
  return policy === undefined ? [] : [workOut(judged, policy) ?? []].flat();
};

/** Single addresses of these are gone tomorrow; their neighbourhood is not. */
const needsWider = ({ destination, source }: Group): boolean =>
  [source, destination].some(({ owner }) => owner?.kind === 'external' || owner?.kind === 'node');

/** Text from the cluster that acts on a terminal has no place in what people paste. */
const isShown = ({ manifest }: SuggestedChange): boolean =>
  manifest.split('\n').every((line) => singleLine(line, line.length) === line);

/** Whether another egress rule is what the source lacks. */
const ruleMissing = ({ egress: { because } }: Decision): boolean =>
  because.kind === 'no-rule' || because.kind === 'strict-default';

/** Changes that allow a flow which policies deny. All were put in force on the snapshot. */
export const suggestChanges = (judged: Judged, group: Group, cluster: Cluster): Suggested => {
  const { index, flow, decision } = judged;
  const explanation = explain(index, flow, { listed: LISTED });
  const special = ruleMissing(decision) && isDns(group) ? dnsChange(judged, cluster) : [];
  const general: readonly WorkedOut[] = explanation.suggestions
    .filter(({ closes, scope }) => closes.count === 0 && (scope === 'wider' || !needsWider(group)))
    .filter(({ changes }) => admitsClusterIp(changes, judged))
    .map(({ scope, changes, yaml, opens }) => ({ scope, changes, yaml, opens: [opens] }));
  const found =
    special.length > 0
      ? special
      : general.length > 0
        ? general
        : ruleMissing(decision)
          ? byServiceSelector(judged, cluster)
          : [];
  const suggestions = found.map((one) => suggestedChange(one, flow, index)).filter(isShown);
  const closing = explanation.suggestions.find(({ closes }) => closes.count > 0);
  return {
    explanation,
    suggestions,
    none:
      closing === undefined
        ? 'The two ends have no labels or addresses by which a policy could name them without naming too many others.'
        : `Every change that would allow this cuts ${closing.closes.count} other connections.`,
  };
};

/** A deviation that a rule by the Service's own selector mends. */
export const mendServiceSelector = (judged: Judged, cluster: Cluster): readonly SuggestedChange[] =>
  byServiceSelector(judged, cluster)
    .map((one) => suggestedChange(one, judged.flow, judged.index))
    .filter(isShown);
