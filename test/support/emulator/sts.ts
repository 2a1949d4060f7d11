import { once } from 'node:events';
import { createServer } from 'node:http';
import { toXml, type Tree } from '../aws-endpoint/xml.ts';

/** One call as STS reads it. */
export interface StsRequest {
  readonly action: string;
  readonly parameters: { readonly [name: string]: string };
  /** The access key that signed it. */
  readonly accessKeyId: string;
}

export interface StsEndpoint {
  readonly url: string;
  readonly requests: readonly StsRequest[];
  readonly close: () => Promise<void>;
}

/** What AssumeRole gives out. */
export const ASSUMED = { accessKeyId: 'ASIAASSUMEDROLE', sessionToken: 'the-session-token' } as const;

const answerTo = ({ action, parameters }: StsRequest, account: string): Tree => {
  if (action === 'GetCallerIdentity') {
    return { Arn: `arn:aws:iam::${account}:user/auditor`, UserId: 'AIDAEXAMPLE', Account: account };
  }
  return {
    Credentials: {
      AccessKeyId: ASSUMED.accessKeyId,
      SecretAccessKey: 'assumed-secret',
      SessionToken: ASSUMED.sessionToken,
      Expiration: '2100-01-01T00:00:00Z',
    },
    AssumedRoleUser: { AssumedRoleId: 'AROAEXAMPLE:netpol-warden', Arn: parameters['RoleArn'] ?? '' },
  };
};

/** The two STS calls of a collection: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const startSts = async (account: string): Promise<StsEndpoint> => {
  const requests: StsRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const { Action: action = '', ...parameters } = Object.fromEntries(form);
      const accessKeyId = /Credential=([^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? 'unsigned';
      const request = { action, parameters, accessKeyId };
      requests.push(request);
      const body = toXml(`${action}Response`, { [`${action}Result`]: answerTo(request, account) });
      response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
