import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { SINGLE_FILES } from '../../../shared/collect/dump/single-files.ts';
import type { Collection } from '../../support/kubernetes-endpoint/endpoint.ts';
import { COMMITTED, filesIn } from '../../support/fleet/read.ts';

/** A cluster as an API server has it: lists by path, and single objects by path. */
export interface ServedCluster {
  readonly collections: { readonly [path: string]: Collection };
  readonly objects: ReadonlyMap<string, string>;
}

/** What does not stand in the table of lists: three that one fact takes together, and those of a table of their own. */
const WORKLOADS: { readonly [file: string]: string } = {
  'kubernetes/daemonsets': '/apis/apps/v1/daemonsets',
  'kubernetes/deployments': '/apis/apps/v1/deployments',
  'kubernetes/configmaps': '/api/v1/configmaps',
  'kubernetes/serviceaccounts': '/api/v1/serviceaccounts',
  'kubernetes/version': '/version',
};

const kindOf = (items: readonly unknown[]): string =>
  `${z.object({ kind: z.string() }).safeParse(items[0]).data?.kind ?? ''}List`;

const CREATED = '2026-11-01T00:00:00Z';
const named = (kind: string, name: string, rest: object, namespace = 'kube-system'): object => ({
  kind,
  metadata: { namespace, name, uid: `uid-${kind}-${name}`, creationTimestamp: CREATED, generation: 1 },
  ...rest,
});

const event = (name: string, reason: string): object =>
  named('Event', name, {
    reason,
    type: 'Normal',
    message: 'The node has trunk interface initialized successfully',
    involvedObject: { kind: 'Node', name: 'ip-10-0-1-5' },
    lastTimestamp: CREATED,
    count: 1,
  });

const list = (...items: readonly object[]): Collection => ({ kind: kindOf(items), items });

/** More than one page of 500, so that there is a second page that can fail. */
export const MANY_SERVICES = Array.from({ length: 501 }, (_, index) =>
  named('Service', `web-${index}`, {
    spec: { clusterIPs: [`172.20.${index >> 8}.${index & 255}`], ports: [{ port: 80 }] },
  }),
);

const SERVICES = '/api/v1/services';

/** What not every committed dump holds. */
const BESIDES: { readonly [path: string]: Collection } = {
  '/api/v1/events': list(event('a', 'NodeTrunkInitiated'), event('b', 'Pulled')),
  '/api/v1/serviceaccounts': list(named('ServiceAccount', 'aws-node', {})),
  '/apis/discovery.k8s.io/v1/endpointslices': list(
    named('EndpointSlice', 'web-0-x', { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.1.20'] }], ports: null }),
  ),
  '/apis/networking.k8s.aws/v1alpha1/clusternetworkpolicies': list(
    named('ClusterNetworkPolicy', 'guard', { spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} } } }),
  ),
};

const OBJECTS_BESIDES: { readonly [path: string]: object } = {
  '/api/v1/namespaces/kube-system/configmaps/kube-proxy-config': named('ConfigMap', 'kube-proxy-config', {
    data: { config: 'kind: KubeProxyConfiguration\nmode: iptables\n' },
  }),
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/aws-node': named('ClusterRole', 'aws-node', {
    rules: [{ apiGroups: ['networking.k8s.aws'], resources: ['policyendpoints'], verbs: ['get', 'list', 'watch'] }],
  }),
};

/** A cluster of the committed fleet; what its dump has no answer for is not served. */
export const servedCluster = async (cluster: string): Promise<ServedCluster> => {
  const collections: { [path: string]: Collection } = { ...BESIDES };
  const objects = new Map(Object.entries(OBJECTS_BESIDES).map(([path, value]) => [path, JSON.stringify(value)]));
  const paths = new Map(Object.entries(WORKLOADS));
  for (const { name, source } of Object.values(SINGLE_FILES)) {
    if (source.startsWith('GET ')) paths.set(name, source.slice('GET '.length).replace(/\?.*$/, ''));
  }
  for (const file of await filesIn(join(COMMITTED, cluster))) {
    const path = file.endsWith('.json') ? paths.get(file.slice(0, -'.json'.length)) : undefined;
    if (path === undefined) continue;
    const text = await readFile(join(COMMITTED, cluster, file), 'utf8');
    const read = z.object({ items: z.array(z.unknown()) }).safeParse(JSON.parse(text));
    if (read.success) collections[path] = { kind: kindOf(read.data.items), items: read.data.items };
    // kubectl version prints the server's version under a key of its own.
    else
      objects.set(
        path,
        JSON.stringify(
          z.object({ serverVersion: z.unknown() }).safeParse(JSON.parse(text)).data?.serverVersion ?? JSON.parse(text),
        ),
      );
  }
  const services = collections[SERVICES]?.items ?? [];
  collections[SERVICES] = list(...MANY_SERVICES, ...z.array(z.object({}).loose()).parse(services));
  return { collections, objects };
};
