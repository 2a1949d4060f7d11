import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeInstancesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, onTestFinished, test } from 'vitest';
import { classifyFailure, type Failure } from '../../../shared/collect/live/classify-failure.ts';
import { callLog } from '../../../shared/runtime/aws/calls.ts';
import { awsClients, awsSession, type AwsSession } from '../../../shared/runtime/aws/session.ts';

interface Reply {
  readonly status: number;
  readonly body: string;
  /** More than the body has: the connection ends in the middle. */
  readonly promised?: number;
}

const ok = (body: string): Reply => ({ status: 200, body });
const fault = (status: number, code: string): Reply => ({
  status,
  body: `<Response><Errors><Error><Code>${code}</Code><Message>by the test</Message></Error></Errors></Response>`,
});
const instances = (inner: string): Reply =>
  ok(
    `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${inner}</DescribeInstancesResponse>`,
  );
const INSTANCE =
  '<item><instancesSet><item><instanceId>i-1</instanceId><hypervisor>xen</hypervisor></item></instancesSet></item>';

/** An EC2 that gives these replies, one after the other. */
const endpointOf = async (...replies: readonly Reply[]): Promise<string> => {
  const left = [...replies];
  const server = createServer((request, response) => {
    request.resume();
    const { body, promised, status } = left.shift() ?? fault(500, 'NoMoreReplies');
    response.writeHead(status, { 'content-type': 'text/xml', 'content-length': promised ?? Buffer.byteLength(body) });
    response.write(body, () => (promised === undefined ? response.end() : response.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address of this type.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const OPTIONS = {
  account: '111122223333',
  region: 'us-west-2',
  credentials: () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
  maxAttempts: 2,
};

const sessionOf = async (...replies: readonly Reply[]): Promise<{ aws: AwsSession; counts: () => object }> => {
  const calls = callLog();
  const aws = awsSession({ ...OPTIONS, calls, endpoint: await endpointOf(...replies) });
  return { aws, counts: () => Object.fromEntries(calls.counts()) };
};

const describeInstances = async (aws: AwsSession) => (await aws.ec2()).send(new DescribeInstancesCommand({}));

const failureOf = async (...replies: readonly Reply[]): Promise<Failure | undefined> => {
  const { aws } = await sessionOf(...replies);
  return describeInstances(aws).then(() => undefined, classifyFailure);
};

describe('a long list of EC2', () => {
  test('comes with the fields we use, its token and its metadata', async () => {
    const { aws } = await sessionOf(instances(`<reservationSet>${INSTANCE}</reservationSet><nextToken>t</nextToken>`));
    expect(await describeInstances(aws)).toEqual({
      Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }],
      NextToken: 't',
      $metadata: expect.objectContaining({ httpStatusCode: 200, attempts: 1 }),
    });
  });

  test('that fails takes the SDK’s own way: its name, and another attempt where one helps', async () => {
    const { aws, counts } = await sessionOf(fault(503, 'RequestLimitExceeded'), instances('<reservationSet/>'));
    expect(await describeInstances(aws)).toMatchObject({ Reservations: [], $metadata: { attempts: 2 } });
    expect(counts()).toEqual({ 'ec2:DescribeInstances': 2 });
    expect(await failureOf(fault(403, 'UnauthorizedOperation'))).toEqual({
      reason: 'denied',
      detail: 'UnauthorizedOperation: by the test',
    });
  });

  test('that is no EC2 answer is malformed, asked for once and told where', async () => {
    expect(await failureOf(ok('<html>busy</html>'), instances(''))).toEqual({
      reason: 'malformed',
      detail: expect.stringMatching(/: ec2:DescribeInstances: byte 6 of 17: expected <DescribeInstancesResponse>$/),
    });
    expect(await failureOf(ok(''), instances(''))).toMatchObject({ reason: 'malformed' });
  });

  test('that was cut off on the way is asked for again, and unreachable where that fails too', async () => {
    const half: Reply = { ...instances('<reservationSet/>'), promised: 10_000 };
    expect(await failureOf(half, half)).toMatchObject({ reason: 'unreachable' });
    expect(await failureOf(half, instances('<reservationSet/>'))).toBeUndefined();
  });

  test('of another kind is the SDK’s to read', async () => {
    const { aws } = await sessionOf(
      ok(
        '<DescribeSubnetsResponse><subnetSet><item><subnetId>s</subnetId><ipv6Native>true</ipv6Native></item></subnetSet></DescribeSubnetsResponse>',
      ),
    );
    const answer = await (await aws.ec2()).send(new DescribeSubnetsCommand({}));
    expect(answer.Subnets).toEqual([{ SubnetId: 's', Ipv6Native: true }]);
  });
});

describe('audits that share clients', () => {
  test('each count what they asked themselves', async () => {
    const sessions = awsClients({
      ...OPTIONS,
      endpoint: await endpointOf(instances(''), instances(''), instances('')),
    });
    const [one, two] = [callLog(), callLog()];
    const [first, second] = [sessions(one), sessions(two)];
    await describeInstances(first);
    await describeInstances(second);
    await describeInstances(second);
    expect([...one.counts()]).toEqual([['ec2:DescribeInstances', 1]]);
    expect([...two.counts()]).toEqual([['ec2:DescribeInstances', 2]]);
  });

  test('have one set of connections and one limit', async () => {
    const sessions = awsClients(OPTIONS);
    const [first, second] = [sessions(callLog()), sessions(callLog())];
    expect((await first.ec2()).config.requestHandler).toBe((await second.ec2()).config.requestHandler);
    expect(first.limit).toBe(second.limit);
    expect(first.limit.concurrency).toBe(16);
  });
});
