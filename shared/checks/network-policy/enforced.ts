import { defineCheck, HOUR_SECONDS, renderMessage, type Result } from '../../model/check.ts';
import type { Grade } from '../../model/fact.ts';
import type { Node } from '../../model/facts-kubernetes.ts';
import type { Evidence, MissingFact } from '../../model/outcome.ts';
import { networkingOf, UNSUPPORTED_NETWORKING } from '../links/aws-node.ts';
import {
  brokenKey,
  CHAIN_BREAKS,
  CHAIN_MESSAGES,
  chainIndex,
  DECLARATION,
  judgeChain,
  type JudgedLink,
} from '../links/chain.ts';
import { CHAIN_USES } from '../links/chain-judges.ts';
import { items } from '../links/evidence.ts';
import { nodeResource } from '../links/resources.ts';

const OWN_MESSAGES = {
  enforced: 'NetworkPolicy is enforced: all {links} links hold, the weakest evidence is {grade} ({weakest})',
  'not-known': 'Whether NetworkPolicy is enforced is not known; undecided: {links}',
  unsupported: 'The VPC CNI does not enforce NetworkPolicy on {kind}: policies do not protect the pods of this node',
};

/** A key for each link, so that nodes which break at different links are told apart everywhere. */
const MESSAGES: { readonly [key: string]: string } = {
  ...OWN_MESSAGES,
  ...Object.fromEntries(
    CHAIN_BREAKS.map(({ key, name }) => [
      key,
      `NetworkPolicy is not enforced by the VPC CNI. First broken link: ${name}. {because}`,
    ]),
  ),
};

const STRENGTH: readonly Grade[] = ['observed', 'declared', 'inferred'];

const weakestOf = (links: readonly JudgedLink[]): { readonly grade: Grade; readonly name: string } => {
  let weakest: { grade: Grade; name: string } = { grade: 'observed', name: 'all of it' };
  for (const { name, link } of links) {
    if (name === DECLARATION) continue;
    for (const { grade } of link.evidence ?? []) {
      if (STRENGTH.indexOf(grade) > STRENGTH.indexOf(weakest.grade)) weakest = { grade, name };
    }
  }
  return weakest;
};

/** One broken link is enough for FAIL, whatever could not be read; PASS needs every link that applies. */
const judge = (node: Node, links: readonly JudgedLink[]): Result<string> => {
  const resource = nodeResource(node);
  const held: Evidence[] = links.flatMap(({ link }) => (link.state === 'holds' ? link.evidence : []));
  const broken = links.find(({ link }) => link.state === 'broken');
  if (broken !== undefined && broken.link.state === 'broken') {
    const { name, link } = broken;
    const because = renderMessage(CHAIN_MESSAGES, link.message, link.values).text;
    return {
      resource,
      status: 'fail',
      message: brokenKey(name, link.message),
      values: { because },
      evidence: link.evidence,
    };
  }
  const unknown = links.filter(({ link }) => link.state === 'unknown');
  const named = unknown.flatMap(({ link }) => (link.state === 'unknown' ? link.missing : []));
  const gaps: readonly MissingFact[] = [...new Map(named.map((gap) => [`${gap.fact} ${gap.detail}`, gap])).values()];
  const [first, ...rest] = gaps;
  if (first !== undefined) {
    const values = { links: unknown.map(({ name }) => name).join(', ') };
    return {
      resource,
      status: 'not-evaluated',
      message: 'not-known',
      values,
      missing: [first, ...rest],
      evidence: held,
    };
  }
  const [head, ...tail] = held;
  if (head === undefined) throw new Error(`no link of node ${node.name} has evidence`);
  const weakest = weakestOf(links);
  const applied = links.filter(({ link }) => link.state === 'holds').length;
  const values = { links: applied, grade: weakest.grade, weakest: weakest.name };
  return { resource, status: 'pass', message: 'enforced', values, evidence: [head, ...tail] };
};

export default defineCheck({
  id: 'network-policy/enforced',
  title: 'NetworkPolicy is really enforced on the node: no link of the chain is broken',
  severity: 'high',
  resource: 'node',
  rationale:
    'Enforcement needs a dozen things to hold at once, in different places. One broken link leaves the pods of the node as open as if no policy existed, while the API still shows every policy.',
  remediation: {
    text: 'Mend the first broken link that the finding names; the check of that link has the exact command. Then audit again: the next link, if any, is named in its turn.',
    command: 'netpol-warden explain network-policy/enforced',
    commands: Object.fromEntries(CHAIN_BREAKS.map(({ key, fix }) => [key, fix])),
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Limit Pod traffic with Kubernetes network policies',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      readOn: '2026-08-22',
    },
    {
      standard: 'eks-best-practices',
      control: 'Network security: network policy',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
      readOn: '2026-08-22',
    },
  ],
  lifecycle: 'stable',
  needs: { 'kubernetes.nodes': { maxAgeSeconds: HOUR_SECONDS } },
  uses: [...CHAIN_USES],
  messages: MESSAGES,
  evaluate: (facts) => {
    const index = chainIndex(facts);
    return items(facts['kubernetes.nodes']).map((node) => {
      const kind = UNSUPPORTED_NETWORKING[networkingOf(node)];
      return kind === undefined
        ? judge(node, judgeChain(node, facts, index))
        : { resource: nodeResource(node), status: 'not-applicable', message: 'unsupported', values: { kind } };
    });
  },
});
