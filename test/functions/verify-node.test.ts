import { describe, expect, it } from 'vitest';
import { nextLook } from '../../functions/verify-node/patience.ts';
import { makeHandler, type VerifyNodeDependencies } from '../../functions/verify-node/verify-node.ts';
import type { Check } from '../../shared/model/check.ts';
import { defineCheck } from '../../shared/model/check.ts';
import type { Instance } from '../../shared/model/facts-aws.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { AuditRequest, NodeVerification } from '../../shared/trigger/request.ts';
import { facts, node } from '../support/cluster.ts';
import { CLUSTER, context, failedIds, failure, NOW, recorder, sqsEvent, verification } from './process.ts';

const ID = 'i-0a3c844322fab4955';
const MINUTE = 60_000;
const LIFECYCLE = { group: 'eks-workers', hook: 'netpol-warden-launch', token: 't-1' };

const instance = (instanceId: string): Instance => ({
  instanceId,
  instanceType: 'm6i.large',
  imageId: 'ami-08bc1ca764d8b6c59',
  launchTime: NOW.toISOString(),
  tags: {},
});

/** Passes on nodes whose kernel is 6. */
const kernelSix = defineCheck({
  id: 'network-policy/kernel-six',
  title: 'The kernel is 6',
  severity: 'high',
  resource: 'node',
  rationale: 'r',
  remediation: { text: 't', command: 'c', url: 'https://docs.aws.amazon.com/' },
  references: [{ standard: 'eks-user-guide', control: 'c', url: 'https://docs.aws.amazon.com/', readOn: '2026-11-20' }],
  lifecycle: 'stable',
  needs: { 'kubernetes.nodes': { maxAgeSeconds: 3600 } },
  uses: [],
  messages: { six: 'is six', other: 'is other' },
  evaluate: ({ 'kubernetes.nodes': nodes }) =>
    (nodes.state === 'observed' ? nodes.value : []).map(({ name, uid, kernelVersion, providerId = '' }) => ({
      resource: { type: 'node', id: `${name}/${uid}`, name, instanceId: providerId.split('/').at(-1) ?? '' },
      status: kernelVersion.startsWith('6') ? 'pass' : 'fail',
      message: kernelVersion.startsWith('6') ? 'six' : 'other',
      evidence: [
        {
          fact: 'kubernetes.nodes',
          path: 'p',
          value: 'v',
          grade: 'observed',
          source: 's',
          observedAt: NOW.toISOString(),
        },
      ],
    })),
});

interface World {
  readonly joined?: 'six' | 'five' | 'no';
  readonly runs?: boolean;
  readonly unreadable?: boolean;
}

const snapshotOf = ({ joined = 'six', runs = true, unreadable = false }: World): Snapshot => ({
  cluster: CLUSTER,
  takenAt: NOW.toISOString(),
  facts: facts({
    'ec2.instances': runs ? [instance(ID)] : [],
    'kubernetes.nodes': unreadable
      ? 'throttled'
      : joined === 'no'
        ? []
        : [node({ providerId: `aws:///us-west-2a/${ID}`, kernelVersion: joined === 'six' ? '6.1' : '5.4' })],
  }),
});

const started = (world: World, change: Partial<VerifyNodeDependencies> = {}) => {
  const told = recorder();
  const again: (readonly [attempt: number, delay: number, hasHook: boolean])[] = [];
  const audits: AuditRequest[] = [];
  const answers: string[] = [];
  const done = new Set<string>();
  let looks = 0;
  const handler = makeHandler({
    catalogue: [kernelSix satisfies Check],
    collect: () => {
      looks += 1;
      return Promise.resolve(snapshotOf(world));
    },
    resend: ({ attempt, lifecycle }, delay) =>
      Promise.resolve(void again.push([attempt, delay, lifecycle !== undefined])),
    requestAudits: (requests) => Promise.resolve(void audits.push(...requests)),
    answerHook: (_, answer) => Promise.resolve(void answers.push(answer)),
    keepWaiting: () => Promise.resolve(void answers.push('wait')),
    isEnforced: () => Promise.resolve(false),
    once: async (key, run) => {
      if (done.has(key)) return;
      await run();
      done.add(key);
    },
    now: () => NOW,
    ...told,
    ...change,
  });
  const handle = (...verifications: readonly NodeVerification[]) => handler(sqsEvent(verifications), context(60_000));
  return { ...told, again, audits, answers, handle, looks: () => looks };
};

const launched = (minutesAgo: number, change: Partial<NodeVerification> = {}): NodeVerification =>
  verification({ launchedAt: new Date(NOW.getTime() - minutesAgo * MINUTE).toISOString(), ...change });

describe('verify-node', () => {
  it('is done with a node that joined and is compliant', async () => {
    const { handle, again, audits, counts } = started({});
    expect(await handle(launched(1))).toEqual({ batchItemFailures: [] });
    expect([again, audits]).toEqual([[], []]);
    expect(counts).toEqual({ NodesVerified: 1 });
  });

  it.each([
    ['has not joined yet', { joined: 'no' }],
    ['joined and is not compliant yet', { joined: 'five' }],
    ['cannot be looked at', { unreadable: true }],
  ] as const)('comes back to a node that %s', async (_, world) => {
    const { handle, again, audits } = started(world);
    await handle(launched(1, { attempt: 2 }));
    expect(again).toEqual([[3, 30, false]]);
    expect(audits).toEqual([]);
  });

  it('asks for an audit when the deadline passed and it never joined', async () => {
    const { handle, again, audits, counts } = started({ joined: 'no' });
    await handle(launched(15));
    expect(again).toEqual([]);
    expect(audits).toMatchObject([{ reason: 'node-deadline', source: `verify-node ${ID} never joined` }]);
    expect(counts).toEqual({ NodesNeverJoined: 1 });
  });

  it('asks for an audit when the deadline passed and it joined non-compliant, and names the checks', async () => {
    const { handle, audits, fields, counts } = started({ joined: 'five' });
    await handle(launched(15));
    expect(audits).toMatchObject([{ source: `verify-node ${ID} joined non-compliant` }]);
    expect(fields).toMatchObject([{ checks: ['network-policy/kernel-six'] }]);
    expect(counts).toEqual({ NodesNotCompliant: 1 });
  });

  it('blames nobody where it could not look', async () => {
    const { handle, audits, counts } = started({ unreadable: true });
    await handle(launched(15));
    expect(audits).toEqual([]);
    expect(counts).toEqual({ NodesUnknown: 1 });
  });

  it('forgets an instance that is gone', async () => {
    const { handle, again, audits, counts } = started({ joined: 'no', runs: false });
    await handle(launched(1));
    expect([again, audits, counts]).toEqual([[], [], {}]);
  });

  it('waits longer each time, and once more at the deadline', () => {
    const at = (seconds: number, attempt: number) =>
      nextLook(NOW.toISOString(), attempt, new Date(NOW.getTime() + seconds * 1000));
    expect([at(0, 1), at(15, 2), at(45, 3), at(105, 4), at(225, 5)]).toEqual([15, 30, 60, 120, 120]);
    expect(at(899, 9)).toBe(1);
    expect(at(900, 10)).toBeUndefined();
  });

  it('looks once for all nodes of a cluster in a batch', async () => {
    const { handle, looks, again } = started({ joined: 'no' });
    const ids = Array.from({ length: 100 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
    await handle(launched(1), ...ids.map((instanceId) => launched(1, { instanceId })));
    expect(looks()).toBe(1);
    expect(again).toHaveLength(1);
  });

  it('does nothing twice for a message that is delivered again', async () => {
    const { handle, again } = started({ joined: 'no' });
    await handle(launched(1));
    await handle(launched(1));
    expect(again).toHaveLength(1);
  });

  it('gives back the nodes of a cluster that throttles, and no others', async () => {
    const { handle } = started(
      {},
      {
        collect: ({ name }) =>
          name === 'throttled' ? Promise.reject(failure('ThrottlingException')) : Promise.resolve(snapshotOf({})),
      },
    );
    const throttled = launched(1, { cluster: { ...CLUSTER, name: 'throttled' } });
    expect(failedIds(await handle(launched(1), throttled, throttled))).toEqual(['m-1', 'm-2']);
  });

  it('isolates a poison message', async () => {
    const service = started({});
    const handler = makeHandler({
      catalogue: [],
      collect: () => Promise.resolve(snapshotOf({})),
      resend: () => Promise.resolve(),
      requestAudits: () => Promise.resolve(),
      answerHook: () => Promise.resolve(),
      keepWaiting: () => Promise.resolve(),
      isEnforced: () => Promise.resolve(false),
      once: (_, run) => run(),
      now: () => NOW,
      log: service.log,
      meter: service.meter,
    });
    const answer = await handler(sqsEvent(['{', { ...launched(1), instanceId: 'x' }]), context());
    expect(failedIds(answer)).toEqual(['m-0', 'm-1']);
    expect(service.counts['PoisonMessages']).toBe(2);
  });

  describe('with a lifecycle hook', () => {
    it('that only observes answers CONTINUE at the first look, whatever it sees', async () => {
      for (const world of [{}, { joined: 'five' }, { joined: 'no' }, { unreadable: true }] as const) {
        const { handle, answers } = started(world);
        await handle(launched(1, { lifecycle: LIFECYCLE }));
        expect(answers).toEqual(['CONTINUE']);
      }
    });

    it('that was answered looks on without it', async () => {
      const { handle, again } = started({ joined: 'no' });
      await handle(launched(1, { lifecycle: LIFECYCLE }));
      expect(again).toEqual([[2, 15, false]]);
    });

    const enforced = { isEnforced: () => Promise.resolve(true) };

    it('that enforces keeps the instance waiting while it may still join', async () => {
      const { handle, answers, again } = started({ joined: 'no' }, enforced);
      await handle(launched(1, { lifecycle: LIFECYCLE }));
      expect(answers).toEqual(['wait']);
      expect(again).toEqual([[2, 15, true]]);
    });

    it.each([
      ['compliant', {}, 1, 'CONTINUE'],
      ['not compliant at the deadline', { joined: 'five' }, 15, 'ABANDON'],
      ['not there at the deadline', { joined: 'no' }, 15, 'ABANDON'],
      ['not to be looked at', { unreadable: true }, 15, 'CONTINUE'],
    ] as const)('that enforces: %s', async (_, world, minutes, answer) => {
      const { handle, answers, counts } = started(world, enforced);
      await handle(launched(minutes, { lifecycle: LIFECYCLE }));
      expect(answers).toEqual([answer]);
      expect(counts['NodesAbandoned'] ?? 0).toBe(answer === 'ABANDON' ? 1 : 0);
    });

    it('that could not be answered is answered when the message comes again', async () => {
      let tries = 0;
      const { handle } = started(
        {},
        {
          answerHook: () => {
            tries += 1;
            return tries === 1 ? Promise.reject(failure('ServiceUnavailable')) : Promise.resolve();
          },
        },
      );
      expect(failedIds(await handle(launched(1, { lifecycle: LIFECYCLE })))).toEqual(['m-0']);
      expect(failedIds(await handle(launched(1, { lifecycle: LIFECYCLE })))).toEqual([]);
      expect(tries).toBe(2);
    });
  });
});
