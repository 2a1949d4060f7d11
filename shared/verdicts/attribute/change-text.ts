import type { SuggestedChange } from '../../model/denied-traffic.ts';
import { endpointText } from '../../policy/flow.ts';
import type { Flow } from '../../policy/flow.ts';
import { workloadKey } from '../../policy/identity-labels.ts';
import type { PolicyChange } from '../../policy/policy-change.ts';
import type { PolicyIndex } from '../../policy/policy-index.ts';
import type { Reach, ReachSet } from '../../policy/reach-tally.ts';
import { label } from './text.ts';

/** How many opened connections a change shows. */
const EXAMPLES = 5;
/** How many are asked of the policy engine: replicas of the same two workloads are among them and are not shown. */
export const LISTED = 200;

const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** One word of a POSIX shell. */
const quoted = (text: string): string => (PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** JSON in ASCII: nothing in it can act on a terminal. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[^\u0020-\u007e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const titleOf = (change: PolicyChange): string => {
  if (change.kind === 'create') {
    const { namespace, name } = change.manifest.metadata;
    return label(`create NetworkPolicy ${namespace}/${name}`);
  }
  const { policy, list, direction, ruleIndex } = change;
  const what = list === 'ports' ? 'port' : 'peer';
  return label(`add a ${what} to ${direction}[${ruleIndex}] of NetworkPolicy ${policy.namespace}/${policy.name}`);
};

/** https://kubernetes.io/docs/reference/kubectl/generated/kubectl_patch/ */
const commandOf = (change: PolicyChange): readonly string[] =>
  change.kind === 'create'
    ? []
    : [
        `kubectl patch networkpolicy ${quoted(change.policy.name)} --namespace ${quoted(change.policy.namespace)} ` +
          `--type=json --patch=${quoted(asciiJson(change.patch))}`,
      ];

/** Manifests; or commands; or both, and then the commands stand in comments of the YAML. */
const manifestOf = (changes: readonly PolicyChange[], yaml: string): string => {
  const commands = changes.flatMap(commandOf);
  if (commands.length === 0) return yaml;
  return yaml === ''
    ? `${commands.join('\n')}\n`
    : `${commands.map((command) => `# also run: ${command}\n`).join('')}${yaml}`;
};

const reachText = ({ from, to, port, protocol }: Reach): string =>
  label(`${endpointText(from)} → ${endpointText(to)}:${port}/${protocol}`);

const workloadOf = (end: Flow['from'], index: PolicyIndex): string => {
  const found = end.kind === 'pod' ? index.podAt(end) : 'unknown';
  return typeof found === 'string' ? endpointText(end) : workloadKey(found.pod);
};

/** Connections between other replicas of the same two workloads are the pair itself, and no surprise. */
const isOther = (flow: Flow, index: PolicyIndex): ((reach: Reach) => boolean) => {
  const [from, to] = [workloadOf(flow.from, index), workloadOf(flow.to, index)];
  return (reach) =>
    reach.port !== flow.port ||
    reach.protocol !== flow.protocol ||
    workloadOf(reach.from, index) !== from ||
    workloadOf(reach.to, index) !== to;
};

export interface WorkedOut {
  readonly scope: SuggestedChange['scope'];
  readonly changes: readonly PolicyChange[];
  readonly yaml: string;
  /** One per step, where the change was worked out in steps. */
  readonly opens: readonly ReachSet[];
}

/** A change as people get it. */
export const suggestedChange = (
  { scope, changes, yaml, opens }: WorkedOut,
  flow: Flow,
  index: PolicyIndex,
): SuggestedChange => ({
  scope,
  titles: changes.map(titleOf),
  manifest: manifestOf(changes, yaml),
  alsoOpens: opens.reduce((total, { count, sameWorkloads }) => total + count - sameWorkloads, 0),
  alsoOpensExamples: opens
    .flatMap(({ listed }) => listed)
    .filter(isOther(flow, index))
    .slice(0, EXAMPLES)
    .map(reachText),
});
