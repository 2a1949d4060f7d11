import { defineCheck } from '../../model/check.ts';
import type { Fact, Unobserved } from '../../model/fact.ts';
import type { Evidence } from '../../model/outcome.ts';
import { evidence, isUnobserved, missing, printable } from '../links/evidence.ts';
import { clusterResource } from '../links/resources.ts';

/** What the other checks read through AWS. Without the first three an audit says nothing of a cluster. */
const ALWAYS_ASKED = ['eks.cluster', 'eks.vpc-cni-addon', 'eks.nodegroups'] as const;
/** Asked only where nodes leave something open that EC2 could tell: not asked is no gap. */
const ASKED_AT_NEED = ['ec2.instances', 'ec2.images', 'ec2.launch-templates'] as const;
const ASKED = [...ALWAYS_ASKED, ...ASKED_AT_NEED] as const;
type Asked = (typeof ASKED)[number];

/**
 * The codes by which AWS says "you may not": an answer. Other denials are none about the account: no or expired
 * credentials, a wrong clock, a proxy's 403, or a call that was never made because one before it was refused.
 * https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const CODES = 'AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized|OptInRequired';
/** `<code>: <message>` of a live call, or the words of the AWS CLI in a dump. */
const REFUSAL = new RegExp(`^(?:${CODES}): |An error occurred \\((?:${CODES})\\)`);

interface Refusal {
  readonly key: Asked;
  readonly fact: Unobserved;
}

const isRefusal = ({ fact }: Refusal): boolean => fact.reason === 'denied' && REFUSAL.test(fact.detail);

/** An account whose role cannot be assumed refuses one call, whatever number of facts hang on it. */
const distinctCalls = (refusals: readonly Refusal[]): readonly Refusal[] =>
  [...new Map(refusals.toReversed().map((refusal) => [refusal.fact.source, refusal])).values()].toReversed();

const refusalEvidence = ({ key, fact }: Refusal): Evidence => ({
  fact: key,
  path: 'refused',
  value: printable(fact.detail),
  grade: 'observed',
  source: printable(fact.source),
  observedAt: fact.observedAt,
});

const isNotAskedAtNeed = (key: Asked, fact: Fact<unknown>): boolean =>
  fact.state === 'unobserved' && fact.reason === 'not-collected' && ASKED_AT_NEED.some((each) => each === key);

export default defineCheck({
  id: 'fleet/account-access',
  title: 'The service may read the cluster through AWS',
  severity: 'medium',
  resource: 'cluster',
  rationale:
    'What AWS refuses to us is not known: every check that needs it is not evaluated, and a cluster that nobody can look into is a gap in the compliance record.',
  remediation: {
    text: 'Deploy or update the stack of the member account, infra/spoke/member-account.yml, by its StackSet (docs/service/onboarding.md); it makes the role and its permissions. Where you made the role yourself, give it infra/iam.generated.yml. A stack that is up to date leaves the trust policy with its external id, or a service control policy that denies the call.',
    command:
      'aws cloudformation list-stack-instances --stack-set-name netpol-warden-member --stack-instance-account <account>',
    url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
  },
  references: [
    {
      standard: 'eks-user-guide',
      control: 'Troubleshooting IAM: AccessDeniedException',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/security-iam-troubleshoot.html',
      readOn: '2026-11-21',
    },
  ],
  lifecycle: 'stable',
  // Whether a fact can be read is what is examined: none may be missing before.
  needs: {},
  uses: ASKED,
  messages: {
    'account-answers': 'AWS answered all that this audit asked: {calls}',
    'account-refuses': 'AWS refused what an audit needs: {calls}',
    'account-unknown': 'Whether the service may read the cluster is not known, without an answer to {facts}',
  },
  evaluate: (facts, cluster) => {
    const resource = clusterResource(cluster);
    const gaps = ASKED.flatMap((key): readonly Refusal[] => {
      const fact = facts[key];
      return isUnobserved(fact) && !isNotAskedAtNeed(key, fact) ? [{ key, fact }] : [];
    });
    const answers = ASKED.flatMap((key) => {
      const fact = facts[key];
      return isUnobserved(fact) ? [] : [evidence(key, fact, 'state', fact.state)];
    });

    const [refusal, ...refusals] = distinctCalls(gaps.filter(isRefusal));
    if (refusal !== undefined) {
      const calls = [refusal, ...refusals].map(({ fact }) => printable(fact.source)).join(', ');
      return [
        {
          resource,
          status: 'fail',
          message: 'account-refuses',
          values: { calls },
          evidence: [refusalEvidence(refusal), ...refusals.map(refusalEvidence)],
        },
      ];
    }
    const [gap, ...others] = gaps.map(({ key, fact }) => missing(key, fact));
    if (gap !== undefined) {
      const names = gaps.map(({ key }) => key).join(', ');
      return [
        {
          resource,
          status: 'not-evaluated',
          message: 'account-unknown',
          values: { facts: names },
          missing: [gap, ...others],
          evidence: answers,
        },
      ];
    }
    const [answer, ...more] = answers;
    // Without a gap there are answers: the facts that are always asked for.
    if (answer === undefined) return [];
    const calls = [...new Set([answer, ...more].map(({ source }) => printable(source)))].join(', ');
    return [{ resource, status: 'pass', message: 'account-answers', values: { calls }, evidence: [answer, ...more] }];
  },
});
