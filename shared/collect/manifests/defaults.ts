import type { ManifestObject, PlainObject } from './objects.ts';
import { isPlainObject, ownValue } from './objects.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#automatic-labelling */
const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** A manifest is older than every object of the cluster; nothing here judges ages. */
const NEVER = '1970-01-01T00:00:00Z';

const NODE_INFO = { operatingSystem: '', architecture: '', osImage: '', kernelVersion: '', kubeletVersion: '' };

/** `creationTimestamp: null` is what generators write: a field that is null is a field left out. */
const given = (value: unknown): PlainObject =>
  isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined))
    : {};

/** Anything but an object or nothing stays what it is, for the reader to refuse. */
const filled = (value: unknown, defaults: PlainObject): unknown =>
  value === null || value === undefined || isPlainObject(value) ? { ...defaults, ...given(value) } : value;

const nodeStatus = (value: PlainObject): unknown => {
  const status = ownValue(value, 'status');
  return filled(status, { nodeInfo: filled(isPlainObject(status) ? ownValue(status, 'nodeInfo') : null, NODE_INFO) });
};

const namespaceMetadata = (metadata: unknown): unknown => {
  if (!isPlainObject(metadata)) return metadata;
  const name = ownValue(metadata, 'name');
  const labels = ownValue(metadata, 'labels');
  // The API server writes this label itself, over whatever stands there.
  return {
    ...metadata,
    labels: isPlainObject(labels) || !labels ? { ...given(labels), [NAMESPACE_NAME_LABEL]: name } : labels,
  };
};

/**
 * The object with what the API server and the controllers add to it: identity, creation, the namespace `default`, the label of
 * a namespace's own name, and a state in which it counts: a pod that tells no phase runs.
 */
export const withDefaults = ({ kind, value }: Pick<ManifestObject, 'kind' | 'value'>): PlainObject => {
  const metadata = filled(ownValue(value, 'metadata'), { uid: '', creationTimestamp: NEVER, namespace: 'default' });
  switch (kind) {
    case 'Namespace':
      return {
        ...value,
        metadata: namespaceMetadata(metadata),
        status: filled(ownValue(value, 'status'), { phase: 'Active' }),
      };
    case 'Pod':
      return {
        ...value,
        metadata,
        spec: filled(ownValue(value, 'spec'), {}),
        status: filled(ownValue(value, 'status'), { phase: 'Running' }),
      };
    case 'Node':
      return { ...value, metadata, spec: filled(ownValue(value, 'spec'), {}), status: nodeStatus(value) };
    default:
      return { ...value, metadata };
  }
};

/** A namespace that nobody wrote down, as the API server would make it. */
export const impliedNamespace = (name: string) => ({
  name,
  labels: { [NAMESPACE_NAME_LABEL]: name },
  phase: 'Active',
});
