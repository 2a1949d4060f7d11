import { describe, expect, test } from 'vitest';
import { normaliseClusterRole } from '../../../shared/collect/normalise/cluster-role.ts';
import { normaliseEndpointSlice, normaliseEndpointSlices } from '../../../shared/collect/normalise/endpoint-slices.ts';
import { MAX_EVENTS, normaliseEvent, normaliseEvents } from '../../../shared/collect/normalise/events.ts';
import { normaliseKubeProxyConfig } from '../../../shared/collect/normalise/kube-proxy-config.ts';
import { normaliseService, normaliseServices } from '../../../shared/collect/normalise/services.ts';
import { HOSTILE_MAP, refusal } from './malformed.ts';

const metadata = { namespace: 'shop', name: 'web', creationTimestamp: '2026-11-10T00:00:00Z' };

describe('Service', () => {
  const service = (spec: object): unknown => normaliseService({ kind: 'Service', metadata, spec });

  test('with every field', () => {
    const spec = {
      type: 'LoadBalancer',
      clusterIP: '172.20.1.1',
      clusterIPs: ['172.20.1.1', 'fd00::1'],
      ports: [
        { name: 'https', port: 443, targetPort: 'tls', protocol: 'TCP', nodePort: 30443 },
        { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
      ],
      selector: { app: 'web' },
      internalTrafficPolicy: 'Local',
    };
    expect(service(spec)).toEqual({
      namespace: 'shop',
      name: 'web',
      type: 'LoadBalancer',
      clusterIPs: ['172.20.1.1', 'fd00::1'],
      ports: [
        { name: 'https', port: 443, targetPort: 'tls', protocol: 'TCP' },
        { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
      ],
      selector: { app: 'web' },
      internalTrafficPolicy: 'Local',
    });
  });

  test('takes the documented defaults: ClusterIP, Cluster, TCP, and the port as its own target', () => {
    expect(service({ ports: [{ port: 80 }, { port: 81, targetPort: 0 }] })).toEqual({
      namespace: 'shop',
      name: 'web',
      type: 'ClusterIP',
      clusterIPs: [],
      ports: [
        { port: 80, targetPort: 80, protocol: 'TCP' },
        { port: 81, targetPort: 81, protocol: 'TCP' },
      ],
      selector: {},
      internalTrafficPolicy: 'Cluster',
    });
  });

  test('headless says None, also where only clusterIP does', () => {
    expect(service({ clusterIP: 'None' })).toMatchObject({ clusterIPs: ['None'] });
  });

  test('of an external name', () => {
    const spec = { type: 'ExternalName', externalName: 'db.example.com', clusterIP: '' };
    expect(service(spec)).toMatchObject({ externalName: 'db.example.com', clusterIPs: [] });
  });

  test('keeps a hostile selector as a map of texts', () => {
    expect(Object.entries(normaliseService({ metadata, spec: { selector: HOSTILE_MAP } }).selector)).toContainEqual([
      '__proto__',
      'polluted',
    ]);
  });

  test('a port that is no number is named', () => {
    expect(refusal(() => normaliseServices([{ metadata, spec: { ports: [{ port: '80' }] } }]))).toEqual({
      path: 'items[0].spec.ports[0].port',
      expected: 'number',
      found: '"80"',
    });
  });
});

describe('EndpointSlice', () => {
  const labels = { 'kubernetes.io/service-name': 'web' };
  const slice = (rest: object): unknown =>
    normaliseEndpointSlice({ kind: 'EndpointSlice', metadata: { ...metadata, labels }, addressType: 'IPv4', ...rest });

  test('with its Service, its pods and their nodes, by address', () => {
    const rest = {
      endpoints: [
        { addresses: ['10.0.1.9'], conditions: { ready: false }, targetRef: { kind: 'Node', name: 'n' } },
        {
          addresses: ['10.0.1.20'],
          conditions: { ready: true },
          nodeName: 'ip-10-0-1-5',
          targetRef: { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'u' },
        },
      ],
      ports: [{ name: 'https', port: 8443, protocol: 'TCP' }, { name: '' }],
    };
    expect(slice(rest)).toEqual({
      namespace: 'shop',
      name: 'web',
      service: 'web',
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.0.1.20'],
          ready: true,
          nodeName: 'ip-10-0-1-5',
          pod: { namespace: 'shop', name: 'web-1' },
        },
        { addresses: ['10.0.1.9'], ready: false },
      ],
      ports: [{ name: 'https', port: 8443, protocol: 'TCP' }, { protocol: 'TCP' }],
    });
  });

  test.each([{}, { conditions: {} }, { conditions: { ready: null } }])('%j counts as ready', (said) => {
    expect(slice({ endpoints: [{ addresses: ['10.0.1.9'], ...said }] })).toMatchObject({
      endpoints: [{ addresses: ['10.0.1.9'], ready: true }],
    });
  });

  test('without the label it belongs to no Service', () => {
    expect(normaliseEndpointSlice({ metadata, addressType: 'IPv6', endpoints: null, ports: null })).toEqual({
      namespace: 'shop',
      name: 'web',
      addressType: 'IPv6',
      endpoints: [],
      ports: [],
    });
  });

  test('a list of something else is refused', () => {
    expect(refusal(() => normaliseEndpointSlices({ kind: 'EndpointsList', items: [] }))).toEqual({
      path: 'kind',
      expected: '"List" or "EndpointSliceList"',
      found: '"EndpointsList"',
    });
  });
});

describe('the configuration of kube-proxy', () => {
  const read = (config: unknown): unknown =>
    normaliseKubeProxyConfig({ kind: 'ConfigMap', metadata: { name: 'kube-proxy-config' }, data: { config } });
  const yaml = (mode: string): string =>
    `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nclusterCIDR: ""\nkind: KubeProxyConfiguration\n${mode}\n`;

  test.each([
    ['mode: "iptables"', 'iptables'],
    ['mode: ipvs', 'ipvs'],
    ['mode: nftables', 'nftables'],
    ['mode: ""', 'iptables'],
    ['mode:', 'iptables'],
    ['metricsBindAddress: 0.0.0.0:10249', 'iptables'],
  ])('%j is %s', (line, mode) => {
    expect(read(yaml(line))).toEqual({ mode });
  });

  test.each([
    [yaml('mode: kernelspace'), 'data.config.mode', '"" or "iptables" or "ipvs" or "nftables"', '"kernelspace"'],
    ['kind: ClusterConfiguration', 'data.config.kind', '"KubeProxyConfiguration"', '"ClusterConfiguration"'],
    ['', 'data.config', 'YAML', 'other text'],
    ['null', 'data.config', 'object', 'null'],
    ['mode: [', 'data.config', 'YAML', 'other text'],
    ['x'.repeat(262_145), 'data.config', 'at most 262144 characters', '262145 characters'],
    [undefined, 'data.config', 'string', 'nothing'],
  ])('%# is refused', (config, path, expected, found) => {
    expect(refusal(() => read(config))).toEqual({ path, expected, found });
  });

  test('aliases that multiply are refused, not followed', () => {
    const bomb = `a: &a [x,x]\n${Array.from({ length: 200 }, () => 'b: [*a,*a]').join('\n')}`;
    expect(refusal(() => read(bomb))).toMatchObject({ path: 'data.config', expected: 'YAML' });
  });
});

describe('ClusterRole', () => {
  test('keeps its rules in order, and every word of a rule once', () => {
    const rules = [
      { apiGroups: ['networking.k8s.aws'], resources: ['policyendpoints'], verbs: ['watch', 'get', 'get'] },
      { nonResourceURLs: ['/apis/networking.k8s.aws'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['*'] },
    ];
    const none = { apiGroups: [], resources: [], nonResourceURLs: [], resourceNames: [] };
    expect(normaliseClusterRole({ kind: 'ClusterRole', metadata: { name: 'aws-node' }, rules })).toEqual({
      name: 'aws-node',
      rules: [
        { ...none, apiGroups: ['networking.k8s.aws'], resources: ['policyendpoints'], verbs: ['get', 'watch'] },
        { ...none, nonResourceURLs: ['/apis/networking.k8s.aws'], verbs: ['get'] },
        { ...none, apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['*'] },
      ],
    });
  });

  test('without rules grants nothing', () => {
    expect(normaliseClusterRole({ metadata: { name: 'aws-node' }, rules: null })).toEqual({
      name: 'aws-node',
      rules: [],
    });
  });

  test('a Role is refused', () => {
    expect(refusal(() => normaliseClusterRole({ kind: 'Role', metadata: { name: 'aws-node' } }))).toEqual({
      path: 'kind',
      expected: '"ClusterRole"',
      found: '"Role"',
    });
  });
});

describe('events', () => {
  const event = (change: object): object => ({
    kind: 'Event',
    metadata: { ...metadata, namespace: 'default', name: 'node.1' },
    reason: 'NodeTrunkInitiated',
    type: 'Normal',
    message: 'ready',
    involvedObject: { kind: 'Node', name: 'ip-10-0-1-5' },
    ...change,
  });

  test('the form with lastTimestamp', () => {
    const change = {
      source: { component: 'vpc-resource-controller' },
      count: 3,
      lastTimestamp: '2026-11-10T00:05:00Z',
    };
    expect(normaliseEvent(event({ ...change, eventTime: null, reportingComponent: '' }))).toEqual({
      namespace: 'default',
      name: 'node.1',
      reason: 'NodeTrunkInitiated',
      type: 'Normal',
      message: 'ready',
      regarding: { kind: 'Node', name: 'ip-10-0-1-5' },
      reporter: 'vpc-resource-controller',
      count: 3,
      lastSeen: '2026-11-10T00:05:00Z',
    });
  });

  test('the form with a series', () => {
    const change = {
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      reportingComponent: 'aws-node',
      eventTime: '2026-11-10T00:01:00.123456Z',
      lastTimestamp: null,
      series: { count: 7, lastObservedTime: '2026-11-10T00:09:00.5Z' },
    };
    expect(normaliseEvent(event(change))).toMatchObject({
      regarding: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
      reporter: 'aws-node',
      count: 7,
      lastSeen: '2026-11-10T00:09:00.500Z',
    });
  });

  test('without any time of its own it is as old as its object', () => {
    expect(normaliseEvent(event({}))).toMatchObject({ count: 1, lastSeen: '2026-11-10T00:00:00Z' });
  });

  test('a long message is cut', () => {
    expect(normaliseEvent(event({ message: 'x'.repeat(5000) }))?.message).toHaveLength(300);
  });

  test.each(['Pulled', undefined, 'constructor'])('one whose reason is %s is left out, however it looks', (reason) => {
    expect(normaliseEvent({ reason })).toBeUndefined();
  });

  test('one of ours that is broken is refused', () => {
    expect(refusal(() => normaliseEvents([event({ reason: 'Pulled' }), event({ involvedObject: null })]))).toEqual({
      path: 'items[1].involvedObject',
      expected: 'object',
      found: 'null',
    });
  });

  test('the newest are kept, newest first, and the others counted', () => {
    const at = (second: number): string => new Date(Date.UTC(2026, 10, 10, 0, 0, second)).toISOString();
    const many = Array.from({ length: MAX_EVENTS + 5 }, (_, index) =>
      event({ metadata: { ...metadata, name: `e-${index}` }, lastTimestamp: at(index) }),
    );
    const { events, omitted } = normaliseEvents({ kind: 'EventList', items: [event({ reason: 'Pulled' }), ...many] });
    expect([events.length, omitted]).toEqual([MAX_EVENTS, 5]);
    expect([events[0]?.name, events.at(-1)?.name]).toEqual([`e-${MAX_EVENTS + 4}`, 'e-5']);
  });
});
