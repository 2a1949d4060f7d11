import * as z from 'zod';

/** RFC 3339 in UTC, with milliseconds only where there are any: `2026-11-20T09:00:00Z`. */
export const toUtc = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

const rfc3339 = z.iso.datetime({ offset: true });

/** Kubernetes' own form (https://kubernetes.io/docs/reference/using-api/api-concepts/): RFC 3339. */
export const kubernetesTime = rfc3339.transform((value) => toUtc(new Date(value)));

// 1e11 seconds is the year 5138 and 1e11 milliseconds is 1973: no AWS resource is on the wrong side.
const SECONDS_BELOW = 1e11;

/**
 * The forms one AWS time takes: ISO 8601 from the command line, a `Date` from the SDK, epoch seconds or milliseconds
 * where the command line is told not to format (https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-files.html,
 * `cli_timestamp_format`).
 */
export const awsTime = z
  .union(
    [
      rfc3339.transform((value) => new Date(value)),
      z.number().transform((value) => new Date(value < SECONDS_BELOW ? value * 1000 : value)),
      z.date(),
    ],
    'time',
  )
  .refine((date) => !Number.isNaN(date.getTime()), 'time')
  .transform(toUtc);
