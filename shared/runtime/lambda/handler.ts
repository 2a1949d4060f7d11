import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import withMiddleware from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Fields, Log, Meter } from './ports.ts';

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

export interface Process {
  readonly env: { readonly [name: string]: string | undefined };
  readonly log: Log;
  readonly meter: Meter;
  /** For metrics with dimensions of their own. */
  readonly metrics: Pick<Metrics, 'singleMetric'>;
  readonly now: () => Date;
}

const NAMESPACE = 'NetpolWarden';

/** Powertools writes name, message and stack of an error. */
const extraOf = ({ error, ...fields }: Fields = {}): { [key: string]: unknown } => {
  if (error === undefined) return fields;
  return { ...fields, error: error instanceof Error ? error : new Error(inspect(error)) };
};

const logOf = (logger: Logger): Log => ({
  info: (message, fields) => logger.info(message, extraOf(fields)),
  warn: (message, fields) => logger.warn(message, extraOf(fields)),
  error: (message, fields) => logger.error(message, extraOf(fields)),
});

const meterOf = (metrics: Metrics): Meter => ({
  count: (name, value = 1) => metrics.addMetric(name, MetricUnit.Count, value),
  seconds: (name, value) => metrics.addMetric(name, MetricUnit.Seconds, value),
});

/**
 * The edge of one function: Powertools around what `make` gives. What cannot be set up fails the start, which Lambda
 * reports, and not the first event.
 * https://docs.aws.amazon.com/powertools/typescript/latest/
 */
export const lambdaHandler = (name: string, make: (process: Process) => Handler): Handler => {
  const logger = new Logger({ serviceName: name });
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: name });
  const handle = make({
    env: process.env,
    log: logOf(logger),
    meter: meterOf(metrics),
    metrics,
    now: () => new Date(),
  });
  return withMiddleware()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { throwOnEmptyMetrics: false }))
    .handler(async (event: unknown, context: Context) => handle(event, context));
};
