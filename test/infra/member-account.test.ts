import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { eventPatterns, generateMemberAccount, memberAccountTemplate } from '../../infra/generate/spoke.ts';
import type { Template } from '../../infra/validate.ts';
import { actionsOf, ofType, property, statementsOf } from './template.ts';

const file = (path: string): Promise<string> => readFile(new URL(`../../infra/${path}`, import.meta.url), 'utf8');
const text = await file('spoke/member-account.yml');
// A CloudFormation template in plain YAML.
const template = load(text) as Template;
const patterns = await eventPatterns();

describe("the member account's template", () => {
  it('is as `npm run generate` writes it from the declarations of the collectors and the event patterns', async () => {
    expect(text).toBe(await generateMemberAccount(await file('iam.generated.yml')));
  });

  it('forwards what the hub listens to, by the same patterns, and no request for an audit', () => {
    const rules = ofType(template, 'AWS::Events::Rule').map(([, rule]) => property(rule, 'EventPattern'));
    expect(rules).toEqual([...patterns].filter(([name]) => name !== 'audit-requested').map(([, pattern]) => pattern));
  });

  it('reads only, except that it answers lifecycle hooks where somebody switched that on', () => {
    const byResource = Map.groupBy(statementsOf(template), ([id]) => id);
    const actions = (id: string): readonly string[] =>
      (byResource.get(id) ?? []).flatMap(([, statement]) => actionsOf(statement));
    expect([...byResource.keys()].toSorted()).toEqual([
      'HookAnswers',
      'NetpolWardenForwarder',
      'NetpolWardenPublisher',
      'NetpolWardenReader',
      'ReadClusters',
    ]);
    for (const action of [...actions('NetpolWardenReader'), ...actions('ReadClusters')]) {
      expect(action).toMatch(/^[a-z0-9-]+:(Describe|List|Get)[A-Za-z]+$/);
    }
    expect(actions('HookAnswers')).toEqual([
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:RecordLifecycleActionHeartbeat',
    ]);
    expect(template.Resources['HookAnswers']?.Condition).toBe('AnswersHooks');
    expect(actions('NetpolWardenForwarder')).toEqual(['events:PutEvents']);
    expect(actions('NetpolWardenPublisher')).toEqual([
      'securityhub:BatchImportFindings',
      'securityhub:BatchUpdateFindings',
    ]);
  });

  it('lets the hub in with the external id alone', () => {
    for (const id of ['NetpolWardenReader', 'NetpolWardenPublisher']) {
      const role = template.Resources[id];
      if (role === undefined) throw new Error(`no ${id}`);
      expect(property(role, 'AssumeRolePolicyDocument.Statement')).toEqual([
        {
          Effect: 'Allow',
          Principal: { AWS: { Ref: id === 'NetpolWardenReader' ? 'HubRoleArns' : 'HubPublishRoleArns' } },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } },
        },
      ]);
    }
  });

  it('makes its roles, which are global, in one Region only', () => {
    for (const { Type, Condition } of Object.values(template.Resources)) {
      if (!Type.startsWith('AWS::IAM::')) continue;
      expect(['IsHomeRegion', 'MakesForwarder', 'MakesPublisher', 'AnswersHooks']).toContain(Condition);
    }
  });

  it('lets only lines of denials leave the account', () => {
    const filters = ofType(template, 'AWS::Logs::SubscriptionFilter');
    expect(filters).toHaveLength(5);
    for (const [id, filter] of filters)
      expect([id, property(filter, 'FilterPattern')]).toEqual([id, '"PolicyVerdict: DENY"']);
  });

  it('has no transform, which service-managed StackSets would refuse', () => {
    expect(Object.keys(template)).toEqual([
      'AWSTemplateFormatVersion',
      'Description',
      'Parameters',
      'Conditions',
      'Resources',
      'Outputs',
    ]);
  });

  it('follows the IAM declarations: another action there is another action here', async () => {
    const iam =
      'PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["eks:DescribeNew"], Resource: "*" }] }';
    const changed = memberAccountTemplate(await file('spoke/member-account.base.yml'), iam, new Map());
    expect(changed).toContain('eks:DescribeNew');
    expect(changed).not.toContain('ec2:DescribeInstances');
  });
});
