import type { Announcement } from '../model/announcement.ts';
import { singleLine } from '../model/single-line.ts';
import { STANDARDS } from '../model/standards.ts';

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-type-taxonomy.html */
export const typesOf = (checkId: string): readonly string[] =>
  isTraffic(checkId)
    ? ['Unusual Behaviors/Network Flow']
    : ['Software and Configuration Checks/AWS Security Best Practices/Network Reachability'];

export const isTraffic = (checkId: string): boolean => checkId.startsWith('denied-traffic/');

/** Requirements that the check tests, at most `most` of at most `length` characters each. */
export const requirementsOf = ({ check }: Announcement, most: number, length: number): readonly string[] =>
  [
    ...new Set(
      check.references.map(({ standard, control }) => {
        const { title, version } = STANDARDS[standard];
        return singleLine(`${title} ${version} ${control}`, length);
      }),
    ),
  ].slice(0, most);
