import { describe, expect, it } from 'vitest';
import { BadEventError } from '../../shared/trigger/envelope.ts';
import { readKubeAudit } from '../../shared/trigger/kube-audit.ts';
import { recordedEvent, subscriptionData } from '../recorded/event.ts';

const EDIT = recordedEvent('kube-audit-aws-node-edit.decoded');
// The recorded document has one event, whose message is an audit event.
const [LINE] = EDIT['logEvents'] as readonly { readonly message: string }[];
const AUDIT = JSON.parse(LINE?.message ?? '') as { readonly [key: string]: unknown };

const read = (document: unknown) => readKubeAudit(subscriptionData(document), 'us-west-2');
const withEvent = (change: object, objectRef: object = {}) => ({
  ...EDIT,
  logEvents: [
    {
      message: JSON.stringify({ ...AUDIT, ...change, objectRef: { ...(AUDIT['objectRef'] as object), ...objectRef } }),
    },
  ],
});

describe('the audit log of the Kubernetes API', () => {
  it('sees kubectl edit of the aws-node DaemonSet', () => {
    expect(read(EDIT)).toEqual([
      {
        do: 'audit',
        request: {
          cluster: { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' },
          kind: 'audit',
          reason: 'kubectl-edit',
          source: 'kube-audit 8c1f2b4d-0d7e-4f7b-9d0a-2b7b1c9a5e11',
          at: '2026-11-20T09:00:00.530Z',
          attempt: 1,
        },
      },
    ]);
  });

  it('sees an edit of the amazon-vpc-cni ConfigMap', () => {
    expect(read(withEvent({}, { resource: 'configmaps', name: 'amazon-vpc-cni' }))).toMatchObject([{ do: 'audit' }]);
  });

  it.each([
    ['a read', withEvent({ verb: 'get' })],
    ['a refused edit', withEvent({ responseStatus: { code: 403 } })],
    ['an edit that is not answered yet', withEvent({ stage: 'RequestReceived' })],
    ['a status update', withEvent({}, { subresource: 'status' })],
    ['another DaemonSet', withEvent({}, { name: 'kube-proxy' })],
    ['another namespace', withEvent({}, { namespace: 'shop' })],
    ['another ConfigMap', withEvent({}, { resource: 'configmaps', name: 'aws-auth' })],
    ['a line that is no JSON', { ...EDIT, logEvents: [{ message: 'aws-node' }, {}, null] }],
    ['another stream', { ...EDIT, logStream: 'authenticator-1' }],
    ['a log of no cluster', { ...EDIT, logGroup: '/aws/lambda/x' }],
    ['an account that is none', { ...EDIT, owner: 'CloudwatchLogs' }],
    ['a probe of CloudWatch Logs', recordedEvent('logs-control-message.decoded')],
  ])('passes over %s', (_, document) => {
    expect(read(document)).toMatchObject([{ do: 'nothing' }]);
  });

  it.each(['not base64!', Buffer.from('no gzip').toString('base64'), ''])('refuses %j', (data) => {
    expect(() => readKubeAudit(data, 'us-west-2')).toThrow(BadEventError);
  });
});
