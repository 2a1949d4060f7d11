import type { Announcement, Notice } from '../../shared/model/announcement.ts';
import { clusterArn } from '../../shared/model/cluster.ts';
import { announcementOf } from './announcements.ts';

export const noticeOf = (
  announcements: readonly [Announcement, ...Announcement[]] = [announcementOf()],
  rest: Partial<Notice> = {},
): Notice => {
  const [{ check, change, id }] = announcements;
  return {
    id: `opened:${id}`,
    kind: 'opened',
    thread: `${clusterArn(change.finding.cluster)}#${check.id}`,
    check,
    announcements,
    openNow: announcements.length,
    ...rest,
  };
};

export const nodeAnnouncement = (index: number): Announcement =>
  announcementOf({ resource: { type: 'node', id: `node-${index}/uid`, name: `node-${index}` } });
