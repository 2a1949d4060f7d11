import type { Json, JsonObject } from '../../../shared/model/facts-aws.ts';

/** What gather.sh's go-templates leave of the full objects that the fleet also has. */

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectAt = (value: Json | undefined, ...path: readonly string[]): JsonObject => {
  let found = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  if (!isObject(found)) throw new Error(`no object at ${path.join('.')}`);
  return found;
};

const listAt = (value: JsonObject, key: string): readonly JsonObject[] => {
  const list = value[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** Those of the keys that the object has. */
const pick = (value: JsonObject, keys: readonly string[]): JsonObject => {
  const picked: Record<string, Json> = {};
  for (const key of keys) {
    const member = value[key];
    if (member !== undefined) picked[key] = member;
  }
  return picked;
};

const METADATA = ['creationTimestamp', 'labels', 'name', 'namespace', 'uid'];

export const projectedDaemonSet = (daemonSet: JsonObject): JsonObject => {
  const podSpec = objectAt(daemonSet, 'spec', 'template', 'spec');
  const images = (key: string) => listAt(podSpec, key).map((container) => pick(container, ['image', 'name']));
  return {
    ...pick(daemonSet, ['apiVersion', 'kind']),
    metadata: pick(objectAt(daemonSet, 'metadata'), METADATA),
    spec: { template: { spec: { containers: images('containers'), initContainers: images('initContainers') } } },
    status: pick(objectAt(daemonSet, 'status'), [
      'currentNumberScheduled',
      'desiredNumberScheduled',
      'numberReady',
      'updatedNumberScheduled',
    ]),
  };
};

export const projectedPod = (pod: JsonObject): JsonObject => {
  const metadata = objectAt(pod, 'metadata');
  return {
    ...pick(pod, ['apiVersion', 'kind']),
    metadata: {
      ...pick(metadata, METADATA),
      ownerReferences: listAt(metadata, 'ownerReferences').map((owner) =>
        pick(owner, ['apiVersion', 'controller', 'kind', 'name']),
      ),
    },
    spec: {
      ...pick(objectAt(pod, 'spec'), ['hostNetwork', 'nodeName']),
      containers: listAt(objectAt(pod, 'spec'), 'containers').map((container) => ({
        ...pick(container, ['name']),
        ...(container['ports'] === undefined
          ? {}
          : { ports: listAt(container, 'ports').map((port) => pick(port, ['containerPort', 'name', 'protocol'])) }),
      })),
    },
    status: pick(objectAt(pod, 'status'), ['hostIP', 'phase', 'podIP', 'podIPs']),
  };
};
