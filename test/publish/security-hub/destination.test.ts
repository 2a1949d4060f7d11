import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { HttpResponse } from '@smithy/core/protocols';
import { describe, expect, it } from 'vitest';
import type { ClusterRef } from '../../../shared/model/cluster.ts';
import { securityHubDestination, type HubScope } from '../../../shared/publish/security-hub/destination.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { announcementOf } from '../announcements.ts';

interface Asked {
  readonly account: string;
  readonly ids: readonly string[];
}

const idsIn = (body: unknown): readonly string[] => {
  const document: unknown = JSON.parse(String(body));
  if (typeof document !== 'object' || document === null || !('Findings' in document)) return [];
  // What the SDK sent: a list of findings.
  return (document.Findings as readonly { readonly Id: string }[]).map(({ Id }) => Id);
};

const hub = (answer: (asked: Asked) => { readonly status?: number; readonly type?: string; readonly body: object }) => {
  const asked: Asked[] = [];
  const clientOf = (scope: HubScope): Promise<SecurityHubClient> =>
    Promise.resolve(
      new SecurityHubClient({
        region: scope.region,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        maxAttempts: 1,
        requestHandler: {
          handle: (request: { readonly body?: unknown }) => {
            const call = { account: scope.account, ids: idsIn(request.body) };
            asked.push(call);
            const { status = 200, type, body } = answer(call);
            const headers = {
              'content-type': 'application/json',
              ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
            };
            const bytes = new TextEncoder().encode(JSON.stringify(body));
            return Promise.resolve({ response: new HttpResponse({ statusCode: status, headers, body: bytes }) });
          },
        },
      }),
    );
  return { destination: securityHubDestination({ clientOf, companyName: 'Example' }), asked };
};

const all = { status: 200, body: {} };
const node = (index: number, cluster: ClusterRef = CLUSTER) =>
  announcementOf({ cluster, resource: { type: 'node', id: `n${index}`, name: `n${index}` } });

describe('Security Hub', () => {
  it('imports at most 100 findings a call', async () => {
    const { destination, asked } = hub(({ ids }) => ({ body: { SuccessCount: ids.length, FailedCount: 0 } }));
    const items = Array.from({ length: 250 }, (_, index) => node(index));

    const deliveries = await destination.publish(items);

    expect(asked.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
    expect(new Set(deliveries.map(({ id }) => id))).toEqual(new Set(items.map(({ id }) => id)));
    expect(deliveries.every(({ outcome }) => outcome === 'delivered')).toBe(true);
  });

  it('imports each finding into its own account; a refusal there is nobody else’s', async () => {
    const other = { ...CLUSTER, account: '444455556666' };
    const { destination, asked } = hub(({ account }) =>
      account === '444455556666'
        ? { status: 401, type: 'InvalidAccessException', body: { Message: 'not subscribed' } }
        : all,
    );

    const [mine, theirs] = await destination.publish([node(1), node(1, other)]);

    expect(asked.map(({ account }) => account).toSorted()).toEqual(['111122223333', '444455556666']);
    expect(mine).toMatchObject({ outcome: 'delivered' });
    expect(theirs).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('not enabled in this account') as string,
    });
  });

  it('tells the findings that one answer took from those that it did not', async () => {
    const items = [node(1), node(2), node(3)];
    const { destination } = hub(({ ids }) => ({
      body: {
        SuccessCount: 1,
        FailedCount: 2,
        FailedFindings: [
          { Id: ids[0], ErrorCode: 'InvalidInput', ErrorMessage: 'Title too long' },
          { Id: ids[1], ErrorCode: 'InternalException', ErrorMessage: 'again' },
        ],
      },
    }));

    expect((await destination.publish(items)).map(({ outcome }) => outcome)).toEqual(['refused', 'retry', 'delivered']);
  });

  it('does not call delivered what an inconsistent answer leaves open', async () => {
    const { destination } = hub(() => ({ body: { SuccessCount: 1, FailedCount: 0, FailedFindings: [] } }));

    expect((await destination.publish([node(1), node(2)])).map(({ outcome }) => outcome)).toEqual(['retry', 'retry']);
  });

  it.each([
    [429, 'LimitExceededException', 'retry'],
    [500, 'InternalException', 'retry'],
    [400, 'InvalidInputException', 'refused'],
    [403, 'AccessDeniedException', 'retry'],
  ])('HTTP %i %s: %s', async (status, type, outcome) => {
    const { destination } = hub(() => ({ status, type, body: { Message: 'x' } }));

    expect(await destination.publish([node(1)])).toMatchObject([{ outcome }]);
  });

  it('answers for every finding where the account’s role cannot even be assumed', async () => {
    const destination = securityHubDestination({
      companyName: 'Example',
      clientOf: () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' })),
    });

    expect(await destination.publish([node(1), node(2)])).toMatchObject([{ outcome: 'retry' }, { outcome: 'retry' }]);
  });
});
