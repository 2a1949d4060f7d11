import * as z from 'zod';
import type { EndpointSlice } from '../../model/facts-kubernetes-network.ts';
import { given, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { textMap } from './text-map.ts';

const endpoint = z.object({
  addresses: listOf(text),
  conditions: z.object({ ready: z.boolean().nullish() }).nullish(),
  nodeName: text.nullish(),
  targetRef: z.object({ kind: text.nullish(), namespace: text.nullish(), name: text.nullish() }).nullish(),
});

const slice = z.object({
  kind: ofKind('EndpointSlice'),
  metadata: z.object({ namespace: text, name: text, labels: textMap }),
  addressType: text,
  endpoints: listOf(endpoint),
  ports: listOf(z.object({ name: text.nullish(), port: z.int().nullish(), protocol: text.nullish() })),
});

type Endpoint = z.output<typeof endpoint>;

const podOf = ({ targetRef }: Endpoint, namespace: string): EndpointSlice['endpoints'][number]['pod'] =>
  targetRef?.kind === 'Pod' && targetRef.name
    ? { namespace: targetRef.namespace ?? namespace, name: targetRef.name }
    : undefined;

/** https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership */
const SERVICE_NAME = 'kubernetes.io/service-name';

/**
 * One EndpointSlice of discovery.k8s.io/v1
 * (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/). A missing `ready` counts as
 * true and a missing protocol as TCP, both as documented.
 * @throws MalformedError
 */
export const normaliseEndpointSlice = (item: unknown, path = ''): EndpointSlice => {
  const { metadata, addressType, endpoints, ports } = parse(slice, item, path);
  const read = endpoints.map((found) => ({
    addresses: found.addresses,
    ready: found.conditions?.ready ?? true,
    ...given({ nodeName: found.nodeName, pod: podOf(found, metadata.namespace) }),
  }));
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    addressType,
    endpoints: sortedBy(read, ({ addresses }) => addresses),
    ports: ports.map(({ name, port, protocol }) => ({ protocol: protocol ?? 'TCP', ...given({ name, port }) })),
    ...given({ service: metadata.labels[SERVICE_NAME] }),
  };
};

/** `GET /apis/discovery.k8s.io/v1/endpointslices`, sorted by namespace and name. */
export const normaliseEndpointSlices = (raw: unknown): readonly EndpointSlice[] =>
  normaliseList(raw, 'EndpointSlice', normaliseEndpointSlice, ({ namespace, name }) => [namespace, name]);
