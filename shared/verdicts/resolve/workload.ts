import type { WorkloadRef } from '../../model/denied-traffic.ts';
import type { Pod } from '../../model/facts-kubernetes.ts';

/** `name` without `-<hash>`, where the pod's label of that key holds this hash. */
const withoutHash = (name: string, labels: Pod['labels'], key: string): string | undefined => {
  const hash = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const suffix = `-${hash ?? ''}`;
  return hash !== undefined && hash !== '' && name.endsWith(suffix) && name.length > suffix.length
    ? name.slice(0, -suffix.length)
    : undefined;
};

const JOB_OF_CRONJOB = /^(.+)-(\d{8})$/;
const MINUTE = 60_000;
/** Pods of one Job may be retried for long. */
const LONGEST_JOB = 31 * 24 * 60 * MINUTE;

/**
 * The CronJob controller names a Job `<cronjob>-<minutes since 1970 of the scheduled time>`
 * (https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/cronjob/utils.go). Job names that merely end in
 * digits are common (`backup-20261120`), so the time must also be one at which this pod may have been scheduled.
 */
const cronJobOf = (job: string, createdAt: string): string | undefined => {
  const [, name, minutes] = JOB_OF_CRONJOB.exec(job) ?? [];
  if (name === undefined) return undefined;
  const age = Date.parse(createdAt) - Number(minutes) * MINUTE;
  return age > -MINUTE && age < LONGEST_JOB ? name : undefined;
};

/**
 * Who runs a pod, at the top of its owner chain. The pod names its controller only; the step above is certain for a
 * ReplicaSet whose name ends in the pod's own template hash
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label; Argo Rollouts writes a
 * label of its own), very likely for a Job named after its schedule, and is not taken otherwise.
 * A static pod belongs to its node and stays a `Pod`, as does one without a controller.
 */
export const workloadOf = ({ namespace, name, owner, labels, createdAt }: Pod): WorkloadRef => {
  const ref = (kind: string, of: string): WorkloadRef => ({ kind, namespace, name: of });
  if (owner === undefined || owner.kind === 'Node') return ref('Pod', name);
  if (owner.kind === 'ReplicaSet') {
    const deployment = withoutHash(owner.name, labels, 'pod-template-hash');
    if (deployment !== undefined) return ref('Deployment', deployment);
    const rollout = withoutHash(owner.name, labels, 'rollouts-pod-template-hash');
    return rollout === undefined ? ref(owner.kind, owner.name) : ref('Rollout', rollout);
  }
  const cronJob = owner.kind === 'Job' ? cronJobOf(owner.name, createdAt) : undefined;
  return cronJob === undefined ? ref(owner.kind, owner.name) : ref('CronJob', cronJob);
};
