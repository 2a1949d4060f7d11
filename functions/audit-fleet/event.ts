import * as z from 'zod/mini';

/**
 * What wakes this function: two steps of the state machine.
 *
 *   {"step":"plan","run":"2026-11-20T03:00:00Z"}
 *   {"step":"summarise","plan":<what `plan` answered>,"results":{"Bucket":…,"Key":"…/manifest.json"}}
 *
 * `results` is the ResultWriterDetails of the Distributed Map.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
const Plan = z.object({
  run: z.iso.datetime({ offset: true }),
  bucket: z.string(),
  key: z.string(),
  clusters: z.int().check(z.nonnegative()),
  gaps: z.array(z.object({ account: z.string(), region: z.string(), reason: z.string() })),
});

const Event = z.discriminatedUnion('step', [
  z.object({ step: z.literal('plan'), run: z.iso.datetime({ offset: true }) }),
  z.object({
    step: z.literal('summarise'),
    plan: Plan,
    results: z.object({ Bucket: z.string(), Key: z.string() }),
  }),
]);

export type FleetPlan = z.infer<typeof Plan>;
export type FleetEvent = z.infer<typeof Event>;

export class UnknownStepError extends Error {
  override readonly name = 'UnknownStepError';
}

/** @throws UnknownStepError */
export const fleetEventIn = (event: unknown): FleetEvent => {
  const read = z.safeParse(Event, event);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UnknownStepError(`event.${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`);
};
