import * as z from 'zod';
import type { Exception } from '../model/exception.ts';
import { SEVERITIES } from '../model/check.ts';
import { singleLine } from '../model/single-line.ts';

/** `settings.json` is not as docs/settings.schema.json says. One line per problem: the path in it, and the expectation. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const said = (expectation: string) => z.string(expectation).regex(/\S/, expectation).max(500);
const account = z.string().regex(/^\d{12}$/, 'expected twelve digits');
const region = z.string().regex(/^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/, 'expected a Region, as eu-west-1');
const cluster = z
  .string()
  .regex(
    /^(?:arn:[a-z-]+:eks:[a-z0-9-]+:\d{12}:cluster\/)?[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
    'expected the name or ARN of a cluster',
  );
const check = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected one whole check id, no pattern');
const severity = z.enum(SEVERITIES);
const time = z.iso.datetime({ offset: true, error: 'expected a time (RFC 3339)' });
const day = z.union([z.iso.date(), time], { error: 'expected a day (YYYY-MM-DD) or a time (RFC 3339)' });
const https = z.url({ protocol: /^https$/, error: 'expected an https URL' });

const Account = z
  .strictObject({
    id: account,
    role: z
      .strictObject({
        name: z.string().regex(/^[\w+=,.@-]{1,64}$/, "expected a role's name"),
        externalId: z.string().min(2).max(1224).describe('What the trust policy of the role demands.'),
      })
      .exactOptional()
      .describe("The member account's read-only role. Absent: the service's own account, with its own role."),
    regions: z.array(region).min(1),
    clusters: z.array(cluster).min(1).exactOptional().describe('Only these clusters. Absent: all of the regions.'),
    securityHubRole: z
      .string()
      .regex(/^[\w+=,.@-]{1,64}$/)
      .exactOptional()
      .describe('Role that may call securityhub:BatchImportFindings there. Absent: `role`.'),
  })
  .describe('An account whose clusters are audited. Events and logs of any other account are refused.');

const Route = z.strictObject({
  channel: said('expected a Slack channel'),
  severityAtLeast: severity.exactOptional(),
  account: account.exactOptional(),
  cluster: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  check: z.string().exactOptional().describe('Beginning of a check id: `denied-traffic/`.'),
});

const Maintenance = z.strictObject({
  cluster: cluster.exactOptional(),
  account: account.exactOptional(),
  from: time,
  to: time,
});

const Owner = z
  .strictObject({
    owner: said('expected who looks after these findings'),
    account: account.exactOptional(),
    cluster: cluster.exactOptional(),
    check: z.string().exactOptional().describe('Beginning of a check id.'),
    resource: z.string().exactOptional().describe("Beginning of a resource's name: `shop/` for a namespace."),
  })
  .describe('The first entry that fits a finding names its owner.');

// Strict: a misspelt `resource` would otherwise except every resource.
const ExceptionEntry = z.strictObject({
  check,
  cluster: cluster.exactOptional(),
  resource: said('expected the name or id of a resource').exactOptional(),
  owner: said('expected who decided this'),
  reason: said('expected why no action is needed'),
  expires: day,
}) satisfies z.ZodType<Exception>;

export const SettingsDocument = z.strictObject({
  $schema: z.string().exactOptional(),
  accounts: z.array(Account).min(1),
  enforce: z
    .array(cluster)
    .default([])
    .describe(
      'Clusters whose lifecycle hooks turn away nodes that are not compliant. Elsewhere nodes are only observed.',
    ),
  routes: z.array(Route).default([]),
  maintenance: z.array(Maintenance).default([]),
  severityAtLeast: z
    .record(z.string(), severity)
    .default({})
    .describe('By name of the destination (slack, chat): people hear of what is at least so severe.'),
  owners: z.array(Owner).default([]),
  exceptions: z.array(ExceptionEntry).default([]),
  awsIpRanges: z
    .boolean('expected true or false')
    .default(true)
    .describe(
      'Whether the list of addresses that Amazon publishes is downloaded once a day, so that a denied flow to one names ' +
        'the AWS service. Without it such an address is external.',
    ),
  links: z
    .strictObject({
      report: https.exactOptional(),
      runbook: https.exactOptional(),
    })
    .default({}),
});

export type Settings = z.infer<typeof SettingsDocument>;
export type AccountSettings = Settings['accounts'][number];

const LINE_LIMIT = 300;
const PROBLEMS_SHOWN = 20;

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');

const accountsTwice = ({ accounts }: Settings): readonly string[] => {
  const seen = new Set<string>();
  return accounts.flatMap(({ id }, index) => {
    const isTwice = seen.has(id);
    seen.add(id);
    return isTwice ? [`accounts[${index}].id: expected each account once`] : [];
  });
};

/** @throws SettingsError naming the document, each path in it, and what was expected */
export const parseSettings = (place: string, document: unknown): Settings => {
  const read = SettingsDocument.safeParse(document);
  const problems = read.success
    ? accountsTwice(read.data)
    : read.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
  if (read.success && problems.length === 0) return read.data;
  throw new SettingsError(
    problems
      .slice(0, PROBLEMS_SHOWN)
      .map((problem) => singleLine(`${place}: ${problem}`, LINE_LIMIT))
      .join('\n'),
  );
};
