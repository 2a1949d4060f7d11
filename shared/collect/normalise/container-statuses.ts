import * as z from 'zod';
import type { ContainerStatus } from '../../model/facts-kubernetes.ts';
import { count, text } from './field.ts';

const reasoned = z.object({ reason: text.nullish() }).nullish();

export const containerStatus = z.object({
  name: text,
  ready: z.boolean(),
  restartCount: count,
  state: z.object({ running: z.unknown().optional(), waiting: reasoned, terminated: reasoned }).nullish(),
});

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

const stateOf = ({ state }: z.output<typeof containerStatus>): Pick<ContainerStatus, 'state' | 'reason'> => {
  if (state === undefined || state === null) return { state: 'unknown', reason: '' };
  if (isSet(state.running)) return { state: 'running', reason: '' };
  if (isSet(state.terminated)) return { state: 'terminated', reason: state.terminated?.reason ?? '' };
  return { state: 'waiting', reason: state.waiting?.reason ?? '' };
};

/**
 * One `status.containerStatuses[]` of a pod. A state without a member is `waiting`, as documented
 * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus).
 */
export const readContainerStatus = (raw: z.output<typeof containerStatus>): ContainerStatus => ({
  name: raw.name,
  ready: raw.ready,
  restartCount: raw.restartCount,
  ...stateOf(raw),
});
