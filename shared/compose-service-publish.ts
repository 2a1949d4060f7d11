/** Wires publish-findings: changes from the table's stream, the catalogue's text, the outbox and the destinations. */
import type { PublishFindingsDependencies } from '../functions/publish-findings/publish-findings.ts';
import { accountsOf, ownerOf, SETTINGS_MS, settingsOf, storesOf } from './compose-service-parts.ts';
import type { Exception } from './model/exception.ts';
import { DEFAULT_NOISE_RULES } from './publish/outbox/noise.ts';
import { ConfigError, readConfig } from './runtime/config.ts';
import type { Process } from './runtime/lambda/handler.ts';
import { cachedFor } from './runtime/service/cached.ts';

const SECRET_SECONDS = 300;
const EXCEPTIONS_MS = 60_000;
/** A standard topic: a FIFO one takes no subscription by e-mail. */
const STANDARD_TOPIC = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

/** @throws ConfigError */
const emailTopicOf = ({ EMAIL_TOPIC_ARN: arn }: Process['env']): string | undefined => {
  if (arn === undefined || arn === '') return undefined;
  if (STANDARD_TOPIC.test(arn)) return arn;
  throw new ConfigError('EMAIL_TOPIC_ARN: expected the ARN of a standard SNS topic');
};

export const publishFindingsServices = ({ env, now, log, meter }: Process): PublishFindingsDependencies => {
  const config = readConfig(env, ['AWS_REGION', 'TABLE_NAME', 'BUCKET_NAME', 'SETTINGS_KEY']);
  const emailTopicArn = emailTopicOf(env);
  const settings = settingsOf(config, now);
  const accounts = accountsOf(now);
  const stores = storesOf(config, now);
  const exceptions = cachedFor(EXCEPTIONS_MS, now, async (): Promise<readonly Exception[]> => [
    ...(await settings()).exceptions,
    ...(await (await stores()).exceptions.list()),
  ]);
  const secret = async (id: string, renew: boolean): Promise<string> => {
    const { getSecret } = await import('@aws-lambda-powertools/parameters/secrets');
    const text = await getSecret(id, { maxAge: SECRET_SECONDS, forceFetch: renew });
    if (typeof text !== 'string') throw new Error(`secret ${id}: expected text`);
    return text;
  };
  const destinations = cachedFor(SETTINGS_MS, now, async () => {
    const [{ destinationsOf }, { routes }] = await Promise.all([import('./compose-destinations.ts'), settings()]);
    return destinationsOf({
      config,
      routes,
      secret,
      hubClient: async (scope) => (await accounts()).hubClient(await settings(), scope),
      now,
    });
  });
  return {
    changeOf: async (image) => (await import('./compose-table.ts')).changeFromStreamImage(image),
    announce: async (changes) => {
      const [{ announce }, { CATALOGUE }, known, held] = await Promise.all([
        import('./publish/announce.ts'),
        import('./checks/catalogue.generated.ts'),
        settings(),
        exceptions(),
      ]);
      const context = {
        checkOf: (id: string) => CATALOGUE.find((check) => check.id === id),
        exceptions: held,
        ownerOf: ownerOf(known),
        links: known.links,
      };
      return changes.map((change) => announce(change, context));
    },
    outbox: async () => {
      const [{ maintenance, severityAtLeast }, { outbox, findings }] = await Promise.all([settings(), stores()]);
      return {
        store: outbox,
        destinations: await destinations(),
        rules: { ...DEFAULT_NOISE_RULES, maintenance, severityAtLeast },
        now,
        openNow: async (cluster, check) =>
          Object.values((await findings.read(cluster)).findings).filter(
            (finding) => finding.status === 'open' && finding.check === check,
          ).length,
      };
    },
    digests: async () => {
      const [{ digestSendersOf }, { setTimeout: wait }, { routes, links }, { findings, runs }] = await Promise.all([
        import('./compose-destinations.ts'),
        import('node:timers/promises'),
        settings(),
        stores(),
      ]);
      return {
        records: async () => findings.list(),
        lastRun: async (cluster) => (await runs.listRuns(cluster, 1))[0],
        exceptions,
        senders: await digestSendersOf({
          config,
          routes,
          secret,
          ...(emailTopicArn === undefined ? {} : { emailTopicArn }),
        }),
        ...(links.report === undefined ? {} : { report: links.report }),
        wait: async (milliseconds) => {
          await wait(milliseconds);
        },
      };
    },
    now,
    log,
    meter,
  };
};
