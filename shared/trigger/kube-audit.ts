import { gunzipWhole } from '../verdicts/envelope/gunzip.ts';
import { decodeBase64 } from '../verdicts/envelope/wrapper.ts';
import { BadEventError, fieldOf, textOf } from './envelope.ts';
import { ACCOUNT, clusterIn, placeOf, sourceText } from './place.ts';
import { forCluster, nothing, type Triggered } from './request.ts';

/** Ten times what CloudWatch sends at most. */
const LIMIT_BYTES = 64 * 1_048_576;
const STREAM = 'kube-apiserver-audit-';
const GROUP = /^\/aws\/eks\/([^/]+)\/cluster$/;
const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Whose edits change enforcement and are seen nowhere else. */
const isWatched = (object: unknown): boolean => {
  if (textOf(object, 'namespace') !== 'kube-system' || textOf(object, 'subresource') !== undefined) return false;
  const name = textOf(object, 'name');
  switch (textOf(object, 'resource')) {
    case 'daemonsets':
      return name === 'aws-node';
    case 'configmaps':
      return name === 'amazon-vpc-cni';
    default:
      return false;
  }
};

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
const editIn = (message: unknown): { readonly at: string; readonly id: string } | undefined => {
  let event: unknown;
  try {
    event = typeof message === 'string' ? JSON.parse(message) : undefined;
  } catch {
    return undefined;
  }
  const at = textOf(event, 'stageTimestamp') ?? textOf(event, 'requestReceivedTimestamp');
  const code = fieldOf(fieldOf(event, 'responseStatus'), 'code');
  if (textOf(event, 'stage') !== 'ResponseComplete' || !WRITES.has(textOf(event, 'verb') ?? '')) return undefined;
  if (typeof code !== 'number' || code >= 400 || !isWatched(fieldOf(event, 'objectRef'))) return undefined;
  if (at === undefined || Number.isNaN(Date.parse(at))) return undefined;
  return { at: new Date(at).toISOString(), id: textOf(event, 'auditID') ?? '' };
};

const documentIn = (data: string): unknown => {
  const bytes = decodeBase64(data);
  const text = bytes === undefined ? undefined : gunzipWhole(bytes, LIMIT_BYTES)?.toString('utf8');
  if (text === undefined) throw new BadEventError('awslogs.data: expected base64 of gzip');
  try {
    return JSON.parse(text);
  } catch {
    throw new BadEventError('awslogs.data: expected a JSON document');
  }
};

/**
 * A subscription of the control plane's audit log: the only event that sees `kubectl edit` of the aws-node DaemonSet and
 * the amazon-vpc-cni ConfigMap.
 * https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 * @param region of the subscription: the document names none
 * @throws BadEventError
 */
export const readKubeAudit = (data: string, region: string): readonly Triggered[] => {
  const document = documentIn(data);
  if (textOf(document, 'messageType') !== 'DATA_MESSAGE') return nothing('a probe of CloudWatch Logs');
  const owner = textOf(document, 'owner') ?? '';
  const [, name] = GROUP.exec(textOf(document, 'logGroup') ?? '') ?? [];
  const cluster = ACCOUNT.test(owner) ? clusterIn(placeOf(owner, region), name) : undefined;
  if (cluster === undefined) return nothing('the log is of no cluster');
  if (!(textOf(document, 'logStream') ?? '').startsWith(STREAM)) return nothing('not an audit log');
  const events = fieldOf(document, 'logEvents');
  const edits = (Array.isArray(events) ? events : []).flatMap((event) => editIn(fieldOf(event, 'message')) ?? []);
  const last = edits.at(-1);
  if (last === undefined) return nothing('no edit of what decides enforcement');
  const source = sourceText('kube-audit', last.id);
  return forCluster(cluster, [{ do: 'audit', reason: 'kubectl-edit', source, at: last.at }]);
};
