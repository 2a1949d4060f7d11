import type { Severity } from '../model/check.ts';
import { SEVERITIES } from '../model/check.ts';
import type { AuditReport } from '../model/report.ts';
import { summarise } from './summary.ts';

export interface ExitPolicy {
  readonly failOn: Severity | 'never';
  /** What an outcome that could not be determined means for the caller. */
  readonly unknown: 'ignore' | 'fail';
}

/**
 * 0: nothing at or above `failOn`. 1: a finding at or above it is open under no active exception, or `unknown` is `fail`
 * and something was not evaluated (a cluster without any outcome is that, too). 2: an input could not be read; this
 * comes first, because the other answers would speak for less than what was asked.
 */
export const exitCode = (report: AuditReport, { failOn, unknown }: ExitPolicy): 0 | 1 | 2 => {
  if (report.unreadable.length > 0) return 2;
  const { fleet } = summarise(report);
  const unanswered = report.clusters.some(({ evaluation }) => evaluation.outcomes.length === 0);
  if (unknown === 'fail' && (fleet.outcomes.notEvaluated > 0 || unanswered)) return 1;
  if (failOn === 'never') return 0;
  return SEVERITIES.slice(SEVERITIES.indexOf(failOn)).some((severity) => fleet.open[severity] > 0) ? 1 : 0;
};
