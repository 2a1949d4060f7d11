import { clusterArn } from '../../model/cluster.ts';
import type { Flow } from '../../model/flow.ts';
import type { DenialsReport } from './denials-report.ts';

/** One decoded verdict on a line of its own; the time as RFC 3339. */
export const flowJson = ({ time, ...flow }: Flow): string =>
  JSON.stringify({ time: new Date(time).toISOString(), ...flow });

/**
 * For programs. `counts` has {lines, flows, notVerdict, unreadable} and what they are made of; `pairs` and `signals` are
 * `DeniedPair` and `TrafficSignal` of the model; `flows` is there where each decoded flow was asked for.
 */
export const renderDenialsJson = (
  { tool, generatedAt, cluster, traffic, inputs }: DenialsReport,
  flows?: readonly Flow[],
): string => {
  const { counts, from, to, exact, nodes, pairs, omitted, signals } = traffic;
  const document = {
    schemaVersion: 1,
    tool,
    generatedAt,
    ...(cluster === undefined ? {} : { cluster: { ...cluster, arn: clusterArn(cluster) } }),
    counts,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    exact,
    nodes,
    inputs,
    signals,
    pairs,
    omitted,
    ...(flows === undefined
      ? {}
      : { flows: flows.map(({ time, ...flow }) => ({ time: new Date(time).toISOString(), ...flow })) }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};
