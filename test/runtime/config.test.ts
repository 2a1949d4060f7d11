import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../shared/runtime/config.ts';

const ENV = { AWS_REGION: 'us-west-2', TABLE_NAME: 'findings', SECURITY_HUB: 'on', SLACK_SECRET_ID: '' };

describe('the configuration', () => {
  it('has what is required and what is set; empty is not set', () => {
    expect(readConfig(ENV, ['TABLE_NAME'])).toEqual({
      AWS_REGION: 'us-west-2',
      TABLE_NAME: 'findings',
      SECURITY_HUB: 'on',
    });
  });

  it('names every variable that is missing, and what was expected', () => {
    expect(() => readConfig({ TABLE_NAME: '' }, ['TABLE_NAME', 'AUDIT_QUEUE_URL'])).toThrow(
      new ConfigError(
        'TABLE_NAME is not set: expected the name of a DynamoDB table; AUDIT_QUEUE_URL is not set: expected the URL of a FIFO queue',
      ),
    );
  });

  it.each([
    ['SECURITY_HUB', 'yes', 'expected on or off'],
    ['AUDIT_QUEUE_URL', 'https://sqs.us-west-2.amazonaws.com/1/q', 'expected the URL of a FIFO queue'],
    ['WEBHOOK_URL', 'http://hooks.example.test/', 'expected an https URL'],
    ['TOPIC_ARN', 'topic', 'expected the ARN of an SNS topic'],
    ['RECORDED_CLUSTERS', '../fleet', 'expected an absolute path'],
  ])('refuses %s where it is wrong, also where it is not required', (name, value, problem) => {
    expect(() => readConfig({ [name]: value }, [])).toThrow(`${name}: ${problem}`);
  });

  it('repeats no value: it may be a secret in the wrong place', () => {
    expect(() => readConfig({ SLACK_SECRET_ID: 'xoxb 123 token' }, [])).toThrow(/^(?!.*xoxb).*$/);
  });
});
