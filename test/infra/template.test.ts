import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parametersSchema } from '../../infra/generate/parameters-schema.ts';
import { MEMBER_TEMPLATE, type Resource, type Template, validate, withPackaged } from '../../infra/validate.ts';
import { TABLE_DEFINITION, TTL_ATTRIBUTE } from '../../shared/store/dynamodb/definition.ts';
import { actionsOf, destinationOf, ofType, property, statementsOf } from './template.ts';

let template: Template = { Resources: {} };
let complaints: readonly string[] = ['not validated'];

beforeAll(async () => {
  await withPackaged(async (packaged) => {
    template = packaged.template;
    complaints = await validate([packaged.path, MEMBER_TEMPLATE]);
  });
}, 120_000);

const functions = (): readonly (readonly [string, Resource])[] => ofType(template, 'AWS::Lambda::Function');
const resource = (id: string): Resource => {
  const found = template.Resources[id];
  if (found === undefined) throw new Error(`no resource ${id}`);
  return found;
};
const withProperty = (type: string, path: string): readonly (readonly [string, unknown])[] =>
  ofType(template, type).map(([id, each]) => [id, property(each, path)] as const);
const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };

describe('the packaged template', () => {
  it("passes AWS's own validator together with the member account's template, but for exemptions with a reason", () => {
    expect(complaints).toEqual([]);
  });

  it('has the six functions of the service', () => {
    expect(functions().map(([, { Properties }]) => Properties?.['FunctionName'])).toEqual([
      'netpol-warden-prod-audit-on-change',
      'netpol-warden-prod-audit-cluster',
      'netpol-warden-prod-verify-node',
      'netpol-warden-prod-watch-verdicts',
      'netpol-warden-prod-publish-findings',
      'netpol-warden-prod-audit-fleet',
    ]);
  });

  it('gives every function its limits, tracing, an encrypted environment and a role of its own', () => {
    for (const [id, each] of functions()) {
      expect(property(each, 'Timeout')).toBeGreaterThanOrEqual(60);
      expect(property(each, 'MemorySize')).toBeGreaterThanOrEqual(512);
      expect(property(each, 'ReservedConcurrentExecutions')).toBeGreaterThan(0);
      expect([id, property(each, 'TracingConfig.Mode')]).toEqual([id, 'Active']);
      expect([id, property(each, 'KmsKeyArn')]).toEqual([id, KEY]);
      expect([id, property(each, 'Runtime')]).toEqual([id, 'nodejs24.x']);
      expect([id, property(each, 'Architectures')]).toEqual([id, ['arm64']]);
    }
    const roles = functions().map(([, each]) => JSON.stringify(property(each, 'Role')));
    expect(new Set(roles).size).toBe(6);
    expect(ofType(template, 'AWS::IAM::Role').map(([id]) => id)).not.toContain('IamRoleLambdaExecution');
  });

  it('keeps the failures of every function, however it was woken', () => {
    const configured = ofType(template, 'AWS::Lambda::EventInvokeConfig').map(([, each]) => [
      property(each, 'FunctionName'),
      destinationOf(each),
    ]);
    expect(configured).toHaveLength(6);
    for (const [name, destination] of configured) {
      expect([JSON.stringify(name), destination]).toEqual([
        JSON.stringify(name),
        { 'Fn::GetAtt': ['FailedInvocations', 'Arn'] },
      ]);
    }
    const mappings = ofType(template, 'AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(4);
    for (const [id, each] of mappings) {
      expect([id, property(each, 'FunctionResponseTypes')]).toEqual([id, ['ReportBatchItemFailures']]);
      if (property(each, 'StartingPosition') === undefined) continue;
      expect([id, property(each, 'BisectBatchOnFunctionError')]).toEqual([id, true]);
      expect([id, destinationOf(each)]).toEqual([id, { 'Fn::GetAtt': ['FailedInvocations', 'Arn'] }]);
    }
  });

  it('keeps logs for a time and encrypts them', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(7);
    for (const [id, each] of groups) {
      expect([id, property(each, 'RetentionInDays')]).toEqual([id, 90]);
      expect([id, property(each, 'KmsKeyId')]).toEqual([id, KEY]);
    }
  });

  it('encrypts what waits, what is kept and what is sent with its own key', () => {
    const encrypted = [
      ...withProperty('AWS::SQS::Queue', 'KmsMasterKeyId'),
      ...withProperty('AWS::SNS::Topic', 'KmsMasterKeyId'),
      ...withProperty('AWS::DynamoDB::Table', 'SSESpecification.KMSMasterKeyId'),
      ...withProperty('AWS::Kinesis::Stream', 'StreamEncryption.KeyId'),
      ...withProperty('AWS::Scheduler::Schedule', 'KmsKeyArn'),
      ...withProperty('AWS::StepFunctions::StateMachine', 'EncryptionConfiguration.KmsKeyId'),
    ];
    expect(encrypted).toHaveLength(6 + 3 + 1 + 1 + 2 + 1);
    for (const [id, key] of encrypted) expect([id, key]).toEqual([id, KEY]);
    expect(property(resource('Key'), 'EnableKeyRotation')).toBe(true);
  });

  it('grants no action with a star, and every resource only where the API knows no narrower one', () => {
    const anyResource = new Set<string>();
    for (const [id, statement] of statementsOf(template)) {
      for (const action of actionsOf(statement)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
      expect(statement).not.toHaveProperty('NotAction');
      if (statement.Effect !== 'Allow' || statement.Resource !== '*') continue;
      for (const action of actionsOf(statement)) anyResource.add(`${id} ${action}`);
    }
    expect(
      [...anyResource].filter((each) => !/^(ReadClusters|VpcAccess|FleetAuditRole) /.test(each)).toSorted(),
    ).toEqual(
      [
        ...['AuditClusterRole', 'AuditFleetRole', 'AuditOnChangeRole', 'PublishFindingsRole', 'VerifyNodeRole'].flatMap(
          (role) => [`${role} xray:PutTelemetryRecords`, `${role} xray:PutTraceSegments`],
        ),
        'AuditOnChangeRole autoscaling:DescribeAutoScalingGroups',
        'AuditOnChangeRole ec2:DescribeInstances',
        'PublishFindingsRole dynamodb:ListStreams',
        'WatchVerdictsRole xray:PutTelemetryRecords',
        'WatchVerdictsRole xray:PutTraceSegments',
      ].toSorted(),
    );
  });

  it('lets only publish-findings read secrets, and only who plans and who looks up list clusters', () => {
    const holders = (action: string): readonly string[] =>
      statementsOf(template).flatMap(([id, statement]) => (actionsOf(statement).includes(action) ? [id] : []));
    expect(holders('secretsmanager:GetSecretValue')).toEqual(['PublishFindingsRole']);
    expect(holders('eks:ListClusters')).toEqual(['AuditOnChangeRole', 'AuditFleetRole']);
    expect(holders('autoscaling:CompleteLifecycleAction')).toEqual(['VerifyNodeRole']);
  });

  it('reads clusters with exactly what the collectors declare', async () => {
    const generated = load(await readFile(new URL('../../infra/iam.generated.yml', import.meta.url), 'utf8'));
    expect({ PolicyDocument: property(resource('ReadClusters'), 'PolicyDocument') }).toEqual(generated);
  });

  it('makes the table that the store expects', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = TABLE_DEFINITION;
    expect(resource('Table').Properties).toMatchObject({
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      StreamSpecification: { StreamViewType: StreamSpecification.StreamViewType },
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  it('holds back audit requests for the whole deduplication interval, and hides each for six timeouts', () => {
    const five = 300;
    expect(resource('AuditRequests').Properties).toMatchObject({ FifoQueue: true, DelaySeconds: five });
    const timeout = (id: string): number => Number(property(resource(id), 'Timeout'));
    expect(property(resource('AuditRequests'), 'VisibilityTimeout')).toBe(
      6 * timeout('AuditDashclusterLambdaFunction'),
    );
    expect(property(resource('VerifyNode'), 'VisibilityTimeout')).toBe(6 * timeout('VerifyDashnodeLambdaFunction'));
    for (const id of ['AuditRequests', 'VerifyNode']) {
      expect([id, property(resource(id), 'RedrivePolicy.maxReceiveCount')]).toEqual([id, 5]);
    }
  });

  it('shuts the bucket to the public, to plain HTTP, and lets what is old go', () => {
    expect(property(resource('Bucket'), 'PublicAccessBlockConfiguration')).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(property(resource('Bucket'), 'LifecycleConfiguration.Rules')).toHaveLength(4);
    expect(property(resource('BucketPolicy'), 'PolicyDocument.Statement')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  it('lets EventBridge write to the dead letter queue of its rules, which it would otherwise not', () => {
    expect(property(resource('EventDeadLettersPolicy'), 'PolicyDocument.Statement.0')).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
    });
    for (const [, each] of ofType(template, 'AWS::Events::Rule')) {
      expect(property(each, 'Targets.0.DeadLetterConfig.Arn')).toEqual({
        'Fn::GetAtt': ['EventDeadLetters', 'Arn'],
      });
    }
  });

  it('runs its schedules with a role that may start just the two targets', () => {
    const invoked = statementsOf({ Resources: { SchedulerRole: resource('SchedulerRole') } });
    expect(invoked.flatMap(([, statement]) => actionsOf(statement)).toSorted()).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'lambda:InvokeFunction',
      'sqs:SendMessage',
      'states:StartExecution',
    ]);
    for (const [id, each] of ofType(template, 'AWS::Scheduler::Schedule')) {
      expect([id, property(each, 'Target.RoleArn')]).toEqual([id, { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] }]);
      expect(property(each, 'Target.DeadLetterConfig.Arn')).toBeDefined();
    }
  });

  it('maps over clusters as a distributed map that no failure of one ends', () => {
    expect(property(resource('FleetAudit'), 'Definition.States.AuditEach')).toMatchObject({
      Type: 'Map',
      ToleratedFailurePercentage: 100,
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject' },
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' } },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' },
    });
  });

  it('links every alarm to a section of the runbook that is there', async () => {
    const runbooks = await readFile(new URL('../../docs/service/runbooks.md', import.meta.url), 'utf8');
    const headings = new Set(
      [...runbooks.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-')),
    );
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(4 + 6 + 6 + 8);
    for (const [id, each] of alarms) {
      const text = JSON.stringify(property(each, 'AlarmDescription'));
      expect(headings).toContain(/\$\{RunbookUrl\}#([a-z-]+)/.exec(text)?.[1]);
      expect([id, property(each, 'AlarmActions')]).toEqual([id, [{ Ref: 'AlarmTopic' }]]);
    }
  });

  it('raises an alarm for changes that wait and for changes that were refused', () => {
    const watched = ['DeliveryLagAlarm', 'DeliveryRefusedAlarm'].map((id) => [
      property(resource(id), 'Namespace'),
      property(resource(id), 'MetricName'),
      property(resource(id), 'Dimensions'),
    ]);
    const dimensions = [{ Name: 'service', Value: 'publish-findings' }];
    expect(watched).toEqual([
      ['NetpolWarden', 'DeliveryLag', dimensions],
      ['NetpolWarden', 'DeliveryRefused', dimensions],
    ]);
    expect(resource('DeliveryRefusedAlarm').Properties).toMatchObject({
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });
});

describe('its parameters', () => {
  const text = (path: string): Promise<string> => readFile(new URL(`../../infra/${path}`, import.meta.url), 'utf8');

  it('are what infra/parameters.schema.json says', async () => {
    expect(JSON.parse(await text('parameters.schema.json'))).toEqual(JSON.parse(parametersSchema(template)));
  });

  it('are given by the example as the schema wants it', async () => {
    const check = new Ajv2020().compile(JSON.parse(await text('parameters.schema.json')));
    expect(check(load(await text('parameters.example.yml')))).toBe(true);
    expect(check({ OrganisationId: 'o-exampleorg1' })).toBe(false);
  });
});
