/** How the service is set up: environment variables of its Lambdas, written by infra/. Secrets are named here, never held. */

/** A variable is missing or not what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

interface Variable {
  readonly pattern: RegExp;
  readonly expected: string;
}

const HTTP_URL = /^https?:\/\/[^\s/]+(?:\/\S*)?$/;
const HTTPS_URL = /^https:\/\/[^\s/]+(?:\/\S*)?$/;
const TOPIC = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/;
const SECRET = /^[\w/+=.@:-]{1,512}$/;

const VARIABLES = {
  AWS_REGION: { pattern: /^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/, expected: 'a Region, as Lambda sets it' },
  /** The table of shared/store/dynamodb/definition.ts. */
  TABLE_NAME: { pattern: /^[\w.-]{3,255}$/, expected: 'the name of a DynamoDB table' },
  AUDIT_QUEUE_URL: { pattern: /^https?:\/\/\S+\.fifo$/, expected: 'the URL of a FIFO queue' },
  VERIFY_QUEUE_URL: { pattern: HTTP_URL, expected: 'the URL of a queue' },
  BUCKET_NAME: { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, expected: 'the name of an S3 bucket' },
  /** In the bucket: docs/settings.schema.json. */
  SETTINGS_KEY: { pattern: /^[\w!.*'()/-]{1,1024}$/, expected: 'the key of settings.json in the bucket' },
  BUS_NAME: { pattern: /^[\w./:-]{1,1600}$/, expected: 'the name or ARN of an event bus' },
  TOPIC_ARN: { pattern: TOPIC, expected: 'the ARN of an SNS topic' },
  CHAT_TOPIC_ARN: { pattern: TOPIC, expected: 'the ARN of an SNS topic' },
  SLACK_SECRET_ID: { pattern: SECRET, expected: 'the name or ARN of a secret with a bot token or a webhook URL' },
  SLACK_CHANNEL: { pattern: /^[\w#-]{1,80}$/, expected: 'a Slack channel' },
  /** For tests and the local run. */
  SLACK_API_URL: { pattern: HTTP_URL, expected: 'an http or https URL' },
  WEBHOOK_URL: { pattern: HTTPS_URL, expected: 'an https URL' },
  WEBHOOK_SECRET_ID: { pattern: SECRET, expected: 'the name or ARN of a secret' },
  WEBHOOK_PAYLOAD: { pattern: /^(?:finding|pagerduty)$/, expected: 'finding or pagerduty' },
  SECURITY_HUB: { pattern: /^(?:on|off)$/, expected: 'on or off' },
  OCSF: { pattern: /^(?:on|off)$/, expected: 'on or off' },
  COMPANY_NAME: { pattern: /^[\w .,&()/-]{1,128}$/, expected: 'the name of a company, at most 128 characters' },
  /** Audits read dumps in this directory instead of AWS: for the local run and for tests. */
  RECORDED_CLUSTERS: { pattern: /^\/.{1,1000}$/, expected: 'an absolute path' },
} as const satisfies { readonly [name: string]: Variable };

export type ConfigName = keyof typeof VARIABLES;

/** What was asked for is there; of the rest what is set. Without values that are empty, as CloudFormation writes "none". */
export type Config<N extends ConfigName> = { readonly [K in N]: string } & { readonly [K in ConfigName]?: string };

/**
 * The variables of one function.
 * @throws ConfigError naming each variable that is missing or wrong, and what was expected; never a value
 */
export const readConfig = <const N extends ConfigName>(
  env: { readonly [name: string]: string | undefined },
  required: readonly N[],
): Config<N> => {
  const needed = new Set<string>(required);
  const problems: string[] = [];
  const values: { [name: string]: string } = {};
  for (const [name, { pattern, expected }] of Object.entries<Variable>(VARIABLES)) {
    const value = env[name];
    if (value === undefined || value === '') {
      if (needed.has(name)) problems.push(`${name} is not set: expected ${expected}`);
    } else if (pattern.test(value)) values[name] = value;
    else problems.push(`${name}: expected ${expected}`);
  }
  if (problems.length > 0) throw new ConfigError(problems.join('; '));
  // Every required name was found above, and only names of VARIABLES were put in.
  return values as Config<N>;
};
