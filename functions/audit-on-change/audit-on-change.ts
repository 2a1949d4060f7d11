import type { Context } from 'aws-lambda';
import { eachMessage } from '../../shared/runtime/lambda/batch.ts';
import type { Handler } from '../../shared/runtime/lambda/handler.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import { answerLookUp, type LookedUp } from '../../shared/trigger/answer.ts';
import { BadEventError } from '../../shared/trigger/envelope.ts';
import { readKubeAudit } from '../../shared/trigger/kube-audit.ts';
import { jsonIn } from '../../shared/trigger/message.ts';
import { readEvent } from '../../shared/trigger/read-event.ts';
import type { AuditRequest, FindingAction, LookUp, NodeVerification, Triggered } from '../../shared/trigger/request.ts';
import { wakingEvent } from './event.ts';

export interface AuditOnChangeDependencies {
  readonly region: string;
  /** Whether the account is one of the settings': events of others are not followed. */
  readonly isEnrolled: (account: string) => Promise<boolean>;
  readonly lookUp: (lookUp: LookUp) => Promise<LookedUp>;
  readonly requestAudits: (requests: readonly AuditRequest[]) => Promise<void>;
  readonly requestVerifications: (verifications: readonly NodeVerification[]) => Promise<void>;
  readonly act: (action: FindingAction) => Promise<void>;
  readonly log: Log;
  readonly meter: Meter;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html: `arn:aws:lambda:<region>:<account>:function:<name>`. */
const homeOf = ({ invokedFunctionArn }: Context): string => invokedFunctionArn.split(':')[4] ?? '';

const accountOf = (triggered: Triggered): string | undefined => {
  switch (triggered.do) {
    case 'audit':
      return triggered.request.cluster.account;
    case 'verify':
      return triggered.verification.cluster.account;
    case 'look-up':
      return triggered.lookUp.place.account;
    case 'act':
      return triggered.action.cluster.account;
    case 'nothing':
      return undefined;
  }
};

/** Says whom a change concerns and passes it on. Audits nothing itself. */
export const makeHandler = (dependencies: AuditOnChangeDependencies): Handler => {
  const { isEnrolled, lookUp, requestAudits, requestVerifications, act, log, meter, region } = dependencies;

  const known = async (triggered: Triggered, correlationId: string): Promise<boolean> => {
    const account = accountOf(triggered);
    if (account === undefined || (await isEnrolled(account))) return true;
    log.warn('an event of an account that is not in the settings', { correlationId, account });
    meter.count('UnknownAccounts');
    return false;
  };

  /** With every look-up answered. */
  const settled = async (triggered: readonly Triggered[], correlationId: string): Promise<readonly Triggered[]> => {
    const all: Triggered[] = [];
    for (const each of triggered) {
      if (!(await known(each, correlationId))) continue;
      if (each.do === 'look-up') all.push(...answerLookUp(each.lookUp, await lookUp(each.lookUp)));
      else all.push(each);
    }
    return all;
  };

  const passOn = async (read: readonly Triggered[], correlationId: string): Promise<void> => {
    const triggered = await settled(read, correlationId);
    const audits = triggered.flatMap((each) => (each.do === 'audit' ? [each.request] : []));
    const verifications = triggered.flatMap((each) => (each.do === 'verify' ? [each.verification] : []));
    for (const each of triggered) {
      if (each.do === 'act') await act(each.action);
      if (each.do === 'nothing') {
        log.info('nothing to do', { correlationId, why: each.why });
        meter.count('EventsIgnored');
      }
    }
    // Nodes first: their deadline runs already.
    if (verifications.length > 0) await requestVerifications(verifications);
    if (audits.length > 0) await requestAudits(audits);
    if (verifications.length > 0) meter.count('NodesToVerify', verifications.length);
    if (audits.length > 0) meter.count('AuditsRequested', audits.length);
    for (const { cluster, reason, source } of audits) {
      log.info('audit requested', { correlationId, cluster: cluster.name, account: cluster.account, reason, source });
    }
  };

  /** What can never be read is said and let go: it would come again for ever. */
  const guarded = async (correlationId: string, read: () => readonly Triggered[]): Promise<void> => {
    let triggered: readonly Triggered[];
    try {
      triggered = read();
    } catch (error) {
      if (!(error instanceof BadEventError)) throw error;
      log.error('an event that cannot be read', { correlationId, error });
      meter.count('PoisonMessages');
      return;
    }
    await passOn(triggered, correlationId);
  };

  return async (event, context) => {
    const home = homeOf(context);
    const waking = wakingEvent(event);
    switch (waking.kind) {
      case 'queue':
        return eachMessage(waking.messages, 'any', log, async ({ messageId, body }) =>
          passOn(readEvent(jsonIn(body), home), messageId),
        );
      case 'logs':
        return guarded(context.awsRequestId, () => readKubeAudit(waking.data, region));
      case 'event':
        return guarded(context.awsRequestId, () => readEvent(waking.event, home));
    }
  };
};
