import * as fc from 'fast-check';
import type {
  AddressCertainty,
  AddressOwner,
  AddressRole,
  DenialClass,
  DeniedPair,
  DeniedTraffic,
  SignalKind,
  SuggestedChange,
  Suspicion,
  TrafficSignal,
} from '../../../shared/model/denied-traffic.ts';
import { count, list, shape, text, time } from './arbitrary-values.ts';
import type { DecodeCounts, FlowDirection, UnreadableReason } from '../../../shared/model/flow.ts';
import type { ResourceType } from '../../../shared/model/outcome.ts';

const podName = fc.record({ namespace: text, name: text });
const workload = fc.record({ kind: text, namespace: text, name: text });
const role = fc.constantFrom<AddressRole[]>('cluster-dns', 'api-server');

const owner = fc.oneof<fc.Arbitrary<AddressOwner>[]>(
  shape({ kind: fc.constant('pod'), namespace: text, name: text, workload }, { node: text, role }),
  fc.record({ kind: fc.constant('node'), name: text, hostNetworkPods: list(podName) }),
  shape({ kind: fc.constant('service'), namespace: text, name: text, backends: list(podName) }, { role }),
  fc.constant({ kind: 'api-server' }),
  fc.record({ kind: fc.constant('well-known'), service: fc.constantFrom('imds', 'vpc-resolver', 'time-sync') }),
  fc.record({ kind: fc.constant('special'), range: fc.constantFrom('link-local', 'multicast', 'loopback') }),
  shape(
    { kind: fc.constant('network-interface'), id: text, interfaceType: text, description: text },
    { service: text },
  ),
  shape({ kind: fc.constant('vpc') }, { subnetId: text }),
  fc.record({ kind: fc.constant('aws-service'), service: text, region: text }),
  fc.record({ kind: fc.constant('external'), network: text }),
);

const party = shape(
  {
    id: text,
    label: text,
    certainty: fc.constantFrom<AddressCertainty[]>('exact', 'former', 'ambiguous', 'unknown'),
    addresses: list(text),
    addressCount: count,
  },
  { owner, workload },
);

const direction = fc.constantFrom<FlowDirection[]>('ingress', 'egress');

const explanation = shape(
  {
    summary: list(text),
    isolatedBy: list(fc.record({ direction, policies: list(text) })),
    suspicions: list(
      shape({ kind: fc.constantFrom<Suspicion['kind'][]>('start-up-window', 'agent-error'), text }, { url: text }),
    ),
    suggestions: list(
      fc.record({
        scope: fc.constantFrom<SuggestedChange['scope'][]>('smallest', 'narrower', 'wider'),
        titles: list(text),
        manifest: text,
        alsoOpens: count,
        alsoOpensExamples: list(text),
      }),
    ),
  },
  { noSuggestion: text },
);

const deniedPair: fc.Arbitrary<DeniedPair> = shape(
  {
    key: text,
    source: party,
    destination: party,
    portCount: count,
    protocol: text,
    class: fc.constantFrom<DenialClass[]>('policy-denied', 'reply', 'unattributed'),
    count,
    uncounted: count,
    firstSeenAt: time,
    lastSeenAt: time,
    nodes: list(text),
    tiers: list(text),
    sampleEventIds: list(text),
    explanation,
  },
  {
    destinationPort: count,
    direction,
    directionFrom: fc.constantFrom<('log' | 'inferred')[]>('log', 'inferred'),
    service: fc.record({ namespace: text, name: text, port: count }),
  },
);

const signal: fc.Arbitrary<TrafficSignal> = fc.record({
  kind: fc.constantFrom<SignalKind[]>('new-pair', 'spike', 'log-silence'),
  subject: fc.record({ type: fc.constantFrom<ResourceType[]>('flow', 'workload', 'node'), id: text, name: text }),
  status: fc.constantFrom<TrafficSignal['status'][]>('active', 'cleared'),
  since: time,
  lastSeenAt: time,
  count,
  values: fc.record({ what: text, ports: count }),
  pairs: list(text),
});

const decodeCounts: fc.Arbitrary<DecodeCounts> = fc.record({
  lines: count,
  flows: count,
  denied: count,
  accepted: count,
  otherVerdicts: count,
  repaired: count,
  notVerdict: count,
  unreadable: count,
  unreadableBy: fc.record({ 'bad-address': count, binary: count }, { requiredKeys: [] }),
  notVerdictSamples: list(text),
  unreadableSamples: list(
    fc.record({ reason: fc.constantFrom<UnreadableReason[]>('bad-address', 'not-an-envelope'), text }),
  ),
});

export const deniedTraffic: fc.Arbitrary<DeniedTraffic> = shape(
  {
    counts: decodeCounts,
    exact: fc.boolean(),
    nodes: list(text),
    pairs: list(deniedPair),
    omitted: fc.record({ pairs: count, lines: count }),
    signals: list(signal),
  },
  { from: time, to: time },
);
