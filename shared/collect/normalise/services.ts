import * as z from 'zod';
import type { Service } from '../../model/facts-kubernetes-network.ts';
import { given, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';
import { textMap } from './text-map.ts';

const port = z.object({
  name: text.nullish(),
  port: z.int(),
  targetPort: z.union([z.int(), text], 'number or name').nullish(),
  protocol: text.nullish(),
});

const service = z.object({
  kind: ofKind('Service'),
  metadata: z.object({ namespace: text, name: text }),
  spec: z.object({
    type: text.nullish(),
    clusterIP: text.nullish(),
    clusterIPs: listOf(text),
    ports: listOf(port),
    selector: textMap,
    externalName: text.nullish(),
    internalTrafficPolicy: text.nullish(),
  }),
});

type Spec = z.output<typeof service>['spec'];

/** `clusterIPs`, or on a server that does not fill it in, `clusterIP` alone. */
const addressesOf = ({ clusterIP, clusterIPs }: Spec): readonly string[] =>
  (clusterIPs.length > 0 ? clusterIPs : [clusterIP ?? '']).filter((address) => address !== '');

const portOf = ({ name, port, targetPort, protocol }: Spec['ports'][number]): Service['ports'][number] => ({
  port,
  // 0 and the empty name are Go's zero of a port that was not given.
  targetPort:
    targetPort === undefined || targetPort === null || targetPort === 0 || targetPort === '' ? port : targetPort,
  protocol: protocol ?? 'TCP',
  ...given({ name }),
});

/**
 * One Service (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/). Documented defaults
 * taken: type `ClusterIP`, protocol TCP, `targetPort` the port itself, `internalTrafficPolicy` `Cluster`. Ports keep
 * their order.
 * @throws MalformedError
 */
export const normaliseService = (item: unknown, path = ''): Service => {
  const { metadata, spec } = parse(service, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    type: spec.type ?? 'ClusterIP',
    clusterIPs: addressesOf(spec),
    ports: spec.ports.map(portOf),
    selector: spec.selector,
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    ...given({ externalName: spec.externalName }),
  };
};

/** `GET /api/v1/services`, sorted by namespace and name. */
export const normaliseServices = (raw: unknown): readonly Service[] =>
  normaliseList(raw, 'Service', normaliseService, ({ namespace, name }) => [namespace, name]);
