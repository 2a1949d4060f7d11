import pLimit from 'p-limit';
import type { NodeProbe } from '../../model/facts-aws.ts';
import { normaliseReadyz } from '../normalise/readyz.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { oneLine } from '../normalise/one-line.ts';
import { sortedBy } from '../normalise/order.ts';
import { required, type Collector } from './collector.ts';

/** The agent's health port: https://github.com/aws/aws-network-policy-agent/blob/main/README.md (health-probe-bind-addr). */
const HEALTH_PORT = 8163;
/** As many as the client has connections: a probe that waits behind nodes that do not answer must not use up its time. */
const AT_ONCE = 4;

/**
 * The agent's own `/readyz` through the API server's pod proxy: evidence observed on the node (agent ≥ 1.4.1).
 * Off by default: `get pods/proxy` lets its holder reach any port of the pods it covers, so the grant is a Role in
 * kube-system, given only to those who switch the probe on.
 */
export const readyzProbes: Collector<'nodes.probes'> = {
  key: 'nodes.probes',
  source: `GET /api/v1/namespaces/kube-system/pods/{aws-node}:${HEALTH_PORT}/proxy/readyz`,
  iam: [],
  rbac: [{ apiGroup: '', resource: 'pods/proxy', verbs: ['get'], namespace: 'kube-system' }],
  collect: async (context) => {
    const pods = await required(context, 'kubernetes.aws-node-pods');
    const client = await context.kubernetes();
    const probe = async (name: string, nodeName: string): Promise<NodeProbe> => {
      const path = `/api/v1/namespaces/kube-system/pods/${encodeURIComponent(name)}:${HEALTH_PORT}/proxy/readyz`;
      try {
        // A failed check answers 500 and says in its body what failed; agents without the endpoint answer 404.
        const { text } = await client.getText({
          path,
          query: { verbose: 'true' },
          alsoAccept: [500, 404],
          signal: context.signal,
        });
        return normaliseReadyz(nodeName, text);
      } catch (error) {
        const detail = error instanceof MalformedError ? 'the agent has no verbose readyz' : String(error);
        return { nodeName, method: 'readyz', bpffs: 'not-reported', bpfMaps: 'not-reported', detail: oneLine(detail) };
      }
    };
    const limit = pLimit(AT_ONCE);
    const found = await Promise.all(pods.map(({ name, nodeName }) => limit(() => probe(name, nodeName))));
    return sortedBy(found, ({ nodeName }) => [nodeName]);
  },
};

/** In place of the probes where nobody switched them on. */
export const noProbes: Collector<'nodes.probes'> = {
  ...readyzProbes,
  rbac: [],
  unneeded: () => Promise.resolve('not asked: probes are off (--probe readyz switches them on)'),
  collect: () => Promise.reject(new ProbesOffError()),
};

export class ProbesOffError extends Error {
  override readonly name = 'ProbesOffError';
  constructor() {
    super('probes are off (--probe readyz switches them on)');
  }
}
