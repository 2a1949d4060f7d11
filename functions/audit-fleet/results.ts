import * as z from 'zod/mini';

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
const Files = z.array(z.object({ Key: z.string() }));
const Manifest = z.object({
  ResultFiles: z.object({
    FAILED: z.optional(Files),
    PENDING: z.optional(Files),
    SUCCEEDED: z.optional(Files),
  }),
});

const Executions = z.array(
  z.object({ Input: z.optional(z.string()), Output: z.optional(z.string()), Cause: z.optional(z.string()) }),
);

const Item = z.object({
  request: z.object({ cluster: z.object({ account: z.string(), region: z.string(), name: z.string() }) }),
});
const Answer = z.object({
  outcome: z.enum(['audited', 'gap', 'no-news']),
  takenAt: z.string(),
  reason: z.optional(z.string()),
});

export interface ClusterResult {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly outcome: 'audited' | 'gap';
  readonly reason?: string;
  readonly takenAt?: string;
}

export interface ManifestFiles {
  readonly succeeded: readonly string[];
  /** Those that failed, and those that never began. */
  readonly failed: readonly string[];
}

const keysOf = (files: z.infer<typeof Files> | undefined): readonly string[] => (files ?? []).map(({ Key }) => Key);

/** @throws where it is no manifest */
export const filesOf = (manifest: unknown): ManifestFiles => {
  const { FAILED, PENDING, SUCCEEDED } = z.parse(Manifest, manifest).ResultFiles;
  return { succeeded: keysOf(SUCCEEDED), failed: [...keysOf(FAILED), ...keysOf(PENDING)] };
};

const json = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const CAUSE_LIMIT = 300;

/** What became of each cluster in one file of results. What cannot be understood is a gap: nobody knows that it was audited. */
export const resultsIn = (file: unknown, hasSucceeded: boolean): readonly ClusterResult[] =>
  z.parse(Executions, file).map(({ Input, Output, Cause }) => {
    const item = z.safeParse(Item, json(Input));
    const { account, region, name } = item.success
      ? item.data.request.cluster
      : { account: 'unknown', region: 'unknown', name: 'unknown' };
    const place = { account, region, cluster: name };
    const answer = hasSucceeded ? z.safeParse(Answer, json(Output)) : undefined;
    if (answer?.success !== true) {
      return { ...place, outcome: 'gap', reason: (Cause ?? 'the audit did not answer').slice(0, CAUSE_LIMIT) };
    }
    const { outcome, reason, takenAt } = answer.data;
    return outcome === 'gap'
      ? { ...place, outcome: 'gap', reason: reason ?? 'unknown', takenAt }
      : { ...place, outcome: 'audited', takenAt };
  });
