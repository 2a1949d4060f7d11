import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import {
  containersOf,
  initContainerOf,
  nodeSelectorTermOf,
  POD_SPEC,
  TEMPLATE_LABELS,
  volumesOf,
  type CniPlan,
} from './aws-node-template.ts';
import { generatedSuffix, resourceVersion, uuid } from './identifiers.ts';
import type { Machine } from './machines.ts';
import type { ClusterPlan } from './plan.ts';

export interface AwsNodePlan {
  readonly cni: CniPlan;
  readonly createdAt: string;
  readonly generation: number;
  readonly updateStrategy: 'OnDelete' | 'RollingUpdate';
  /** When the present template was rolled out; pods are as old as this or as their node. */
  readonly rolledOutAt: string;
  /** The template before, and the machines (by key) whose pods still run it. */
  readonly previous?: { readonly cni: CniPlan; readonly rolledOutAt: string; readonly on: readonly string[] };
  /** Machines (by key) whose agent container crashes. */
  readonly crashingOn?: readonly string[];
  /** An IAM role of its own through the service account; without it and Pod Identity, the nodes' role. */
  readonly irsa?: true;
  /** EKS Pod Identity puts variables and a token volume into every pod of the service account. */
  readonly podIdentity?: true;
}

const versionLabel = (cni: CniPlan): string => cni.version.split('-')[0] ?? cni.version;

/** Value of the label `controller-revision-hash`. */
export const revisionHash = (cluster: ClusterPlan, cni: CniPlan): string =>
  generatedSuffix(`${cluster.name}/${JSON.stringify(cni)}/revision`, 10);

export const crashes = (plan: AwsNodePlan, machine: Machine): boolean =>
  plan.crashingOn?.includes(machine.key) === true;

export const isOld = (plan: AwsNodePlan, machine: Machine): boolean => plan.previous?.on.includes(machine.key) === true;

/** `kubectl -n kube-system get daemonset aws-node -o json`. */
export const daemonSetObject = (cluster: ClusterPlan, plan: AwsNodePlan, machines: readonly Machine[]): JsonObject => {
  const ready = machines.filter((machine) => !crashes(plan, machine)).length;
  const total = machines.length;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      annotations: { 'deprecated.daemonset.template.generation': String(plan.generation) },
      creationTimestamp: plan.createdAt,
      generation: plan.generation,
      labels: { ...TEMPLATE_LABELS, 'app.kubernetes.io/version': versionLabel(plan.cni) },
      name: 'aws-node',
      namespace: 'kube-system',
      resourceVersion: resourceVersion(`${cluster.name}/aws-node`),
      uid: uuid(`${cluster.name}/aws-node`),
    },
    spec: {
      revisionHistoryLimit: 10,
      selector: { matchLabels: { 'k8s-app': 'aws-node' } },
      template: {
        metadata: { labels: TEMPLATE_LABELS },
        spec: {
          ...POD_SPEC,
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: nodeSelectorTermOf(plan.cni) }],
              },
            },
          },
          containers: containersOf(cluster, plan.cni),
          initContainers: [initContainerOf(cluster, plan.cni)],
          tolerations: [{ operator: 'Exists' }],
          volumes: volumesOf(plan.cni),
        },
      },
      updateStrategy:
        plan.updateStrategy === 'OnDelete'
          ? { type: 'OnDelete' }
          : { rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' }, type: 'RollingUpdate' },
    },
    status: {
      currentNumberScheduled: total,
      desiredNumberScheduled: total,
      numberAvailable: ready,
      numberMisscheduled: 0,
      numberReady: ready,
      ...(ready < total ? { numberUnavailable: total - ready } : {}),
      observedGeneration: plan.generation,
      updatedNumberScheduled: machines.filter((machine) => !isOld(plan, machine)).length,
    },
  };
};
