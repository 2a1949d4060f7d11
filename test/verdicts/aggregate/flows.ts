import * as fc from 'fast-check';
import type { Flow } from '../../../shared/model/flow.ts';

const START = 1_787_393_700_000;

/** Flows from few values, so that many are equal. */
export const someFlow: fc.Arbitrary<Flow> = fc.record(
  {
    time: fc.integer({ min: START, max: START + 900_000 }),
    source: fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1'),
    sourcePort: fc.constantFrom(0, 443, 41_022),
    destination: fc.constantFrom('10.0.0.9', 'fd00::1'),
    destinationPort: fc.constantFrom(53, 443, 50_000, 0),
    protocol: fc.constantFrom('TCP', 'UDP', 'ANY PROTOCOL'),
    verdict: fc.constantFrom('DENY', 'DENY', 'ACCEPT'),
    node: fc.constantFrom('n1', 'n2', 'n3', 'n4', 'n5', 'n6'),
    direction: fc.constantFrom('ingress', 'egress'),
    tier: fc.constantFrom('ADMIN', 'DEFAULT', 'NETWORK_POLICY'),
    repaired: fc.constantFrom(['source'], ['destination'], ['source', 'destination']),
    eventId: fc.oneof(
      fc.nat(5000).map((n) => String(n).padStart(56, '3')),
      fc.constantFrom('', '42', 'é'),
    ),
  },
  { requiredKeys: ['time', 'source', 'sourcePort', 'destination', 'destinationPort', 'protocol', 'verdict'] },
);

/** A denial of a source, a destination and a port that a number tells. */
export const denial = (source: string, number: number, time = START): Flow => ({
  time,
  source,
  sourcePort: 41_022,
  destination: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
  destinationPort: 80,
  protocol: 'TCP',
  verdict: 'DENY',
});
