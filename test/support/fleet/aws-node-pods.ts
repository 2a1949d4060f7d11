import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import { containersOf, initContainerOf, POD_SPEC, TEMPLATE_LABELS, volumesOf } from './aws-node-template.ts';
import { crashes, isOld, revisionHash, type AwsNodePlan } from './aws-node.ts';
import { generatedSuffix, hex, resourceVersion, secondsLater, uuid } from './identifiers.ts';
import type { Machine } from './machines.ts';
import type { ClusterPlan } from './plan.ts';

const podName = (machine: Machine): string => `aws-node-${generatedSuffix(`${machine.seed}/aws-node`, 5)}`;
const podUid = (machine: Machine): string => uuid(`${machine.seed}/aws-node`);

const TOKEN_DIRECTORY = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount';

const podIdentityEnv = (cluster: ClusterPlan): readonly JsonObject[] => [
  { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
  { name: 'AWS_DEFAULT_REGION', value: cluster.region },
  { name: 'AWS_REGION', value: cluster.region },
  { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' },
  { name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', value: `${TOKEN_DIRECTORY}/eks-pod-identity-token` },
];

const listOf = (value: JsonObject[string] | undefined): readonly JsonObject[string][] =>
  Array.isArray(value) ? value : [];

/** What admission adds to each container of a pod: the service account's token, and Pod Identity's. */
const admitted = (cluster: ClusterPlan, plan: AwsNodePlan, container: JsonObject, tokenVolume: string): JsonObject => ({
  ...container,
  env: [...listOf(container['env']), ...(plan.podIdentity === true ? podIdentityEnv(cluster) : [])],
  volumeMounts: [
    ...listOf(container['volumeMounts']),
    { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: tokenVolume, readOnly: true },
    ...(plan.podIdentity === true
      ? [{ mountPath: TOKEN_DIRECTORY, name: 'eks-pod-identity-token', readOnly: true }]
      : []),
  ],
});

const tokenVolumes = (plan: AwsNodePlan, name: string): readonly JsonObject[] => [
  {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
        {
          downwardAPI: {
            items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
          },
        },
      ],
    },
  },
  ...(plan.podIdentity === true
    ? [
        {
          name: 'eks-pod-identity-token',
          projected: {
            defaultMode: 420,
            sources: [
              {
                serviceAccountToken: {
                  audience: 'pods.eks.amazonaws.com',
                  expirationSeconds: 86_400,
                  path: 'eks-pod-identity-token',
                },
              },
            ],
          },
        },
      ]
    : []),
];

const CRASH_RESTARTS = 412;

const containerStatus = (
  cluster: ClusterPlan,
  machine: Machine,
  container: JsonObject,
  startedAt: string,
  kind: 'running' | 'completed' | 'crashing',
): JsonObject => {
  const image = typeof container['image'] === 'string' ? container['image'] : '';
  const name = typeof container['name'] === 'string' ? container['name'] : '';
  const runtime = machine.ami.runtime.split('://')[0] ?? 'containerd';
  const id = (what: string) => `${runtime}://${hex(`${machine.seed}/${name}/${what}`, 64)}`;
  const exited = (exitCode: number, reason: string, finishedAt: string): JsonObject => ({
    terminated: { containerID: id('last'), exitCode, finishedAt, reason, startedAt: secondsLater(finishedAt, -2) },
  });
  const shared = {
    containerID: id('now'),
    image,
    imageID: `${image.split(':')[0] ?? image}@sha256:${hex(`${image}/digest`, 64)}`,
    name,
  };
  switch (kind) {
    case 'running':
      return {
        ...shared,
        lastState: {},
        ready: true,
        restartCount: 0,
        started: true,
        state: { running: { startedAt } },
      };
    case 'completed':
      return {
        ...shared,
        lastState: {},
        ready: true,
        restartCount: 0,
        started: false,
        state: exited(0, 'Completed', secondsLater(startedAt, -1)),
      };
    case 'crashing':
      return {
        ...shared,
        lastState: exited(1, 'Error', secondsLater(cluster.gatheredAt, -204)),
        ready: false,
        restartCount: CRASH_RESTARTS,
        started: false,
        state: {
          waiting: {
            message: `back-off 5m0s restarting failed container=${name} pod=${podName(machine)}_kube-system(${podUid(machine)})`,
            reason: 'CrashLoopBackOff',
          },
        },
      };
  }
};

const podObject = (cluster: ClusterPlan, plan: AwsNodePlan, machine: Machine): JsonObject => {
  const old = isOld(plan, machine) ? plan.previous : undefined;
  const { cni, rolledOutAt } = old ?? plan;
  const createdAt = rolledOutAt > machine.joinedAt ? rolledOutAt : secondsLater(machine.joinedAt, 1);
  const startedAt = secondsLater(createdAt, 6);
  const broken = crashes(plan, machine);
  const tokenVolume = `kube-api-access-${generatedSuffix(`${machine.seed}/token`, 5)}`;
  const containers = containersOf(cluster, cni);
  const init = initContainerOf(cluster, cni);
  const condition = (type: string, status: string, at: string): JsonObject => ({
    lastProbeTime: null,
    lastTransitionTime: at,
    ...(status === 'False'
      ? { message: 'containers with unready status: [aws-eks-nodeagent]', reason: 'ContainersNotReady' }
      : {}),
    status,
    type,
  });
  const ready = broken ? 'False' : 'True';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      creationTimestamp: createdAt,
      generateName: 'aws-node-',
      labels: {
        ...TEMPLATE_LABELS,
        'controller-revision-hash': revisionHash(cluster, cni),
        'pod-template-generation': String(old === undefined ? plan.generation : plan.generation - 1),
      },
      name: podName(machine),
      namespace: 'kube-system',
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'DaemonSet',
          name: 'aws-node',
          uid: uuid(`${cluster.name}/aws-node`),
        },
      ],
      resourceVersion: resourceVersion(podUid(machine)),
      uid: podUid(machine),
    },
    spec: {
      ...POD_SPEC,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [machine.name] }] }],
          },
        },
      },
      containers: containers.map((container) => admitted(cluster, plan, container, tokenVolume)),
      enableServiceLinks: true,
      initContainers: [admitted(cluster, plan, init, tokenVolume)],
      nodeName: machine.name,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 2_000_001_000,
      tolerations: [{ operator: 'Exists' }],
      volumes: [...volumesOf(cni), ...tokenVolumes(plan, tokenVolume)],
    },
    status: {
      conditions: [
        condition('Initialized', 'True', secondsLater(createdAt, 4)),
        condition('Ready', ready, broken ? secondsLater(cluster.gatheredAt, -204) : secondsLater(startedAt, 4)),
        condition(
          'ContainersReady',
          ready,
          broken ? secondsLater(cluster.gatheredAt, -204) : secondsLater(startedAt, 4),
        ),
        condition('PodScheduled', 'True', createdAt),
      ],
      containerStatuses: containers
        .map((container) => {
          const kind = broken && container['name'] === 'aws-eks-nodeagent' ? 'crashing' : 'running';
          return containerStatus(cluster, machine, container, startedAt, kind);
        })
        // kubelet sorts its statuses by name, and aws-eks-nodeagent comes before aws-node.
        .toReversed(),
      hostIP: machine.address,
      initContainerStatuses: [containerStatus(cluster, machine, init, startedAt, 'completed')],
      phase: 'Running',
      podIP: machine.address,
      podIPs: [{ ip: machine.address }],
      qosClass: 'Burstable',
      startTime: createdAt,
    },
  };
};

/** `kubectl -n kube-system get pods -l k8s-app=aws-node -o json`, one pod a machine. */
export const awsNodePods = (
  cluster: ClusterPlan,
  plan: AwsNodePlan,
  machines: readonly Machine[],
): readonly JsonObject[] => machines.map((machine) => podObject(cluster, plan, machine));
