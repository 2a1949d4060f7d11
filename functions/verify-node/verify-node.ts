import { evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Check } from '../../shared/model/check.ts';
import { type ClusterRef, clusterArn } from '../../shared/model/cluster.ts';
import type { Evaluation } from '../../shared/model/outcome.ts';
import type { FactKey, Snapshot } from '../../shared/model/snapshot.ts';
import { eachMessage } from '../../shared/runtime/lambda/batch.ts';
import type { Handler } from '../../shared/runtime/lambda/handler.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import { BadMessageError, jsonIn, nodeVerificationIn } from '../../shared/trigger/message.ts';
import type { AuditRequest, NodeVerification } from '../../shared/trigger/request.ts';
import { wakingEvent } from './event.ts';
import { judgeNode, type NodeState } from './judge-node.ts';
import { nextLook } from './patience.ts';

export type HookAnswer = 'CONTINUE' | 'ABANDON';

export interface VerifyNodeDependencies {
  /** The whole catalogue; what is about nodes is asked. */
  readonly catalogue: readonly Check[];
  readonly collect: (cluster: ClusterRef, keys: readonly FactKey[], deadlineSeconds: number) => Promise<Snapshot>;
  readonly resend: (verification: NodeVerification, delaySeconds: number) => Promise<void>;
  readonly requestAudits: (requests: readonly AuditRequest[]) => Promise<void>;
  /** Answers the hook. That nothing waits there any more is no error. */
  readonly answerHook: (verification: NodeVerification, answer: HookAnswer) => Promise<void>;
  /** Has the hook wait on, so that its own timeout does not answer for us. */
  readonly keepWaiting: (verification: NodeVerification) => Promise<void>;
  /** Whether nodes that are not compliant are turned away. By default nobody is. */
  readonly isEnforced: (cluster: ClusterRef) => Promise<boolean>;
  /** Runs once for each key, however often the message comes. */
  readonly once: (key: string, run: () => Promise<void>) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

const RESERVED_SECONDS = 15;
const SHORTEST_SECONDS = 10;

const keysOf = (checks: readonly Check[]): readonly FactKey[] => [
  ...new Set<FactKey>([
    'ec2.instances',
    'kubernetes.nodes',
    // Object.keys of `needs` gives fact keys, by its type.
    ...checks.flatMap(({ needs, uses }) => [...(Object.keys(needs) as FactKey[]), ...uses]),
  ]),
];

interface Look {
  readonly snapshot: Snapshot;
  readonly evaluation: Evaluation;
}

/** Only what is known to be wrong turns a node away: not having been able to look does not. */
const verdictOf = (state: NodeState, isEnforced: boolean): HookAnswer =>
  isEnforced && (state.kind === 'failing' || state.kind === 'not-joined') ? 'ABANDON' : 'CONTINUE';

/**
 * Looks whether a launched node joined and is compliant, again and again until its deadline. What is wrong then becomes a
 * finding by an audit of the cluster, one for all nodes of a storm.
 */
export const makeHandler = (dependencies: VerifyNodeDependencies): Handler => {
  const { catalogue, collect, resend, requestAudits, answerHook, keepWaiting, isEnforced, once, now, log, meter } =
    dependencies;
  const checks = catalogue.filter(({ resource }) => resource === 'node');
  const keys = keysOf(checks);

  /** One look for all nodes of a cluster that are in the batch. */
  const lookOf = (deadlineSeconds: number): ((cluster: ClusterRef) => Promise<Look>) => {
    const looks = new Map<string, Promise<Look>>();
    return (cluster) => {
      const key = clusterArn(cluster);
      const look =
        looks.get(key) ??
        collect(cluster, keys, deadlineSeconds).then((snapshot) => ({
          snapshot,
          evaluation: evaluate(snapshot, checks),
        }));
      looks.set(key, look);
      return look;
    };
  };

  const tooLate = async (verification: NodeVerification, state: NodeState, correlationId: string): Promise<void> => {
    const { cluster, instanceId, launchedAt } = verification;
    const fields = { correlationId, cluster: clusterArn(cluster), instanceId, launchedAt };
    if (state.kind === 'unknown') {
      log.warn('a launched node could not be verified', { ...fields, why: state.why });
      meter.count('NodesUnknown');
      return;
    }
    const never = state.kind === 'not-joined';
    log.warn(never ? 'a launched node never joined' : 'a launched node joined non-compliant', {
      ...fields,
      ...(state.kind === 'failing' ? { checks: state.checks } : {}),
    });
    meter.count(never ? 'NodesNeverJoined' : 'NodesNotCompliant');
    const source = `verify-node ${instanceId} ${never ? 'never joined' : 'joined non-compliant'}`;
    await requestAudits([
      { cluster, kind: 'audit', reason: 'node-deadline', source, at: now().toISOString(), attempt: 1 },
    ]);
  };

  const verify = async (verification: NodeVerification, look: Look, correlationId: string): Promise<void> => {
    const { cluster, instanceId, launchedAt, attempt, lifecycle } = verification;
    const enforced = lifecycle !== undefined && (await isEnforced(cluster));
    const state = judgeNode(look.snapshot, look.evaluation, instanceId);
    const delay =
      state.kind === 'compliant' || state.kind === 'gone' ? undefined : nextLook(launchedAt, attempt, now());
    const isOver = delay === undefined;
    // Observing keeps nobody waiting: it answers at the first look.
    if (lifecycle !== undefined && (isOver || !enforced)) {
      const answer = verdictOf(state, enforced);
      await answerHook(verification, answer);
      if (answer === 'ABANDON') meter.count('NodesAbandoned');
      log.info('lifecycle hook answered', { correlationId, instanceId, answer, state: state.kind });
    } else if (lifecycle !== undefined) await keepWaiting(verification);

    if (!isOver) {
      const { lifecycle: _answered, ...node } = verification;
      await resend({ ...(enforced ? verification : node), attempt: attempt + 1 }, delay);
      return;
    }
    if (state.kind === 'compliant') meter.count('NodesVerified');
    else if (state.kind !== 'gone') await tooLate(verification, state, correlationId);
  };

  return async (event, context) => {
    const deadline = Math.max(SHORTEST_SECONDS, context.getRemainingTimeInMillis() / 1000 - RESERVED_SECONDS);
    const look = lookOf(deadline);
    return eachMessage(wakingEvent(event), 'any', log, async ({ messageId, body }) => {
      let verification: NodeVerification;
      try {
        verification = nodeVerificationIn(jsonIn(body));
      } catch (error) {
        if (error instanceof BadMessageError) meter.count('PoisonMessages');
        throw error;
      }
      const { cluster, instanceId, attempt, lifecycle } = verification;
      const key = JSON.stringify([clusterArn(cluster), instanceId, attempt, lifecycle?.token ?? '']);
      await once(key, async () => verify(verification, await look(cluster), messageId));
    });
  };
};
