import { textOf, type WireEvent } from './envelope.ts';
import { clusterIn, clusterOfArn, sourceText } from './place.ts';
import { forCluster, nothing, type Triggered } from './request.ts';

/** What people and pipelines put on our bus. Detail: `{"cluster": "<ARN>"}`, or a name in the sender's own account and region. */
export const MANUAL_SOURCE = 'netpol-warden';
export const MANUAL_DETAIL_TYPE = 'Netpol Warden Audit Requested';

/** @param home the account that runs the service: only from there may others' clusters be named. */
export const fromManual = (event: WireEvent, home: string): readonly Triggered[] => {
  const { detail, place, time, id } = event;
  const text = textOf(detail, 'cluster');
  const cluster = clusterOfArn(text) ?? clusterIn(place, text);
  if (cluster === undefined) return nothing('the request names no cluster: expected `cluster`, its name or ARN');
  if (cluster.account !== place.account && place.account !== home) {
    return nothing(`account ${place.account} may not ask for clusters of ${cluster.account}`);
  }
  return forCluster(cluster, [{ do: 'audit', reason: 'manual', source: sourceText('manual', id), at: time }]);
};
