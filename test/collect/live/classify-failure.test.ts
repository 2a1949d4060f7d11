import { describe, expect, test } from 'vitest';
import { classifyFailure } from '../../../shared/collect/live/classify-failure.ts';
import { PartialError } from '../../../shared/collect/live/collector.ts';
import { ProbesOffError } from '../../../shared/collect/live/probes.ts';
import { VerdictLogsNotReadError } from '../../../shared/collect/live/verdict-logs.ts';
import { collectOver } from '../../support/aws-endpoint/collect.ts';
import { AwsFault, ForeignAnswer } from '../../support/aws-endpoint/endpoint.ts';
import { eksCluster } from '../../support/cluster.ts';

const PAGE = '<html><head><title>Service Unavailable</title></head><body><br>the proxy</body></html>';

const endingOf = async (key: 'eks.addon-versions' | 'autoscaling.groups', answer: Error): Promise<unknown> => {
  const { ending } = await collectOver(
    key,
    () => {
      throw answer;
    },
    { 'eks.cluster': eksCluster() },
  );
  return ending;
};

/** One service that speaks JSON and one that speaks XML: the SDK fails differently on a foreign body. */
describe.each(['eks.addon-versions', 'autoscaling.groups'] as const)('%s', (key) => {
  test.each([
    { status: 200, reason: 'malformed' },
    { status: 400, reason: 'api-error' },
    { status: 401, reason: 'denied' },
    { status: 403, reason: 'denied' },
    { status: 404, reason: 'api-error' },
    { status: 407, reason: 'unreachable' },
    { status: 429, reason: 'throttled' },
    { status: 500, reason: 'api-error' },
    { status: 502, reason: 'unreachable' },
    { status: 503, reason: 'unreachable' },
    { status: 504, reason: 'unreachable' },
  ])('a page of HTML with HTTP $status is $reason and says the status', async ({ status, reason }) => {
    expect(await endingOf(key, new ForeignAnswer(status, PAGE))).toMatchObject({
      failure: {
        reason,
        detail: expect.stringContaining(`HTTP ${status} with a body that is not the service's own: `),
      },
    });
  });

  test('the SDK’s hint to programmers is not part of the detail', async () => {
    expect(JSON.stringify(await endingOf(key, new ForeignAnswer(503, PAGE)))).not.toContain('$response');
  });

  test('no body at all says the status too', async () => {
    expect(await endingOf(key, new ForeignAnswer(503, ''))).toMatchObject({
      failure: { reason: 'unreachable', detail: expect.stringMatching(/^HTTP 503 with a body/) },
    });
  });

  test('an error of the service itself keeps its name and gets the status', async () => {
    expect(await endingOf(key, new AwsFault('InternalFailure', 503, 'try later'))).toEqual({
      failure: { reason: 'api-error', detail: 'InternalFailure: try later (HTTP 503)' },
    });
  });
});

test('a list that is longer than anybody reads is partial', () => {
  expect(classifyFailure(new PartialError('501 updates are listed'))).toEqual({
    reason: 'partial',
    detail: '501 updates are listed',
  });
});

test.each([new ProbesOffError(), new VerdictLogsNotReadError()])('$name: nobody asked', (error) => {
  expect(classifyFailure(error)).toEqual({ reason: 'not-collected', detail: error.message });
});

test('an error of ours is an error of the call', () => {
  expect(classifyFailure(new TypeError('not a function'))).toEqual({
    reason: 'api-error',
    detail: 'TypeError: not a function',
  });
});
