import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../shared/checks/catalogue.generated.ts';
import check from '../../../shared/checks/fleet/account-access.ts';
import { classifyFailure } from '../../../shared/collect/live/classify-failure.ts';
import { DependencyError } from '../../../shared/collect/live/collector.ts';
import { evaluate } from '../../../shared/evaluate/evaluate.ts';
import { unobserved } from '../../../shared/model/fact.ts';
import type { FactKey, Facts } from '../../../shared/model/snapshot.ts';
import { checkTester } from '../../support/check-tester.ts';
import { addon, AT, CLUSTER, eksCluster, facts } from '../../support/cluster.ts';

const EKS = { 'eks.cluster': eksCluster(), 'eks.vpc-cni-addon': addon(), 'eks.nodegroups': [] };
const EC2 = { 'ec2.instances': [], 'ec2.images': [], 'ec2.launch-templates': [] };

const refused = (source: string, detail: string, ...keys: readonly FactKey[]): Partial<Facts> =>
  Object.fromEntries(keys.map((key) => [key, unobserved('denied', detail, source, AT)]));

const TEMPLATES = refused(
  'ec2:DescribeLaunchTemplateVersions',
  'UnauthorizedOperation: You are not authorized to perform this operation',
  'ec2.launch-templates',
);
const ASSUME = 'sts:AssumeRole of arn:aws:iam::111122223333:role/NetpolWardenReader';

checkTester(check, {
  pass: [
    {
      name: 'every call was answered, also with the answer that there is no such add-on',
      facts: facts({ ...EKS, ...EC2, 'eks.vpc-cni-addon': 'absent' }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-answers',
          text: 'AWS answered all that this audit asked: test:eks.cluster, test:eks.vpc-cni-addon, test:eks.nodegroups, test:ec2.instances, test:ec2.images, test:ec2.launch-templates',
          evidence: [
            'eks.cluster:state',
            'eks.vpc-cni-addon:state',
            'eks.nodegroups:state',
            'ec2.instances:state',
            'ec2.images:state',
            'ec2.launch-templates:state',
          ],
        },
      ],
    },
    {
      name: 'EC2 was not asked, because the nodes already told',
      facts: facts(EKS),
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-answers',
          evidence: ['eks.cluster:state', 'eks.vpc-cni-addon:state', 'eks.nodegroups:state'],
        },
      ],
    },
  ],
  fail: [
    {
      name: 'a member stack that is older than the hub: one call is not allowed yet',
      facts: { ...facts({ ...EKS, ...EC2 }), ...TEMPLATES },
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-refuses',
          text: 'AWS refused what an audit needs: ec2:DescribeLaunchTemplateVersions',
          evidence: ['ec2.launch-templates:refused'],
          grades: ['observed'],
        },
      ],
    },
    {
      name: 'no member stack: the role cannot be assumed, and that is one refusal and not six',
      facts: {
        ...facts({}),
        ...refused(
          ASSUME,
          'AccessDenied: User: arn:aws:sts::999988887777:assumed-role/hub is not authorized to perform: sts:AssumeRole',
          ...check.uses,
        ),
      },
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-refuses',
          text: `AWS refused what an audit needs: ${ASSUME}`,
          evidence: ['eks.cluster:refused'],
        },
      ],
    },
    {
      name: 'a dump whose AWS CLI was refused one call, while another ran into its timeout',
      facts: {
        ...facts({ ...EKS, 'eks.vpc-cni-addon': 'unreachable' }),
        ...refused(
          'eks:ListNodegroups',
          'aws: [ERROR]: An error occurred (AccessDeniedException) when calling the ListNodegroups operation: not authorized',
          'eks.nodegroups',
        ),
        ...TEMPLATES,
      },
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-refuses',
          text: 'AWS refused what an audit needs: eks:ListNodegroups, ec2:DescribeLaunchTemplateVersions',
          evidence: ['eks.nodegroups:refused', 'ec2.launch-templates:refused'],
        },
      ],
    },
  ],
  notApplicable: { none: 'every EKS cluster stands in an AWS account that is asked about it' },
  notEvaluated: [
    {
      name: 'EKS was throttled and EC2 out of reach: neither refused nor known',
      facts: facts({ ...EKS, 'eks.cluster': 'throttled', 'ec2.images': 'unreachable' }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-unknown',
          text: 'Whether the service may read the cluster is not known, without an answer to eks.cluster, ec2.images',
          missing: ['eks.cluster', 'ec2.images'],
          evidence: ['eks.vpc-cni-addon:state', 'eks.nodegroups:state'],
        },
      ],
    },
    {
      name: 'nobody asked AWS',
      facts: facts({ ...EC2 }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'account-unknown',
          missing: ['eks.cluster', 'eks.vpc-cni-addon', 'eks.nodegroups'],
        },
      ],
    },
  ],
});

const judged = (given: Facts) => evaluate({ cluster: CLUSTER, takenAt: AT, facts: given }, [check]).outcomes[0];

/** As the collectors write down what was thrown. */
const afterError = (error: Error) => {
  const { reason, detail } = classifyFailure(error);
  expect(reason).toBe('denied');
  return judged({ ...facts(EKS), ...refused('eks:DescribeCluster', detail, 'eks.cluster') });
};

const thrown = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });

describe('what counts as a refusal', () => {
  it.each(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'OptInRequired'])(
    'AWS says %s: it does',
    (name) => {
      expect(afterError(thrown(name, 'no'))?.status).toBe('fail');
    },
  );

  it.each([
    ['there are no credentials here', thrown('CredentialsProviderError', 'Could not load credentials')],
    ['the single sign-on session ended', thrown('TokenProviderError', 'Token is expired')],
    ['the credentials have expired', thrown('ExpiredTokenException', 'The security token is expired')],
    ['a proxy answers 403', thrown('SyntaxError', 'AccessDenied: <html>', { $metadata: { httpStatusCode: 403 } })],
    [
      'the call before it was refused, so it was never made',
      new DependencyError('eks.nodegroups', unobserved('denied', 'AccessDenied: no', 'eks:ListNodegroups', AT)),
    ],
  ])('%s: it does not, and nothing is known', (_, error) => {
    expect(afterError(error)?.status).toBe('not-evaluated');
  });

  it('reads it in the words of the AWS CLI only where a call was made', () => {
    const detail = 'aws: [ERROR]: An error occurred (NoCredentials): Unable to locate credentials.';
    expect(judged({ ...facts(EKS), ...refused('x', detail, 'eks.cluster') })?.status).toBe('not-evaluated');
  });
});

it('shows the words of AWS bounded and on one line', () => {
  const detail = `AccessDenied: \u202E\n${'x'.repeat(5000)}`;
  const outcome = judged({ ...facts(EKS), ...refused(`eks:${'y'.repeat(5000)}`, detail, 'eks.cluster') });
  expect(outcome?.evidence[0]?.value).toMatch(/^AccessDenied: \uFFFD\uFFFDx+…$/);
  expect(outcome?.evidence[0]?.value).toHaveLength(200);
  expect(outcome?.message.text.length).toBeLessThan(300);
});

it('knows every fact that another check reads through AWS', () => {
  const read = CATALOGUE.filter(({ id }) => id !== check.id)
    .flatMap(({ needs, uses }) => [...Object.keys(needs), ...uses])
    .filter((key) => !/^(kubernetes|nodes|verdicts)\./.test(key));
  expect(check.uses.toSorted()).toEqual([...new Set(read)].toSorted());
});
