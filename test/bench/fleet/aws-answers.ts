import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { toXml } from '../../support/aws-endpoint/xml.ts';
import type { Handler } from '../../support/aws-endpoint/endpoint.ts';
import { accountOf, actionOf } from '../../support/emulator/account.ts';
import { COMMITTED } from '../../support/fleet/read.ts';
import { ec2Answer } from './ec2-wire.ts';

export interface AwsAnswer {
  readonly type: string;
  readonly body: string;
}

/** What came over the wire. */
export interface AwsAsked {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly accessKeyId: string;
  readonly body: string;
}

export interface ClusterEndpoint {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly nodes: number;
}

const dump = async (file: string): Promise<unknown> =>
  JSON.parse(await readFile(join(COMMITTED, 'shop-prod', 'aws', `${file}.json`), 'utf8'));

const reservations = z.object({
  Reservations: z.array(z.looseObject({ Instances: z.tuple([z.looseObject({ InstanceId: z.string() })]) })),
});

/** The dump's instances, so many of them, as one reservation each. */
const instancesXml = async (count: number): Promise<string> => {
  const { Reservations } = reservations.parse(await dump('describe-instances'));
  const many = Array.from({ length: count }, (_, index) => {
    const reservation = Reservations[index % Reservations.length];
    const id = reservation?.Instances[0].InstanceId ?? '';
    const other = `i-${index.toString(16).padStart(17, '0')}`;
    return JSON.parse(JSON.stringify(reservation).replaceAll(id, other)) as unknown;
  });
  return ec2Answer('DescribeInstances', { Reservations: many });
};

/** In the access key that AssumeRole gives out stands the account: that is how GetCallerIdentity knows it. */
const stsTree = (asked: AwsAsked): string => {
  const form = new URLSearchParams(asked.body);
  if (form.get('Action') === 'GetCallerIdentity') {
    const account = asked.accessKeyId.replace(/^\D+/, '');
    const identity = { Arn: `arn:aws:sts::${account}:assumed-role/warden/bench`, UserId: 'AROA', Account: account };
    return toXml('GetCallerIdentityResponse', { GetCallerIdentityResult: identity });
  }
  const arn = form.get('RoleArn') ?? '';
  const account = arn.split(':')[4] ?? '';
  const Credentials = {
    AccessKeyId: `ASIA${account}`,
    SecretAccessKey: 'secret',
    SessionToken: 'token',
    Expiration: '2100-01-01T00:00:00Z',
  };
  const AssumedRoleUser = { AssumedRoleId: 'AROA:bench', Arn: arn };
  return toXml('AssumeRoleResponse', { AssumeRoleResult: { Credentials, AssumedRoleUser } });
};

/** Answers to every AWS call of an audit of these clusters; the long ones are written once. */
export const awsAnswers = async (
  clusters: ReadonlyMap<string, ClusterEndpoint>,
): Promise<(asked: AwsAsked) => AwsAnswer> => {
  const accounts = new Map<string, Handler>();
  const instances = new Map<number, string>();
  for (const [name, { nodes, url, certificateAuthority }] of clusters) {
    accounts.set(name, await accountOf({ cluster: 'shop-prod', kubernetes: { url, certificateAuthority } }));
    if (!instances.has(nodes)) instances.set(nodes, await instancesXml(nodes));
  }
  const images = ec2Answer('DescribeImages', z.looseObject({}).parse(await dump('describe-images')));
  const [anyAccount] = accounts.values();
  if (anyAccount === undefined) throw new Error('no clusters');

  return (asked) => {
    const { service, method, url, body } = asked;
    if (service === 'sts') return { type: 'text/xml', body: stsTree(asked) };
    if (service === 'eks') {
      const { pathname, searchParams } = new URL(url, 'http://endpoint');
      const name = pathname.split('/')[2] ?? '';
      const answer = (accounts.get(name) ?? anyAccount)({
        call: `eks:${method} ${pathname}`,
        parameters: Object.fromEntries(searchParams),
      });
      // The dump is of one cluster and every cluster here has a name of its own.
      const text = JSON.stringify(answer).replaceAll('"shop-prod"', JSON.stringify(name));
      return { type: 'application/json', body: text };
    }
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    if (action === 'DescribeImages') return { type: 'text/xml', body: images };
    if (action === 'DescribeInstances') {
      const name = (form.get('Filter.1.Value.1') ?? '').replace('kubernetes.io/cluster/', '');
      return { type: 'text/xml', body: instances.get(clusters.get(name)?.nodes ?? 0) ?? '' };
    }
    const request = { call: `${service}:${action}`, parameters: Object.fromEntries(form) };
    if (service !== 'ec2') throw new Error(`unexpected ${actionOf(request)}`);
    return { type: 'text/xml', body: toXml(`${action}Response`, anyAccount(request)) };
  };
};
