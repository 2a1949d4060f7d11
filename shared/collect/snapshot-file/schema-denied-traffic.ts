import * as z from 'zod';
import type { TrafficSignal } from '../../model/denied-traffic.ts';
import { count, list, time } from './values.ts';

const exact = z.exactOptional;
const direction = z.enum(['ingress', 'egress']);
const certainty = z.enum(['exact', 'former', 'ambiguous', 'unknown']);
const podName = { namespace: z.string(), name: z.string() };
const workload = z.object({ ...podName, kind: z.string() });
const role = exact(z.enum(['cluster-dns', 'api-server']));
const pods = list(z.object(podName));

const owner = z.discriminatedUnion('kind', [
  z.object({ ...podName, kind: z.literal('pod'), node: exact(z.string()), workload, role }),
  z.object({ kind: z.literal('node'), name: z.string(), hostNetworkPods: pods }),
  z.object({ ...podName, kind: z.literal('service'), role, backends: pods }),
  z.object({ kind: z.literal('api-server') }),
  z.object({
    kind: z.literal('well-known'),
    service: z.enum([
      'imds',
      'pod-identity-agent',
      'container-credentials',
      'vpc-resolver',
      'time-sync',
      'node-local-dns',
    ]),
  }),
  z.object({
    kind: z.literal('special'),
    range: z.enum(['link-local', 'multicast', 'broadcast', 'loopback', 'unspecified']),
  }),
  z.object({
    kind: z.literal('network-interface'),
    id: z.string(),
    interfaceType: z.string(),
    description: z.string(),
    service: exact(z.string()),
  }),
  z.object({ kind: z.literal('vpc'), subnetId: exact(z.string()) }),
  z.object({ kind: z.literal('aws-service'), service: z.string(), region: z.string() }),
  z.object({ kind: z.literal('external'), network: z.string() }),
]);

const party = z.object({
  id: z.string(),
  label: z.string(),
  certainty,
  owner: exact(owner),
  workload: exact(workload),
  addresses: list(z.string()),
  addressCount: count,
});

const explanation = z.object({
  summary: list(z.string()),
  isolatedBy: list(z.object({ direction, policies: list(z.string()) })),
  suspicions: list(
    z.object({
      kind: z.enum([
        'stale-policy-endpoint',
        'reply-after-conntrack-expiry',
        'start-up-window',
        'agent-version-defect',
        'probe-in-strict-mode',
        'policy-changed-since',
        'vpc-cni-deviation',
        'agent-error',
      ]),
      text: z.string(),
      url: exact(z.string()),
    }),
  ),
  suggestions: list(
    z.object({
      scope: z.enum(['smallest', 'narrower', 'wider']),
      titles: list(z.string()),
      manifest: z.string(),
      alsoOpens: count,
      alsoOpensExamples: list(z.string()),
    }),
  ),
  noSuggestion: exact(z.string()),
});

const pair = z.object({
  key: z.string(),
  source: party,
  destination: party,
  destinationPort: exact(count),
  portCount: count,
  protocol: z.string(),
  direction: exact(direction),
  directionFrom: exact(z.enum(['log', 'inferred'])),
  service: exact(z.object({ ...podName, port: count })),
  class: z.enum([
    'policy-denied',
    'cluster-policy-denied',
    'strict-default-deny',
    'vpc-cni-deviation',
    'reply',
    'enforcement-anomaly',
    'agent-defect',
    'policies-changed',
    'unattributed',
  ]),
  count,
  uncounted: count,
  firstSeenAt: time,
  lastSeenAt: time,
  nodes: list(z.string()),
  tiers: list(z.string()),
  sampleEventIds: list(z.string()),
  explanation,
});

const messageValues = z.custom<TrafficSignal['values']>().superRefine((value: unknown, context) => {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const isScalar = (item: unknown): boolean => typeof item === 'string' || typeof item === 'number';
  if (isMap && 'what' in value && typeof value.what === 'string' && Object.values(value).every(isScalar)) return;
  context.addIssue({ code: 'custom', message: 'object of strings and numbers with a string `what`' });
});

const signal = z.object({
  kind: z.enum([
    'new-pair',
    'spike',
    'after-change',
    'dns',
    'imds',
    'credentials',
    'health-probe',
    'scan',
    'false-denial',
    'log-silence',
  ]),
  subject: z.object({
    type: z.enum(['cluster', 'node', 'addon', 'daemonset', 'configmap', 'namespace', 'nodegroup', 'workload', 'flow']),
    id: z.string(),
    name: z.string(),
  }),
  status: z.enum(['active', 'cleared']),
  since: time,
  lastSeenAt: time,
  count,
  values: messageValues.meta({ type: 'object', properties: { what: { type: 'string' } }, required: ['what'] }),
  pairs: list(z.string()),
});

const reasons = [
  'too-long',
  'binary',
  'damaged-event',
  'malformed-json',
  'unknown-layout',
  'missing-field',
  'duplicate-field',
  'bad-address',
  'bad-port',
  'bad-word',
  'no-time',
  'not-an-envelope',
] as const;

const decodeCounts = z.object({
  lines: count,
  flows: count,
  denied: count,
  accepted: count,
  otherVerdicts: count,
  repaired: count,
  notVerdict: count,
  unreadable: count,
  unreadableBy: z.object({
    'too-long': exact(count),
    binary: exact(count),
    'damaged-event': exact(count),
    'malformed-json': exact(count),
    'unknown-layout': exact(count),
    'missing-field': exact(count),
    'duplicate-field': exact(count),
    'bad-address': exact(count),
    'bad-port': exact(count),
    'bad-word': exact(count),
    'no-time': exact(count),
    'not-an-envelope': exact(count),
  }),
  notVerdictSamples: list(z.string()),
  unreadableSamples: list(z.object({ reason: z.enum(reasons), text: z.string() })),
});

/** What the verdict logs told, attributed; see `shared/model/denied-traffic.ts`. */
export const deniedTraffic = z.object({
  from: exact(time),
  to: exact(time),
  counts: decodeCounts,
  exact: z.boolean(),
  nodes: list(z.string()),
  pairs: list(pair),
  omitted: z.object({ pairs: count, lines: count }),
  signals: list(signal),
});
