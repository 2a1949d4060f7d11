import type { FactKey } from '../../model/snapshot.ts';
import { normaliseServerVersion } from '../normalise/server-version.ts';
import type { Collector, Collectors } from './collector.ts';

/**
 * Which reads the API server answered and which it refused. It asks nothing of its own but the version: the answers are
 * those of the facts of this run.
 */
export const kubernetesAccess = (
  keys: readonly FactKey[],
  collectors: () => Collectors,
): Collector<'kubernetes.access'> => ({
  key: 'kubernetes.access',
  source: 'GET /version',
  iam: [],
  // Every authenticated user may read /version: ClusterRole system:public-info-viewer.
  rbac: [],
  endsByItself: true,
  collect: async (context) => {
    const client = await context.kubernetes();
    const serverVersion = normaliseServerVersion(await client.getJson({ path: '/version', signal: context.signal }));
    const asked = keys.filter((key) => key.startsWith('kubernetes.') && key !== 'kubernetes.access');
    const answers = await Promise.all(asked.map(async (key) => ({ key, fact: await context.fact(key) })));
    const failures = answers.flatMap(({ key, fact }) =>
      fact.state === 'unobserved' && fact.reason !== 'not-collected' ? [{ key, ...fact }] : [],
    );
    const resourceOf = (key: FactKey): string => collectors()[key].source.replace(/^GET /, '');
    return {
      serverVersion,
      answered: answers.filter(({ fact }) => fact.state !== 'unobserved').map(({ key }) => resourceOf(key)),
      refused: failures
        .filter(({ reason }) => reason === 'denied')
        .map(({ key, detail }) => ({ resource: resourceOf(key), detail })),
      failed: failures
        .filter(({ reason }) => reason !== 'denied')
        .map(({ key, reason, detail }) => ({ resource: resourceOf(key), reason, detail })),
    };
  },
});
