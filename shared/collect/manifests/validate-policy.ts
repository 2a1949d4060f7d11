import type { ApplicationNetworkPolicy, ClusterNetworkPolicy, ClusterPolicyPort } from '../../model/cluster-policy.ts';
import type { LabelSelector, NetworkPolicy, PolicyPort } from '../../model/facts-kubernetes.ts';
import { describeFound, pathText } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { isPlainObject, ownValue } from './objects.ts';

/**
 * What the API server refuses and a live cluster therefore never shows. A typing error in a manifest must not be judged as if it
 * were in force. https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/networking/validation/validation.go
 */

type Path = readonly PropertyKey[];

const PROTOCOLS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);
const LAST_PORT = 65_535;
/** RFC 6335: at most 15 of lower-case letters, digits and single hyphens inside, at least one letter. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

const refuse = (path: Path, expected: string, found: unknown): never => {
  throw new MalformedError(pathText(path), expected, describeFound(found));
};

const requireProtocol = (protocol: string, path: Path): void => {
  if (!PROTOCOLS.has(protocol)) refuse([...path, 'protocol'], 'TCP, UDP or SCTP', protocol);
};

const requirePort = (port: number, path: Path): void => {
  if (port < 1 || port > LAST_PORT) refuse(path, 'a port from 1 to 65535', port);
};

const requireName = (name: string, path: Path): void => {
  if (!PORT_NAME.test(name)) refuse(path, "a port's number or name", name);
};

const checkPort = ({ protocol, port, endPort }: PolicyPort, path: Path): void => {
  requireProtocol(protocol, path);
  if (typeof port === 'number') requirePort(port, [...path, 'port']);
  if (typeof port === 'string') requireName(port, [...path, 'port']);
  if (endPort === undefined) return;
  if (typeof port !== 'number') refuse([...path, 'port'], 'a number, where there is an endPort', port);
  else if (endPort < port || endPort > LAST_PORT) {
    refuse([...path, 'endPort'], `a port from ${port} to ${LAST_PORT}`, endPort);
  }
};

const checkClusterPort = (port: ClusterPolicyPort, path: Path): void => {
  switch (port.kind) {
    case 'number':
      requireProtocol(port.protocol, [...path, 'portNumber']);
      return requirePort(port.port, [...path, 'portNumber', 'port']);
    case 'range':
      requireProtocol(port.protocol, [...path, 'portRange']);
      requirePort(port.start, [...path, 'portRange', 'start']);
      requirePort(port.end, [...path, 'portRange', 'end']);
      if (port.end < port.start) refuse([...path, 'portRange', 'end'], `at least ${port.start}`, port.end);
      return undefined;
    case 'name':
      return requireName(port.name, [...path, 'namedPort']);
    default:
      return port satisfies never;
  }
};

const checkSelector = (selector: LabelSelector | undefined, path: Path): void => {
  for (const [index, { operator, values }] of (selector?.matchExpressions ?? []).entries()) {
    const at = [...path, 'matchExpressions', index, 'values'];
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (wantsValues && values.length === 0) refuse(at, `values for ${operator}`, values);
    if (!wantsValues && values.length > 0) refuse(at, `no values for ${operator}`, values);
  }
};

const FIELDS = ['podSelector', 'policyTypes', 'ingress', 'egress'];
const SELECTOR_FIELDS = ['matchLabels', 'matchExpressions'];

/** kubectl refuses fields it does not know; `ingres:` would otherwise deny everything, and an unknown peer field admit it. */
const requireKnown = (value: unknown, known: readonly string[], path: Path): void => {
  if (!isPlainObject(value)) return;
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) refuse([...path, unknown], `one of ${known.join(', ')}`, value[unknown]);
};

const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = isPlainObject(value) ? ownValue(value, key) : undefined;
  return Array.isArray(list) ? list : [];
};

const valueAt = (value: unknown, key: string): unknown => (isPlainObject(value) ? ownValue(value, key) : undefined);

const requireKnownFields = (spec: unknown, path: Path, peerFields: readonly string[]): void => {
  requireKnown(spec, FIELDS, path);
  requireKnown(valueAt(spec, 'podSelector'), SELECTOR_FIELDS, [...path, 'podSelector']);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of listAt(spec, direction).entries()) {
      const at = [...path, direction, index];
      requireKnown(rule, [peers, 'ports'], at);
      for (const [position, port] of listAt(rule, 'ports').entries()) {
        requireKnown(port, ['protocol', 'port', 'endPort'], [...at, 'ports', position]);
      }
      for (const [position, peer] of listAt(rule, peers).entries()) {
        const of = [...at, peers, position];
        requireKnown(peer, peerFields, of);
        requireKnown(valueAt(peer, 'ipBlock'), ['cidr', 'except'], [...of, 'ipBlock']);
        for (const key of ['podSelector', 'namespaceSelector']) {
          requireKnown(valueAt(peer, key), SELECTOR_FIELDS, [...of, key]);
        }
      }
    }
  }
};

const PEER_FIELDS = ['ipBlock', 'podSelector', 'namespaceSelector'];

/** @throws MalformedError with the path from the document's root */
export const validateNamespacedPolicy = (
  policy: NetworkPolicy | ApplicationNetworkPolicy,
  spec: unknown,
  kind: string,
): void => {
  requireKnownFields(spec, ['spec'], kind === 'NetworkPolicy' ? PEER_FIELDS : [...PEER_FIELDS, 'domainNames']);
  checkSelector(policy.podSelector, ['spec', 'podSelector']);
  for (const [direction, field] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, { peers, ports }] of policy[direction].entries()) {
      for (const [at, port] of ports.entries()) checkPort(port, ['spec', direction, index, 'ports', at]);
      for (const [at, peer] of peers.entries()) {
        if (peer.kind !== 'selectors') continue;
        const path = ['spec', direction, index, field, at];
        checkSelector(peer.podSelector, [...path, 'podSelector']);
        checkSelector(peer.namespaceSelector, [...path, 'namespaceSelector']);
      }
    }
  }
};

/** @throws MalformedError with the path from the document's root */
export const validateClusterPolicy = ({ ingress, egress }: ClusterNetworkPolicy): void => {
  for (const [direction, rules] of Object.entries({ ingress, egress })) {
    for (const [index, { ports }] of rules.entries()) {
      for (const [at, port] of ports.entries()) checkClusterPort(port, ['spec', direction, index, 'ports', at]);
    }
  }
};
