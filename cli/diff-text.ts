import { becauseText } from '../shared/policy/because-text.ts';
import { CAVEATS } from '../shared/policy/caveats.ts';
import type { Decision } from '../shared/policy/decision.ts';
import { flowText } from '../shared/policy/describe.ts';
import type { FlowChange, PolicyDiff } from '../shared/policy/diff-policies.ts';
import { inert } from '../shared/report/text.ts';
import type { Probes } from './diff-probes.ts';
import type { PolicyChanges } from './diff-policy-names.ts';
import type { NumberedPort } from './simulate-ports.ts';

/** Lines of one kind; JSON has them all. */
const LISTED = 50;

/** The side that denies or leaves open, else both sides' reasons are the same kind of yes. */
const reason = ({ allowed, egress, ingress }: Decision): string => {
  if (allowed === 'allowed') return 'allowed';
  const decides = egress.verdict === allowed ? { name: 'egress', side: egress } : { name: 'ingress', side: ingress };
  return `${allowed} (${decides.name}: ${becauseText(decides.side)})`;
};

const doubts = ({ before, after }: FlowChange): readonly string[] =>
  [...new Set([before, after].flatMap(({ caveats }) => caveats.map(({ kind }) => kind)))].map(
    (kind) => `    ${CAVEATS[kind].text}`,
  );

const listed = (
  title: string,
  changes: readonly FlowChange[],
  more: (change: FlowChange) => readonly string[],
): readonly string[] => {
  if (changes.length === 0) return [`${title}: nothing`];
  const shown = changes.slice(0, LISTED);
  return [
    `${title}: ${changes.length}`,
    ...shown.flatMap((change) => [`  ${flowText(change.flow)}`, ...more(change)]),
    ...(changes.length > LISTED ? [`  and ${changes.length - LISTED} more (--output json lists all)`] : []),
  ];
};

const names = (title: string, list: readonly string[]): readonly string[] =>
  list.length === 0
    ? []
    : [
        `${title}: ${list.slice(0, LISTED).join(', ')}${list.length > LISTED ? ` and ${list.length - LISTED} more` : ''}`,
      ];

export const portsText = (ports: readonly NumberedPort[]): string =>
  ports.map(({ port, protocol }) => `${port}/${protocol}`).join(', ');

/** The whole difference in lines; names from the cluster are made harmless. */
export const renderDiff = (diff: PolicyDiff, policies: PolicyChanges, probes: Probes): string => {
  const lines = [
    ...names('Policies added', policies.added),
    ...names('Policies removed', policies.removed),
    ...names('Policies changed', policies.changed),
    ...listed('Opens', diff.opens, ({ before }) => [`    was ${reason(before)}`]),
    ...listed('Closes', diff.closes, ({ after }) => [`    now ${reason(after)}`]),
    ...listed('Cannot be known', diff.uncertain, (change) => [
      `    was ${reason(change.before)}, now ${reason(change.after)}`,
      ...doubts(change),
    ]),
    `Unchanged: ${diff.unchanged} of ${probes.count} connections, on ${portsText(probes.ports)}`,
    ...names('Pods on the first side only, not compared', probes.onlyBefore),
    ...names('Pods on the second side only, not compared', probes.onlyAfter),
  ];
  return `${lines.map(inert).join('\n')}\n`;
};
