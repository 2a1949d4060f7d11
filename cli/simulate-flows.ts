import type { Service } from '../shared/model/facts-kubernetes-network.ts';
import type { Pod } from '../shared/model/facts-kubernetes.ts';
import { matchesLabels } from '../shared/model/label-selector.ts';
import type { Endpoint, Flow, ServiceHop } from '../shared/policy/flow.ts';
import { oneLine, UsageError } from './io.ts';
import type { PolicySource } from './policy-inputs.ts';
import type { AskedEnd } from './simulate-ends.ts';
import type { AskedPort, NumberedPort } from './simulate-ports.ts';

/** Where a connection may end up: an end, its own port, and the Service it was dialled by. */
interface Target extends NumberedPort {
  readonly to: Endpoint;
  readonly service?: ServiceHop;
}

type Ports = Pod['ports'];

const portsOf = ({ index }: PolicySource, end: Endpoint): Ports => {
  const found = end.kind === 'pod' ? index.podAt(end) : undefined;
  return typeof found === 'object' ? found.pod.ports : [];
};

/** What a pod calls by a name; none where it declares no such port. */
const namedPorts = (ports: Ports, { port, protocol }: AskedPort): readonly NumberedPort[] =>
  ports
    .filter(({ name, protocol: declared }) => name === port && (protocol ?? declared) === declared)
    .map(({ containerPort, protocol: declared }) => ({ port: containerPort, protocol: declared }));

const portsAt = (ports: Ports, asked: AskedPort): readonly NumberedPort[] =>
  typeof asked.port === 'number' ? [{ port: asked.port, protocol: asked.protocol ?? 'TCP' }] : namedPorts(ports, asked);

const portText = ({ port, protocol }: AskedPort): string => `${port}${protocol === undefined ? '' : `/${protocol}`}`;

const title = ({ namespace, name }: Service): string => oneLine(`${namespace}/${name}`, 140);

const servicePorts = (service: Service, { port, protocol }: AskedPort): Service['ports'] => {
  const wanted = protocol ?? (typeof port === 'number' ? 'TCP' : undefined);
  const found = service.ports.filter(
    (one) => (one.port === port || one.name === port) && (wanted ?? one.protocol) === one.protocol,
  );
  if (found.length > 0) return found;
  const known = service.ports.map((one) => `${one.port}/${one.protocol}`).join(', ');
  throw new UsageError(
    `Service ${title(service)} has no port ${portText({ port, ...(wanted === undefined ? {} : { protocol: wanted }) })}; it has ${known || 'none'}`,
  );
};

const bySelector = (source: PolicySource, service: Service, asked: AskedPort): readonly Target[] =>
  source.index.pods
    .filter(
      ({ pod }) =>
        pod.namespace === service.namespace &&
        matchesLabels({ matchLabels: service.selector, matchExpressions: [] }, pod.labels),
    )
    .flatMap(({ pod: { namespace, name, ports } }) =>
      portsAt(ports, asked).map((port): Target => ({ to: { kind: 'pod', namespace, name }, ...port })),
    );

/** A Service without a selector has its endpoints from whoever wrote the slices; their port is the backend's. */
const bySlices = (source: PolicySource, service: Service, portName: string | undefined): readonly Target[] =>
  source.endpointSlices
    .filter((slice) => slice.namespace === service.namespace && slice.service === service.name)
    .flatMap(({ endpoints, ports }) =>
      ports
        .filter(({ name, port }) => (name ?? '') === (portName ?? '') && port !== undefined)
        .flatMap(({ port = 0, protocol }) =>
          endpoints.flatMap(({ pod, addresses }) => {
            const ends: readonly Endpoint[] =
              pod === undefined
                ? addresses.flatMap((address) => source.index.endpointsAt(address))
                : [{ kind: 'pod', ...pod }];
            return ends.map((to): Target => ({ to, port, protocol }));
          }),
        ),
    );

const serviceTargets = (source: PolicySource, service: Service, asked: AskedPort): readonly Target[] => {
  if (service.type === 'ExternalName') {
    const name = oneLine(service.externalName ?? '', 120);
    throw new UsageError(`Service ${title(service)} is another name for ${name}; ask for its addresses`);
  }
  const headless = service.clusterIPs[0] === 'None';
  const targets = servicePorts(service, asked).flatMap((port) => {
    const { namespace, name, selector } = service;
    const hop: ServiceHop = { namespace, name, selector, port: port.port, headless };
    const backends: readonly Target[] =
      Object.keys(selector).length === 0
        ? bySlices(source, service, port.name)
        : bySelector(source, service, { port: port.targetPort, protocol: port.protocol });
    return backends.map((target) => ({ ...target, service: hop }));
  });
  if (targets.length === 0) {
    throw new UsageError(`Service ${title(service)} has no live pod behind its port ${portText(asked)}`);
  }
  return targets;
};

const endTargets = (source: PolicySource, ends: readonly Endpoint[], asked: AskedPort): readonly Target[] => {
  const targets = ends.flatMap((to) => portsAt(portsOf(source, to), asked).map((port): Target => ({ to, ...port })));
  if (targets.length === 0) {
    const known = [...new Set(ends.flatMap((end) => portsOf(source, end).flatMap(({ name }) => name ?? [])))];
    const names = known.map((name) => oneLine(name, 40)).join(', ');
    throw new UsageError(
      `the destination declares no port ${portText(asked)}; it declares ${names || 'no named port'}`,
    );
  }
  return targets;
};

/** Above it the answer would be a matrix, not an answer. */
const MAX_FLOWS = 1_000_000;

/**
 * Every connection that a question stands for: from each end to each backend, on the backend's own port.
 * @throws UsageError where there is none, or more than make sense
 */
export const flowsOf = (
  source: PolicySource,
  from: AskedEnd,
  to: AskedEnd,
  port: AskedPort,
): readonly [Flow, ...Flow[]] => {
  if (from.kind === 'service') {
    throw new UsageError(
      `--from: expected pods or an address, found Service ${title(from.service)}; Services open no connections`,
    );
  }
  const targets = to.kind === 'service' ? serviceTargets(source, to.service, port) : endTargets(source, to.ends, port);
  if (from.ends.length * targets.length > MAX_FLOWS) {
    throw new UsageError(`expected at most ${MAX_FLOWS} pairs of pods, found ${from.ends.length * targets.length}`);
  }
  const [first, ...others] = from.ends.flatMap((end) => targets.map((target): Flow => ({ from: end, ...target })));
  if (first === undefined) throw new UsageError('nothing to ask about');
  return [first, ...others];
};
