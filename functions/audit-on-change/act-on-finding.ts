import type { CheckText } from '../../shared/model/announcement.ts';
import { type ClusterRef, clusterArn } from '../../shared/model/cluster.ts';
import type { Exception } from '../../shared/model/exception.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { singleLine } from '../../shared/model/single-line.ts';
import type { Log } from '../../shared/runtime/lambda/ports.ts';
import type { FindingAction } from '../../shared/trigger/request.ts';

export interface FindingActions {
  readonly findingOf: (cluster: ClusterRef, id: string) => Promise<Finding | undefined>;
  readonly checkOf: (id: string) => Promise<CheckText | undefined>;
  readonly putException: (exception: Exception) => Promise<void>;
  /** On the finding in Security Hub. */
  readonly writeNote: (finding: Finding, text: string) => Promise<void>;
  readonly log: Log;
}

const SUPPRESSED_DAYS = 30;
const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_NoteUpdate.html */
const NOTE_LIMIT = 500;

const explanation = ({ message, openedAt }: Finding, check: CheckText | undefined): string =>
  singleLine(
    [message.text, `Open since ${openedAt}.`, check?.rationale ?? '', check?.remediation.text ?? ''].join(' '),
    NOTE_LIMIT,
  );

/** What somebody chose in Security Hub: an exception for a while, or a note that says why and what to do. */
export const actOnFinding =
  ({ findingOf, checkOf, putException, writeNote, log }: FindingActions) =>
  async ({ action, cluster, finding: id, at }: FindingAction): Promise<void> => {
    const finding = await findingOf(cluster, id);
    if (finding === undefined) {
      log.warn('an action on a finding that is not stored', { finding: id, action });
      return;
    }
    if (action === 'explain') {
      await writeNote(finding, explanation(finding, await checkOf(finding.check)));
      return;
    }
    await putException({
      check: finding.check,
      cluster: clusterArn(cluster),
      resource: finding.resource.id,
      owner: 'Security Hub custom action',
      reason: 'Suppressed by a person in Security Hub',
      expires: new Date(Date.parse(at) + SUPPRESSED_DAYS * DAY_MS).toISOString(),
    });
    log.info('a finding is excepted', { finding: id, check: finding.check, cluster: cluster.name });
  };
