import * as fc from 'fast-check';
import type {
  ApplicationEgressRule,
  ClusterPolicyPeer,
  ClusterPolicyPort,
  ClusterPolicySubject,
  DomainNamesPeer,
} from '../../../shared/model/cluster-policy.ts';
import type {
  LabelSelector,
  Labels,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
} from '../../../shared/model/facts-kubernetes.ts';
import type { FactValues } from '../../../shared/model/snapshot.ts';

type Key =
  | 'kubernetes.services'
  | 'kubernetes.endpoint-slices'
  | 'kubernetes.kube-proxy-config'
  | 'kubernetes.cluster-network-policies'
  | 'kubernetes.application-network-policies'
  | 'kubernetes.cluster-policy-endpoints'
  | 'kubernetes.aws-node-cluster-role'
  | 'kubernetes.events';

interface Parts {
  readonly text: fc.Arbitrary<string>;
  readonly time: fc.Arbitrary<string>;
  readonly labels: fc.Arbitrary<Labels>;
  readonly selector: fc.Arbitrary<LabelSelector>;
  readonly peer: fc.Arbitrary<PolicyPeer>;
  readonly port: fc.Arbitrary<PolicyPort>;
  readonly rule: fc.Arbitrary<PolicyRule>;
}

const count = fc.nat();
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.array(item, { maxLength: 3 });

/** Values of the facts of `model/facts-kubernetes-network.ts` and `model/cluster-policy.ts`. */
export const kubernetesNetworkValues = ({
  text,
  time,
  labels,
  selector,
  peer,
  port,
  rule,
}: Parts): { readonly [K in Key]: fc.Arbitrary<FactValues[K]> } => {
  const subject: fc.Arbitrary<ClusterPolicySubject> = fc.oneof(
    fc.record({ kind: fc.constant('namespaces' as const), namespaceSelector: selector }),
    fc.record({ kind: fc.constant('pods' as const), namespaceSelector: selector, podSelector: selector }),
  );
  const domainNames = fc.record({ kind: fc.constant('domain-names' as const), names: list(text) });
  const clusterPeer: fc.Arbitrary<ClusterPolicyPeer> = fc.oneof(
    subject,
    fc.record({ kind: fc.constant('networks' as const), cidrs: list(text) }),
    domainNames,
  );
  const clusterPort: fc.Arbitrary<ClusterPolicyPort> = fc.oneof(
    fc.record({ kind: fc.constant('number' as const), protocol: text, port: count }),
    fc.record({ kind: fc.constant('range' as const), protocol: text, start: count, end: count }),
    fc.record({ kind: fc.constant('name' as const), name: text }),
  );
  const clusterRule = fc.record({
    name: text,
    action: fc.constantFrom('Accept', 'Deny', 'Pass'),
    peers: list(clusterPeer),
    ports: list(clusterPort),
  });
  const applicationEgress: fc.Arbitrary<ApplicationEgressRule> = fc.record({
    peers: list(fc.oneof<fc.Arbitrary<PolicyPeer | DomainNamesPeer>[]>(peer, domainNames)),
    ports: list(port),
  });
  const tier = fc.constantFrom('Admin', 'Baseline');
  const policy = { name: text, uid: text, createdAt: time, generation: count };
  return {
    'kubernetes.services': list(
      fc.record(
        {
          namespace: text,
          name: text,
          type: text,
          clusterIPs: list(text),
          ports: list(
            fc.record(
              { name: text, port: count, targetPort: fc.oneof(count, text), protocol: text },
              { requiredKeys: ['port', 'targetPort', 'protocol'] },
            ),
          ),
          selector: labels,
          externalName: text,
          internalTrafficPolicy: text,
        },
        { requiredKeys: ['namespace', 'name', 'type', 'clusterIPs', 'ports', 'selector', 'internalTrafficPolicy'] },
      ),
    ),
    'kubernetes.endpoint-slices': list(
      fc.record(
        {
          namespace: text,
          name: text,
          service: text,
          addressType: text,
          endpoints: list(
            fc.record(
              {
                addresses: list(text),
                ready: fc.boolean(),
                nodeName: text,
                pod: fc.record({ namespace: text, name: text }),
              },
              { requiredKeys: ['addresses', 'ready'] },
            ),
          ),
          ports: list(fc.record({ name: text, port: count, protocol: text }, { requiredKeys: ['protocol'] })),
        },
        { requiredKeys: ['namespace', 'name', 'addressType', 'endpoints', 'ports'] },
      ),
    ),
    'kubernetes.kube-proxy-config': fc.record({ mode: fc.constantFrom('iptables', 'ipvs', 'nftables') }),
    'kubernetes.cluster-network-policies': list(
      fc.record({ ...policy, tier, priority: count, subject, ingress: list(clusterRule), egress: list(clusterRule) }),
    ),
    'kubernetes.application-network-policies': list(
      fc.record({
        ...policy,
        namespace: text,
        podSelector: selector,
        policyTypes: fc.subarray(['Ingress', 'Egress'] as const),
        ingress: list(rule),
        egress: list(applicationEgress),
      }),
    ),
    'kubernetes.cluster-policy-endpoints': list(
      fc.record({
        name: text,
        createdAt: time,
        policy: text,
        tier,
        priority: count,
        subject,
        pods: list(fc.record({ namespace: text, name: text, podIP: text, hostIP: text })),
      }),
    ),
    'kubernetes.aws-node-cluster-role': fc.record({
      name: text,
      rules: list(
        fc.record({
          apiGroups: list(text),
          resources: list(text),
          verbs: list(text),
          nonResourceURLs: list(text),
          resourceNames: list(text),
        }),
      ),
    }),
    'kubernetes.events': fc.record({
      events: list(
        fc.record({
          namespace: text,
          name: text,
          reason: text,
          type: text,
          message: text,
          regarding: fc.record({ kind: text, namespace: text, name: text }, { requiredKeys: ['kind', 'name'] }),
          reporter: text,
          count,
          lastSeen: time,
        }),
      ),
      omitted: count,
    }),
  };
};
