import type { Labels } from '../model/facts-kubernetes.ts';

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

/**
 * One end of a connection. `external` is taken as written: resolve an address of unknown owner with `endpointAt` first.
 * `name` is the domain name the client asked for, where it is known; without it rules on names decide nothing.
 */
export type Endpoint =
  | ({ readonly kind: 'pod' } & PodRef)
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'external'; readonly ip: string; readonly name?: string };

/** The Service the client spoke to, where it is known. The flow's own `to` and `port` are the backend's. */
export interface ServiceHop extends PodRef {
  /** `spec.selector`; empty for a Service without one. */
  readonly selector: Labels;
  /** `spec.ports[].port`, the one the client dialled. */
  readonly port: number;
  readonly headless: boolean;
}

/** A new connection. Replies to an allowed connection are allowed by themselves and are not flows. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** The destination's own port (targetPort), 0-65535; 0 for protocols without ports. */
  readonly port: number;
  /** `TCP`, `UDP`, `SCTP`; anything else has no defined meaning for a NetworkPolicy. */
  readonly protocol: string;
  readonly service?: ServiceHop;
  /** Where known, lets a late reply packet be recognised. Decides nothing. */
  readonly sourcePort?: number;
}

export type Direction = 'ingress' | 'egress';

/** For people: `shop/web`, `node ip-10-0-1-5`, `203.0.113.9`. */
export const endpointText = (endpoint: Endpoint): string => {
  switch (endpoint.kind) {
    case 'pod':
      return `${endpoint.namespace}/${endpoint.name}`;
    case 'node':
      return `node ${endpoint.name}`;
    case 'external':
      return endpoint.name === undefined ? endpoint.ip : `${endpoint.name} (${endpoint.ip})`;
    default:
      return endpoint satisfies never;
  }
};
