import { dump } from 'js-yaml';

import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '../model/facts-kubernetes.ts';
import type { Direction } from './flow.ts';

/** A NetworkPolicy as one writes it. https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export interface NetworkPolicyManifest {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: SelectorManifest;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly RuleManifest[];
    readonly egress?: readonly RuleManifest[];
  };
}

export interface SelectorManifest {
  readonly matchLabels?: { readonly [key: string]: string };
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface PeerManifest {
  readonly podSelector?: SelectorManifest;
  readonly namespaceSelector?: SelectorManifest;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PortManifest {
  readonly protocol: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

export interface RuleManifest {
  readonly from?: readonly PeerManifest[];
  readonly to?: readonly PeerManifest[];
  readonly ports?: readonly PortManifest[];
}

export const selectorManifest = ({ matchLabels, matchExpressions }: LabelSelector): SelectorManifest => ({
  ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels }),
  ...(matchExpressions.length === 0
    ? {}
    : {
        matchExpressions: matchExpressions.map(({ key, operator, values }) =>
          values.length === 0 ? { key, operator } : { key, operator, values },
        ),
      }),
});

export const peerManifest = (peer: PolicyPeer): PeerManifest => {
  switch (peer.kind) {
    case 'ip-block':
      return { ipBlock: peer.except.length === 0 ? { cidr: peer.cidr } : { cidr: peer.cidr, except: peer.except } };
    case 'selectors':
      return {
        ...(peer.namespaceSelector === undefined
          ? {}
          : { namespaceSelector: selectorManifest(peer.namespaceSelector) }),
        ...(peer.podSelector === undefined ? {} : { podSelector: selectorManifest(peer.podSelector) }),
      };
    default:
      return peer satisfies never;
  }
};

export const portManifest = ({ protocol, port, endPort }: PolicyPort): PortManifest => ({
  protocol,
  ...(port === undefined ? {} : { port }),
  ...(endPort === undefined ? {} : { endPort }),
});

/** The field that holds a rule's peers. */
export const peersField = (direction: Direction): 'from' | 'to' => (direction === 'ingress' ? 'from' : 'to');

const ruleManifest = (rule: PolicyRule, direction: Direction): RuleManifest => ({
  ...(rule.peers.length === 0 ? {} : { [peersField(direction)]: rule.peers.map(peerManifest) }),
  ...(rule.ports.length === 0 ? {} : { ports: rule.ports.map(portManifest) }),
});

export const networkPolicyManifest = (policy: NetworkPolicy): NetworkPolicyManifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: policy.name, namespace: policy.namespace },
  spec: {
    podSelector: selectorManifest(policy.podSelector),
    policyTypes: policy.policyTypes,
    ...(policy.ingress.length === 0 ? {} : { ingress: policy.ingress.map((rule) => ruleManifest(rule, 'ingress')) }),
    ...(policy.egress.length === 0 ? {} : { egress: policy.egress.map((rule) => ruleManifest(rule, 'egress')) }),
  },
});

/** Documents of one YAML stream. Every scalar that could be read as something else is quoted. */
export const toYaml = (manifests: readonly NetworkPolicyManifest[]): string =>
  manifests.map((manifest) => dump(manifest, { lineWidth: -1, noRefs: true })).join('---\n');
