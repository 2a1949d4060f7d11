import type { Collector } from './collector.ts';

const NOT_ASKED = 'not asked: verdict logs are read by `netpol-warden verdicts` or from their subscription';

/** Verdict logs are a stream, not a state of the cluster: an audit does not read them, it is handed what they told. */
export const verdictLogs: Collector<'verdicts.denied-traffic'> = {
  key: 'verdicts.denied-traffic',
  source: 'network policy agent verdict logs',
  iam: [],
  rbac: [],
  unneeded: () => Promise.resolve(NOT_ASKED),
  collect: () => Promise.reject(new VerdictLogsNotReadError()),
};

export class VerdictLogsNotReadError extends Error {
  override readonly name = 'VerdictLogsNotReadError';
  constructor() {
    super(NOT_ASKED);
  }
}
