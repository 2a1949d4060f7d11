import type { Notice } from '../../model/announcement.ts';
import { findingOf } from '../../model/announcement.ts';
import { SEVERITIES, type Severity } from '../../model/check.ts';
import type { ClusterRef } from '../../model/cluster.ts';

/** Who hears of what; the first that matches takes it. */
export interface SlackRoute {
  readonly channel: string;
  /** Only notices at least this severe. */
  readonly severityAtLeast?: Severity;
  readonly account?: string;
  readonly cluster?: string;
  readonly owner?: string;
  /** Beginning of a check's id: `denied-traffic/`. */
  readonly check?: string;
}

const isPlaceOf = ({ account, cluster: name }: SlackRoute, cluster: ClusterRef): boolean =>
  (account === undefined || account === cluster.account) && (name === undefined || name === cluster.name);

export const channelOf = (notice: Notice, routes: readonly SlackRoute[], fallback: string): string => {
  const [first] = notice.announcements;
  const { cluster, severity } = findingOf(first);
  const matches = (route: SlackRoute): boolean =>
    (route.severityAtLeast === undefined ||
      SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(route.severityAtLeast)) &&
    isPlaceOf(route, cluster) &&
    (route.owner === undefined || route.owner === first.owner) &&
    (route.check === undefined || notice.check.id.startsWith(route.check));
  return routes.find(matches)?.channel ?? fallback;
};

/** A digest is about a whole cluster: a route for some of its findings is none for it. */
export const digestChannelOf = (cluster: ClusterRef, routes: readonly SlackRoute[], fallback: string): string =>
  routes.find(
    (route) =>
      route.severityAtLeast === undefined &&
      route.owner === undefined &&
      route.check === undefined &&
      isPlaceOf(route, cluster),
  )?.channel ?? fallback;
