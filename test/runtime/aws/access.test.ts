import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { awsAccess } from '../../../shared/runtime/aws/access.ts';
import { callLog } from '../../../shared/runtime/aws/calls.ts';
import { startSts } from '../../support/emulator/sts.ts';
import { awsEnvironment, replaceEnvironment } from '../../support/emulator/environment.ts';

const NOW = (): Date => new Date('2026-11-21T12:00:00Z');
const ROLE = 'arn:aws:iam::444455556666:role/warden';

/** Until the test ends, STS is here. */
const stsAt = (url: string): void => onTestFinished(replaceEnvironment({ ...awsEnvironment(url) }));

describe('access to accounts', () => {
  let requests: readonly { readonly action: string; readonly parameters: { readonly [name: string]: string } }[] = [];

  beforeEach(async () => {
    const sts = await startSts('444455556666');
    requests = sts.requests;
    onTestFinished(() => sts.close());
    stsAt(sts.url);
  });

  test('is gained once for all audits of a principal in a region', async () => {
    const calls = callLog();
    const access = awsAccess(calls, NOW);
    const principal = { roleArn: ROLE, externalId: 'x', sessionTags: { team: 'a', env: 'b' } };
    const [first, second] = await Promise.all([
      access(principal, 'us-west-2'),
      access({ ...principal, sessionTags: { env: 'b', team: 'a' } }, 'us-west-2'),
    ]);
    expect(first).toBe(second);
    expect(first.identity).toMatchObject({ partition: 'aws', account: '444455556666' });
    expect([...calls.counts()]).toEqual([
      ['sts:AssumeRole', 1],
      ['sts:GetCallerIdentity', 1],
    ]);
  });

  test('in another region takes the same credentials and other clients', async () => {
    const calls = callLog();
    const access = awsAccess(calls, NOW);
    const west = await access({ roleArn: ROLE }, 'us-west-2');
    const east = await access({ roleArn: ROLE }, 'us-east-1');
    expect(calls.counts().get('sts:AssumeRole')).toBe(1);
    expect([west, east].map(({ session }) => session(calls).region)).toEqual(['us-west-2', 'us-east-1']);
    expect(west.session(calls).limit).not.toBe(east.session(calls).limit);
  });

  test.each([
    { what: 'role', other: { roleArn: 'arn:aws:iam::444455556666:role/other' } },
    { what: 'external id', other: { roleArn: ROLE, externalId: 'other' } },
    { what: 'session tags', other: { roleArn: ROLE, sessionTags: { team: 'other' } } },
  ])('with another $what is another access', async ({ other }) => {
    const access = awsAccess(callLog(), NOW);
    const one = await access({ roleArn: ROLE }, 'us-west-2');
    const two = await access(other, 'us-west-2');
    expect(two).not.toBe(one);
    expect((await two.session(callLog()).ec2()).config).not.toBe((await one.session(callLog()).ec2()).config);
    // The account and the region are the same, and so is what AWS lets through there.
    expect(two.session(callLog()).limit).toBe(one.session(callLog()).limit);
    expect(requests.filter(({ action }) => action === 'AssumeRole')).toHaveLength(2);
  });
});

const sts = async (answer: (response: ServerResponse, attempt: number) => void): Promise<void> => {
  let attempts = 0;
  const server = createServer((request, response) => {
    request.resume();
    attempts += 1;
    answer(response.setHeader('content-type', 'text/xml'), attempts);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address of this type.
  stsAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
};

const WHO =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws-cn:iam::111122223333:user/a</Arn>' +
  '<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

describe('a question to STS', () => {
  test('counts each of its attempts', async () => {
    await sts((response, attempt) => {
      if (attempt === 1) response.writeHead(500).end();
      else response.end(WHO);
    });
    const calls = callLog();
    const { identity } = await awsAccess(calls, NOW)({}, 'cn-north-1');
    expect(identity.partition).toBe('aws-cn');
    expect([...calls.counts()]).toEqual([['sts:GetCallerIdentity', 2]]);
  });

  test('that was refused is asked again by the next audit', async () => {
    await sts((response, attempt) => {
      if (attempt > 1) response.end(WHO);
      else
        response.writeHead(403).end('<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>');
    });
    const access = awsAccess(callLog(), NOW);
    await expect(access({}, 'us-west-2')).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    expect((await access({}, 'us-west-2')).identity.account).toBe('111122223333');
  });
});
