import { dump } from 'js-yaml';
import { becauseText, clusterRuleText } from '../shared/policy/because-text.ts';
import { CAVEATS } from '../shared/policy/caveats.ts';
import type { Side, Verdict } from '../shared/policy/decision.ts';
import { changesText, flowText, NOTHING_SUGGESTED, nearestText, radiusText } from '../shared/policy/describe.ts';
import type { Explanation } from '../shared/policy/explanation.ts';
import { endpointText } from '../shared/policy/flow.ts';
import type { Flow } from '../shared/policy/flow.ts';
import type { ReachSet } from '../shared/policy/reach-tally.ts';
import type { Suggestion } from '../shared/policy/suggest.ts';
import { inert } from '../shared/report/text.ts';
import type { Answer } from './simulate-answer.ts';

const WORDS: { readonly [V in Verdict]: string } = { allowed: 'ALLOWED', denied: 'DENIED', unknown: 'UNKNOWN' };
const EFFECTS = {
  'may-be-allowed': 'may pass all the same',
  'may-be-denied': 'may be denied all the same',
  undetermined: 'not determined',
  note: 'note',
} as const;

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => (line === '' ? '' : `  ${line}`));

const sideLine = (name: string, end: string, side: Side): string =>
  `${name} ${end}: ${side.verdict}: ${becauseText(side)}`;

/** The policies that isolate an end, where the reason does not name them already. */
const isolation = (name: string, { isolated, isolatedBy, because }: Side): readonly string[] =>
  isolated && because.kind !== 'no-rule'
    ? [`  isolated (${name}) by ${isolatedBy.map((policy) => `${policy.namespace}/${policy.name}`).join(', ')}`]
    : [];

const reaches = ({ count, listed }: ReachSet, what: string): readonly string[] =>
  count === 0
    ? []
    : [
        `${what} ${count}:`,
        ...indented(listed.map((reach) => flowText(reach))),
        ...(count > listed.length ? [`  and ${count - listed.length} more`] : []),
      ];

const manifestLines = ({ manifests }: Suggestion): readonly string[] =>
  manifests
    .map((manifest) => dump(manifest, { lineWidth: -1, noRefs: true }).trimEnd())
    .join('\n---\n')
    .split('\n');

const smallest = (suggestion: Suggestion): readonly string[] => [
  '',
  `Smallest change: ${changesText(suggestion)}`,
  '',
  ...indented(manifestLines(suggestion)),
  '',
  ...reaches(suggestion.opens, 'It also opens'),
  ...reaches(suggestion.closes, 'It also closes'),
  ...(suggestion.opens.count + suggestion.closes.count === 0 ? ['It opens and closes nothing else.'] : []),
  ...suggestion.admits.map(
    ({ direction, cidr, except }) =>
      `It admits addresses (${direction}): ${cidr}${except.length === 0 ? '' : ` except ${except.join(', ')}`}`,
  ),
];

const alternatives = (others: readonly Suggestion[]): readonly string[] =>
  others.length === 0
    ? []
    : [
        '',
        'Alternatives (--output json has their manifests):',
        ...others.map((other) => `  ${other.scope}: ${changesText(other)}; ${radiusText(other)}`),
      ];

const remedy = ({ denied, forbiddenBy, suggestions: [first, ...others] }: Explanation): readonly string[] => {
  if (forbiddenBy.length > 0) {
    return ['', ...forbiddenBy.map((rule) => `No NetworkPolicy can allow this: ${clusterRuleText(rule)} comes first.`)];
  }
  if (first !== undefined) return [...smallest(first), ...alternatives(others)];
  return denied.length > 0 ? ['', NOTHING_SUGGESTED] : [];
};

const caveats = ({ decision }: Explanation): readonly string[] => {
  const kinds = [...new Set(decision.caveats.map(({ kind }) => kind))];
  return kinds.length === 0
    ? []
    : [
        '',
        'Mind:',
        ...kinds.map((kind) => `  ${EFFECTS[CAVEATS[kind].effect]}: ${CAVEATS[kind].text} ${CAVEATS[kind].url}`),
      ];
};

const serviceLine = ({ service, port }: Flow): readonly string[] =>
  service === undefined
    ? []
    : [
        `through Service ${service.namespace}/${service.name} port ${service.port}, here on the backend's own port ${port}`,
      ];

const pairsLine = ({ counts, flows }: Answer): readonly string[] =>
  flows.length === 1
    ? []
    : [
        `one of ${flows.length} pairs of ends: ${counts.allowed} allowed, ${counts.denied} denied, ${counts.unknown} unknown`,
      ];

/** The whole answer in lines. Names from the cluster are made harmless; the verdict stands first. */
export const renderAnswer = (answer: Answer): string => {
  const { verdict, explanation } = answer;
  const { flow, decision, denied } = explanation;
  const lines = [
    `${WORDS[verdict]}  ${flowText(flow)}`,
    ...indented([...serviceLine(flow), ...pairsLine(answer)]),
    '',
    sideLine('Egress of', endpointText(flow.from), decision.egress),
    ...isolation('egress', decision.egress),
    sideLine('Ingress of', endpointText(flow.to), decision.ingress),
    ...isolation('ingress', decision.ingress),
    ...denied.flatMap(({ nearest }) => (nearest === undefined ? [] : [nearestText(nearest, flow)])),
    ...remedy(explanation),
    ...caveats(explanation),
  ];
  return `${lines.map(inert).join('\n')}\n`;
};
