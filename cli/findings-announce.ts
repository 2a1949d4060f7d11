import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import { type FindingsPlace, inOrder, moveOf, type Stamp } from '../shared/compose-findings.ts';
import type { Announcement } from '../shared/model/announcement.ts';
import type { Exception } from '../shared/model/exception.ts';
import type { Finding } from '../shared/model/finding.ts';
import { announce } from '../shared/publish/announce.ts';
import { applyExceptions } from '../shared/reconcile/exceptions.ts';

/**
 * A stored finding as a destination is told of it: its last move is the change. Where the store kept no sequence it is 1,
 * at the time of the snapshot that decided the finding.
 */
export const announcementOf = (finding: Finding, stamp: Stamp | undefined, exception?: Exception): Announcement => {
  const { sequence = 1, at = finding.takenAt, owner } = stamp ?? {};
  const announcement = announce(
    { change: { kind: moveOf(finding).kind, finding }, sequence, at },
    // An exception counts here where it holds now, not where it held at the time of the change.
    { checkOf: (id) => CATALOGUE.find((check) => check.id === id), exceptions: [], ownerOf: () => owner, links: {} },
  );
  return exception === undefined ? announcement : { ...announcement, exception };
};

/** By finding's id, the exception that holds for it now. */
export const exceptionsOf = (
  exceptions: readonly Exception[],
  findings: readonly Finding[],
  at: string,
): ReadonlyMap<string, Exception> =>
  new Map(
    applyExceptions(exceptions, findings, at)
      .filter(({ state }) => state === 'active')
      .flatMap(({ exception, findings: ids }) => ids.map((id) => [id, exception] as const)),
  );

/** Everything stored as announcements, with owners and exceptions; ordered by cluster, check and id. */
export const storedAnnouncements = async (
  { queries, exceptions, stamps }: FindingsPlace,
  since: string,
  now: string,
): Promise<readonly Announcement[]> => {
  const findings = inOrder((await queries.movedSince(since)).map(({ finding }) => finding));
  const [known, held] = await Promise.all([stamps(findings), exceptions.list()]);
  const holding = exceptionsOf(held, findings, now);
  return findings.map((finding) => announcementOf(finding, known.get(finding.id), holding.get(finding.id)));
};
