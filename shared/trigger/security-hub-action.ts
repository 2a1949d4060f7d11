import type { Detail } from './envelope.ts';
import { fieldOf, textOf, type WireEvent } from './envelope.ts';
import { clusterOfArn, sourceText } from './place.ts';
import { forCluster, nothing, type Triggered } from './request.ts';

/** Ids of the custom actions, at most 20 letters and digits. https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-custom-actions.html */
export const CUSTOM_ACTIONS = { reaudit: 'npwReaudit', suppress: 'npwSuppress', explain: 'npwExplain' } as const;

const ACTION_ARN = /:action\/custom\/([A-Za-z0-9]{1,20})$/;
const GENERATOR = /^netpol-warden\/([a-z0-9-]+\/[a-z0-9-]+)$/;
const FINDING_ID = /^[\x21-\x7e]{1,512}$/;
const MOST_FINDINGS = 100;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isOurs = (finding: unknown, account: string): boolean => {
  const product = textOf(finding, 'ProductArn') ?? '';
  const owner = textOf(finding, 'AwsAccountId') ?? account;
  return product.endsWith(`:product/${owner}/default`) && GENERATOR.test(textOf(finding, 'GeneratorId') ?? '');
};

/** The cluster's own resource stands in each finding that we send. Whose it is must agree with the finding. */
const clusterOf = (finding: unknown): ReturnType<typeof clusterOfArn> => {
  const cluster = listOf(fieldOf(finding, 'Resources'))
    .filter((resource) => textOf(resource, 'Type') === 'AwsEksCluster')
    .map((resource) => clusterOfArn(textOf(resource, 'Id')))
    .find((found) => found !== undefined);
  return cluster?.account === textOf(finding, 'AwsAccountId') ? cluster : undefined;
};

const fromFinding = (finding: unknown, action: string, { time, id, place }: WireEvent): readonly Triggered[] => {
  const { account } = place;
  const cluster = isOurs(finding, account) ? clusterOf(finding) : undefined;
  const name = textOf(finding, 'Id') ?? '';
  const check = GENERATOR.exec(textOf(finding, 'GeneratorId') ?? '')?.[1];
  if (cluster === undefined || check === undefined || !FINDING_ID.test(name))
    return nothing('a finding of somebody else');
  switch (action) {
    case CUSTOM_ACTIONS.reaudit: {
      const source = sourceText('aws.securityhub', 'custom action', id);
      return forCluster(cluster, [{ do: 'audit', reason: 'security-hub-action', source, at: time }]);
    }
    case CUSTOM_ACTIONS.suppress:
      return [{ do: 'act', action: { action: 'suppress', cluster, finding: name, check, at: time } }];
    case CUSTOM_ACTIONS.explain:
      return [{ do: 'act', action: { action: 'explain', cluster, finding: name, check, at: time } }];
    default:
      return nothing('a custom action of somebody else');
  }
};

const once = (triggered: readonly Triggered[]): readonly Triggered[] => [
  ...new Map(
    triggered.map((each) => [each.do === 'audit' ? `audit ${each.request.cluster.name}` : JSON.stringify(each), each]),
  ).values(),
];

/** Somebody chose our action on findings in the console: audit again, suppress, or explain. */
export const fromSecurityHubAction = (event: WireEvent): readonly Triggered[] => {
  const action = event.resources.map((arn) => ACTION_ARN.exec(arn)?.[1]).find((id) => id !== undefined);
  const findings = listOf(fieldOf(event.detail satisfies Detail, 'findings')).slice(0, MOST_FINDINGS);
  if (action === undefined || findings.length === 0) return nothing('a custom action without an id or findings');
  return once(findings.flatMap((finding) => fromFinding(finding, action, event)));
};
