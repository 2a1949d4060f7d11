import type { UnobservedReason } from '../../model/fact.ts';
import { oneLine } from '../normalise/one-line.ts';

/** What a failed call proves: that the thing is not there, or only why nobody could look. */
export type Failure =
  | { readonly kind: 'absent'; readonly detail: string }
  | { readonly kind: 'unobserved'; readonly reason: UnobservedReason; readonly detail: string };

type Meaning = 'absent' | 'denied' | 'throttled' | 'unreachable' | 'api-error';

/** `An error occurred (Code) when calling the Operation operation: …`, botocore's one form. */
const AWS_CODE = /An error occurred \((\w+)\)/g;

/** https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const AWS_CODES: ReadonlyMap<string, Meaning> = new Map([
  ['ResourceNotFoundException', 'absent'],
  ['AccessDenied', 'denied'],
  ['AccessDeniedException', 'denied'],
  ['AuthFailure', 'denied'],
  ['ExpiredToken', 'denied'],
  ['ExpiredTokenException', 'denied'],
  ['IncompleteSignature', 'denied'],
  ['InvalidClientTokenId', 'denied'],
  ['InvalidSignatureException', 'denied'],
  ['MissingAuthenticationToken', 'denied'],
  ['NotAuthorized', 'denied'],
  ['OptInRequired', 'denied'],
  ['RequestExpired', 'denied'],
  ['SignatureDoesNotMatch', 'denied'],
  ['UnauthorizedException', 'denied'],
  ['UnauthorizedOperation', 'denied'],
  ['UnrecognizedClientException', 'denied'],
  ['RequestLimitExceeded', 'throttled'],
  ['Throttling', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['ThrottledException', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
]);

/** `Error from server (Reason): …`, kubectl's form of a Status. */
const KUBERNETES_REASON = /Error from server \((\w+)\)/g;

/** https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go, `StatusReason` */
const KUBERNETES_REASONS: ReadonlyMap<string, Meaning> = new Map([
  ['NotFound', 'absent'],
  ['Forbidden', 'denied'],
  ['Unauthorized', 'denied'],
  ['TooManyRequests', 'throttled'],
  ['ServerTimeout', 'unreachable'],
  ['Timeout', 'unreachable'],
]);

/**
 * Messages without a code. The first that fits decides, and `absent` stands last: kubectl also says that it knows no
 * such resource type where it could not ask for the types.
 */
const MESSAGES: readonly (readonly [RegExp, Meaning])[] = [
  [/unable to locate credentials|no credentials|credentials? .*(?:expired|not found)/i, 'denied'],
  [/sso (?:session|token)|token has expired|you must be logged in|provide credentials|getting credentials/i, 'denied'],
  [/\bforbidden\b|\bunauthori[sz]ed\b|access ?denied|not authorized/i, 'denied'],
  [/too ?many ?requests|throttl|rate exceeded/i, 'throttled'],
  [/timed? ?out|deadline exceeded|i\/o timeout/i, 'unreachable'],
  [/no such host|could not connect|unable to connect|connection (?:refused|reset)|was refused/i, 'unreachable'],
  [/no route to host|network is unreachable|name resolution|x509:|\btls\b|\bEOF\b/i, 'unreachable'],
  [/doesn't have a resource type|could not find the requested resource/i, 'absent'],
];

/** kubectl reports each broken aggregated API on the way to another; one that is none of ours says nothing of ours. */
const OUR_GROUPS =
  /couldn't get resource list for (?:networking\.k8s\.aws|vpcresources\.k8s\.aws|crd\.k8s\.amazonaws\.com|eks\.amazonaws\.com)\//;

const isNoise = (line: string): boolean =>
  line === '' ||
  /due to client-side throttling/.test(line) ||
  (line.includes("couldn't get resource list for") && !OUR_GROUPS.test(line));

/** `timeout` of coreutils ends with it when it stopped the command. */
const STOPPED_BY_TIMEOUT = '124';

const meaningOf = (message: string, exitStatus: string | undefined): Meaning => {
  // EKS says ResourceNotFoundException also of the cluster, and that is no word about the add-on.
  if (/no cluster found/i.test(message)) return 'api-error';
  const awsCode = [...message.matchAll(AWS_CODE)].at(-1)?.[1];
  if (awsCode !== undefined) return AWS_CODES.get(awsCode) ?? 'api-error';
  const reason = [...message.matchAll(KUBERNETES_REASON)].at(-1)?.[1];
  if (reason !== undefined) return KUBERNETES_REASONS.get(reason) ?? 'api-error';
  const said = MESSAGES.find(([pattern]) => pattern.test(message))?.[1];
  return said ?? (exitStatus === STOPPED_BY_TIMEOUT ? 'unreachable' : 'api-error');
};

/** Enough of a standard error to judge it by. */
const MAX_ERROR_TEXT = 16_384;

/**
 * What the standard error of a failed `aws` or `kubectl` call says, its last line being `exit: N`. Whether `absent` has
 * a meaning for the fact that was asked for is for the caller to say.
 */
export const classifyError = (text: string): Failure => {
  const lines = text
    .slice(-MAX_ERROR_TEXT)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const exitStatus = lines.map((line) => /^exit: (\d+)$/.exec(line)?.[1]).findLast((status) => status !== undefined);
  const said = lines.filter((line) => !isNoise(line) && !/^exit: \d+$/.test(line));
  const message = said.join('\n');
  const detail = oneLine(said.length > 0 ? said.join(' ') : `no message, exit status ${exitStatus ?? 'unknown'}`);
  const meaning = meaningOf(message, exitStatus);
  return meaning === 'absent' ? { kind: 'absent', detail } : { kind: 'unobserved', reason: meaning, detail };
};
