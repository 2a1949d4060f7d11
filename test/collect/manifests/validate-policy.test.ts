import { describe, expect, it } from 'vitest';
import { manifests, policyText } from './manifest.ts';

const refusal = (spec: string): string => {
  try {
    manifests(policyText(spec));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

describe('a NetworkPolicy that the API server would refuse', () => {
  it.each([
    [
      'a field misspelt',
      'podSelector: {}\ningres: []',
      'spec.ingres: expected one of podSelector, policyTypes, ingress, egress, found array of 0',
    ],
    [
      'a rule under the wrong name',
      'podSelector: {}\negress: [{from: []}]',
      'spec.egress[0].from: expected one of to, ports, found array of 0',
    ],
    [
      'a peer of an unknown kind',
      'ingress: [{from: [{podSelector: {}, nodeSelector: {}}]}]',
      'spec.ingress[0].from[0].nodeSelector: expected one of ipBlock, podSelector, namespaceSelector, found object',
    ],
    [
      'labels without matchLabels',
      'podSelector: {app: web}',
      'spec.podSelector.app: expected one of matchLabels, matchExpressions, found "web"',
    ],
    [
      'labels of a peer without matchLabels',
      'ingress: [{from: [{namespaceSelector: {app: web}}]}]',
      'spec.ingress[0].from[0].namespaceSelector.app: expected one of matchLabels',
    ],
    [
      'an ipBlock with a field too many',
      'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, not: []}}]}]',
      'spec.ingress[0].from[0].ipBlock.not: expected one of cidr, except',
    ],
    ['domain names, which NetworkPolicy has not', 'egress: [{to: [{domainNames: [a.example]}]}]', 'expected'],
    [
      'a protocol in small letters',
      'ingress: [{ports: [{port: 80, protocol: tcp}]}]',
      'spec.ingress[0].ports[0].protocol: expected TCP, UDP or SCTP, found "tcp"',
    ],
    [
      'port 0',
      'ingress: [{ports: [{port: 0}]}]',
      'spec.ingress[0].ports[0].port: expected a port from 1 to 65535, found number 0',
    ],
    [
      'port 65536',
      'egress: [{ports: [{port: 65536}]}]',
      'spec.egress[0].ports[0].port: expected a port from 1 to 65535',
    ],
    [
      'a number in quotes',
      'ingress: [{ports: [{port: "80"}]}]',
      'spec.ingress[0].ports[0].port: expected a port\'s number or name, found "80"',
    ],
    [
      'endPort below port',
      'ingress: [{ports: [{port: 80, endPort: 79}]}]',
      'spec.ingress[0].ports[0].endPort: expected a port from 80 to 65535',
    ],
    [
      'endPort behind a name',
      'ingress: [{ports: [{port: http, endPort: 90}]}]',
      'spec.ingress[0].ports[0].port: expected a number, where there is an endPort',
    ],
    [
      'In without values',
      'podSelector: {matchExpressions: [{key: a, operator: In}]}',
      'spec.podSelector.matchExpressions[0].values: expected values for In, found array of 0',
    ],
    [
      'Exists with values',
      'egress: [{to: [{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}]}]',
      'spec.egress[0].to[0].podSelector.matchExpressions[0].values: expected no values for Exists',
    ],
  ])('%s', (_, spec, message) => {
    const found = refusal(spec);
    expect(found).toContain('a.yaml: document 1: ');
    expect(found).toContain(message);
  });

  it.each([
    ['everything empty', 'podSelector: {}'],
    [
      'ranges, names and the last port',
      'ingress: [{ports: [{port: 80, endPort: 80}, {port: http-2}, {port: 65535, protocol: SCTP}]}]',
    ],
    ['null for nothing', 'podSelector: {}\ningress: null\negress: [{to: null, ports: null}]'],
    [
      'all operators',
      'podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}, {key: c, operator: DoesNotExist}]}',
    ],
  ])('%s is no reason to refuse', (_, spec) => {
    expect(refusal(spec)).toBe('accepted');
  });
});

describe('a policy of the EKS kinds', () => {
  const cluster = (ports: string): string => `apiVersion: networking.k8s.aws/v1alpha1
kind: ClusterNetworkPolicy
metadata: {name: base}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}], ports: [${ports}]}]
`;

  it('is read', () => {
    expect(manifests(cluster('{portNumber: {port: 80}}')).clusterPolicies).toMatchObject([
      {
        name: 'base',
        tier: 'Admin',
        ingress: [{ action: 'Deny', ports: [{ kind: 'number', port: 80, protocol: 'TCP' }] }],
      },
    ]);
  });

  it.each([
    ['{portNumber: {port: 0}}', 'spec.ingress[0].ports[0].portNumber.port: expected a port from 1 to 65535'],
    [
      '{portNumber: {port: 1, protocol: icmp}}',
      'spec.ingress[0].ports[0].portNumber.protocol: expected TCP, UDP or SCTP',
    ],
    ['{portRange: {start: 9, end: 8}}', 'spec.ingress[0].ports[0].portRange.end: expected at least 9'],
    ['{namedPort: "80"}', "spec.ingress[0].ports[0].namedPort: expected a port's number or name"],
  ])('with the port %s is refused', (port, message) => {
    expect(() => manifests(cluster(port))).toThrow(message);
  });

  it('may name domains where it is an ApplicationNetworkPolicy', () => {
    const { applicationPolicies } = manifests(
      policyText('egress: [{to: [{domainNames: [a.example]}]}]')
        .replace('networking.k8s.io/v1', 'networking.k8s.aws/v1alpha1')
        .replace('NetworkPolicy', 'ApplicationNetworkPolicy'),
    );
    expect(applicationPolicies[0]?.egress[0]?.peers).toEqual([{ kind: 'domain-names', names: ['a.example'] }]);
  });
});
