import type { DeniedPair, DeniedParty } from '../../model/denied-traffic.ts';
import type { Flow } from '../../model/flow.ts';
import { csvRecord } from '../csv-record.ts';
import type { DenialsReport } from './denials-report.ts';

const party = ({ label, workload, certainty, addresses }: DeniedParty) => [
  label,
  workload?.kind,
  workload?.namespace,
  workload?.name,
  certainty,
  addresses.join(' '),
];

const partyColumns = (side: string): readonly string[] =>
  ['', '_kind', '_namespace', '_name', '_certainty', '_addresses'].map((suffix) => side + suffix);

const COLUMNS: readonly string[] = [
  'key',
  ...partyColumns('source'),
  ...partyColumns('destination'),
  'port',
  'ports',
  'protocol',
  'direction',
  'class',
  'count',
  'uncounted',
  'first_seen',
  'last_seen',
  'nodes',
  'explanation',
  'fix',
  'also_opens',
];

const pairRecord = (pair: DeniedPair): string => {
  const [fix] = pair.explanation.suggestions;
  return csvRecord([
    pair.key,
    ...party(pair.source),
    ...party(pair.destination),
    pair.destinationPort,
    pair.portCount,
    pair.protocol,
    pair.direction,
    pair.class,
    pair.count,
    pair.uncounted,
    pair.firstSeenAt,
    pair.lastSeenAt,
    pair.nodes.join(' '),
    pair.explanation.summary.join(' '),
    fix?.titles.join('; '),
    fix?.alsoOpens,
  ]);
};

/** One record a denied pair, with a header. */
export const renderDenialsCsv = ({ traffic }: DenialsReport): string =>
  csvRecord(COLUMNS) + traffic.pairs.map(pairRecord).join('');

export const FLOW_CSV_HEADER = csvRecord([
  'time',
  'node',
  'source',
  'source_port',
  'destination',
  'destination_port',
  'protocol',
  'verdict',
  'direction',
  'tier',
  'event_id',
]);

/** One decoded verdict as a record. */
export const flowCsv = (flow: Flow): string =>
  csvRecord([
    new Date(flow.time).toISOString(),
    flow.node,
    flow.source,
    flow.sourcePort,
    flow.destination,
    flow.destinationPort,
    flow.protocol,
    flow.verdict,
    flow.direction,
    flow.tier,
    flow.eventId,
  ]);
