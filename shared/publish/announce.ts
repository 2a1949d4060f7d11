import type { Announcement, AnnouncementLinks, CheckText } from '../model/announcement.ts';
import type { Exception } from '../model/exception.ts';
import type { Change, Finding } from '../model/finding.ts';
import { applyExceptions } from '../reconcile/exceptions.ts';

/** One change as the store's stream gives it. */
export interface CommittedChange {
  readonly change: Change;
  /** Strictly increasing per finding. */
  readonly sequence: number;
  /** RFC 3339: when it was committed. */
  readonly at: string;
}

export interface AnnouncementContext {
  /** The catalogue's text; undefined for a check that it no longer has. */
  readonly checkOf: (id: string) => CheckText | undefined;
  readonly exceptions: readonly Exception[];
  readonly ownerOf: (finding: Finding) => string | undefined;
  readonly links: AnnouncementLinks;
}

/** Its finding closes with this very change, and people still want to know what it was about. */
const retired = ({ check: id, severity, message }: Finding): CheckText => ({
  id,
  title: 'This check is no longer in the catalogue',
  severity,
  rationale: message.text,
  remediation: {
    text: 'Nothing is left to do: the check was retired or renamed.',
    command: 'netpol-warden checks',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  references: [],
});

/** The exception that holds for an open finding at the change's time. Of several, the one that holds longest. */
const exceptionFor = (finding: Finding, at: string, exceptions: readonly Exception[]): Exception | undefined =>
  applyExceptions(exceptions, [finding], at)
    .filter(({ state }) => state === 'active')
    .map(({ exception }) => exception)
    .toSorted((a, b) => Date.parse(b.expires) - Date.parse(a.expires))[0];

/** A committed change with everything that a destination needs to tell of it. */
export const announce = (
  { change, sequence, at }: CommittedChange,
  { checkOf, exceptions, ownerOf, links }: AnnouncementContext,
): Announcement => {
  const { finding } = change;
  const exception = exceptionFor(finding, at, exceptions);
  const owner = ownerOf(finding);
  return {
    id: `${finding.id}#${sequence}`,
    sequence,
    at,
    change,
    check: checkOf(finding.check) ?? retired(finding),
    ...(exception === undefined ? {} : { exception }),
    ...(owner === undefined ? {} : { owner }),
    links,
  };
};
