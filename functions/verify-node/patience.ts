/** Until then a node may still join: https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html gives 15 minutes. */
export const DEADLINE_SECONDS = 900;
const FIRST_SECONDS = 15;
const LONGEST_SECONDS = 120;

/** Seconds until the next look: 15, 30, 60, 120, 120, …, the last one at the deadline. Undefined: it is over. */
export const nextLook = (launchedAt: string, attempt: number, now: Date): number | undefined => {
  const left = Math.ceil((Date.parse(launchedAt) - now.getTime()) / 1000) + DEADLINE_SECONDS;
  if (left <= 0) return undefined;
  const delay = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempt - 1, 10));
  return Math.max(1, Math.min(delay, left));
};
