import type { DeniedPair, DeniedParty } from '../../model/denied-traffic.ts';
import type { Flow } from '../../model/flow.ts';
import { inert } from '../text.ts';
import type { DenialsReport } from './denials-report.ts';

/** Spreadsheets run a cell that begins like this: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

/** One field after RFC 4180; text that a spreadsheet would run stands behind an apostrophe. */
const field = (value: string | number | undefined): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = inert(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** A record with CRLF at its end. */
const record = (values: readonly (string | number | undefined)[]): string => `${values.map(field).join(',')}\r\n`;

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
  return record([
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
  record(COLUMNS) + traffic.pairs.map(pairRecord).join('');

export const FLOW_CSV_HEADER = record([
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
  record([
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
