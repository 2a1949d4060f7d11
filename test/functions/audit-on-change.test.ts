import { describe, expect, it } from 'vitest';
import { type AuditOnChangeDependencies, makeHandler } from '../../functions/audit-on-change/audit-on-change.ts';
import { cachedByKey } from '../../shared/runtime/service/cached.ts';
import type { LookedUp } from '../../shared/trigger/answer.ts';
import type { AuditRequest, FindingAction, NodeVerification } from '../../shared/trigger/request.ts';
import { recordedEvent, subscriptionData } from '../recorded/event.ts';
import { fifoQueue } from './fifo-queue.ts';
import { context, failedIds, failure, NOW, recorder, sqsEvent } from './process.ts';

const TAGS: LookedUp = { of: 'tags', tags: [{ 'eks:cluster-name': 'shop-prod' }] };

const started = (change: Partial<AuditOnChangeDependencies> = {}) => {
  const told = recorder();
  const audits: AuditRequest[] = [];
  const nodes: NodeVerification[] = [];
  const actions: FindingAction[] = [];
  const handler = makeHandler({
    region: 'us-west-2',
    isEnrolled: (account) => Promise.resolve(account === '111122223333'),
    lookUp: () => Promise.resolve(TAGS),
    requestAudits: (requests) => Promise.resolve(void audits.push(...requests)),
    requestVerifications: (verifications) => Promise.resolve(void nodes.push(...verifications)),
    act: (action) => Promise.resolve(void actions.push(action)),
    ...told,
    ...change,
  });
  return { ...told, audits, nodes, actions, handle: (event: unknown) => handler(event, context()) };
};

describe('audit-on-change', () => {
  it('asks for an audit of the cluster that a change names', async () => {
    const { handle, audits, nodes, counts } = started();
    await handle(recordedEvent('cloudtrail-update-addon'));
    expect(audits).toMatchObject([{ cluster: { name: 'shop-prod' }, reason: 'addon-changed', attempt: 1 }]);
    expect(nodes).toEqual([]);
    expect(counts).toEqual({ AuditsRequested: 1 });
  });

  it('looks up whose group it was, and asks for the node too', async () => {
    const { handle, audits, nodes } = started();
    await handle(recordedEvent('asg-ec2-instance-launch-successful'));
    expect(audits).toMatchObject([{ cluster: { name: 'shop-prod' }, reason: 'nodes-launched' }]);
    expect(nodes).toMatchObject([{ cluster: { name: 'shop-prod' }, instanceId: 'i-0a3c844322fab4955' }]);
  });

  it('says why it does nothing', async () => {
    const { handle, lines, fields, counts } = started();
    await handle(recordedEvent('cloudtrail-delete-addon-denied'));
    expect(lines).toEqual(['info nothing to do']);
    expect(fields).toMatchObject([{ why: 'DeleteAddon was refused: AccessDenied', correlationId: 'request-1' }]);
    expect(counts).toEqual({ EventsIgnored: 1 });
  });

  it('follows no event of an account that is not in the settings, and asks nothing about it', async () => {
    let asked = 0;
    const { handle, audits, counts } = started({
      lookUp: () => {
        asked += 1;
        return Promise.resolve(TAGS);
      },
    });
    await handle({ ...recordedEvent('asg-ec2-instance-launch-successful'), account: '444455556666' });
    expect(audits).toEqual([]);
    expect(asked).toBe(0);
    expect(counts).toEqual({ UnknownAccounts: 1 });
  });

  it('acts on findings as people chose in Security Hub', async () => {
    const { handle, actions } = started();
    await handle(recordedEvent('security-hub-suppress'));
    expect(actions).toMatchObject([{ action: 'suppress', check: 'network-policy/enforced' }]);
  });

  it('reads the audit log of a Kubernetes API', async () => {
    const { handle, audits } = started();
    await handle({ awslogs: { data: subscriptionData(recordedEvent('kube-audit-aws-node-edit.decoded')) } });
    expect(audits).toMatchObject([{ reason: 'kubectl-edit' }]);
  });

  it('lets go of an event that nobody can read, and says so', async () => {
    const { handle, lines, counts } = started();
    await expect(handle({ hello: 'world' })).resolves.toBeUndefined();
    expect(lines).toEqual(['error an event that cannot be read']);
    expect(counts).toEqual({ PoisonMessages: 1 });
  });

  it('fails where the queue does not take the request: EventBridge keeps the event', async () => {
    const { handle } = started({ requestAudits: () => Promise.reject(failure('QueueDoesNotExist')) });
    await expect(handle(recordedEvent('cloudtrail-update-addon'))).rejects.toThrow('QueueDoesNotExist');
  });

  it('gives back only what failed of a queue of events', async () => {
    const { handle, audits } = started({
      lookUp: (wanted) =>
        wanted.need === 'instance' ? Promise.reject(failure('RequestLimitExceeded')) : Promise.resolve(TAGS),
    });
    const events = ['cloudtrail-update-addon', 'ec2-instance-running', 'asg-ec2-instance-terminate-successful'];
    const answer = await handle(sqsEvent([...events.map(recordedEvent), '{not json']));
    expect(failedIds(answer)).toEqual(['m-1', 'm-3']);
    expect(audits.map(({ reason }) => reason).toSorted()).toEqual(['addon-changed', 'nodes-gone']);
  });

  describe('in a storm', () => {
    const launch = (index: number): unknown => {
      const event = recordedEvent('asg-ec2-instance-launch-successful');
      const id = `i-${index.toString(16).padStart(17, '0')}`;
      // Every recorded event has an object there.
      return { ...event, id: `event-${index}`, detail: { ...(event['detail'] as object), EC2InstanceId: id } };
    };

    it('500 launches within five minutes are one audit, 500 verifications and one look-up', async () => {
      let clock = NOW.getTime();
      let calls = 0;
      const queue = fifoQueue(() => clock);
      const tags = cachedByKey<LookedUp>(600_000, () => new Date(clock));
      const { handle, nodes } = started({
        requestAudits: queue.send,
        lookUp: (wanted) =>
          tags(JSON.stringify(wanted.place), () => {
            calls += 1;
            return Promise.resolve(TAGS);
          }),
      });
      for (let index = 0; index < 500; index += 1) {
        await handle(launch(index));
        clock += 590;
      }
      expect(queue.accepted()).toHaveLength(1);
      expect(queue.sends()).toBe(500);
      expect(nodes).toHaveLength(500);
      expect(new Set(nodes.map(({ instanceId }) => instanceId)).size).toBe(500);
      expect(calls).toBe(1);
    });

    it('misses nothing: what is collapsed had happened before its audit begins', async () => {
      let clock = NOW.getTime();
      const queue = fifoQueue(() => clock);
      const { handle } = started({ requestAudits: queue.send });
      const happened: number[] = [];
      for (let index = 0; index < 200; index += 1) {
        happened.push(clock);
        await handle(launch(index));
        clock += 7000;
      }
      const begins = queue.accepted().map(({ visibleAt }) => visibleAt);
      for (const at of happened) {
        const next = begins.find((begin) => begin > at);
        expect(next).toBeDefined();
        expect((next ?? Infinity) - at).toBeLessThanOrEqual(300_000);
      }
      expect(begins).toHaveLength(5);
    });
  });
});
