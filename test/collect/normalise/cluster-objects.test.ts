import { describe, expect, test } from 'vitest';
import { normaliseApiServices } from '../../../shared/collect/normalise/api-services.ts';
import { normaliseConfigMapData } from '../../../shared/collect/normalise/config-map.ts';
import { normaliseCustomResourceDefinitions } from '../../../shared/collect/normalise/custom-resource-definitions.ts';
import { normaliseNamespace } from '../../../shared/collect/normalise/namespaces.ts';
import { normaliseServerVersion } from '../../../shared/collect/normalise/server-version.ts';
import { refusal, HOSTILE_MAP } from './malformed.ts';

describe('server version', () => {
  test('from GET /version and from kubectl version', () => {
    expect(normaliseServerVersion({ major: '1', minor: '33', gitVersion: 'v1.33.5-eks-113cf36' })).toBe(
      'v1.33.5-eks-113cf36',
    );
    expect(
      normaliseServerVersion({
        clientVersion: { gitVersion: 'v1.35.0' },
        serverVersion: { gitVersion: 'v1.33.5-eks-113cf36' },
      }),
    ).toBe('v1.33.5-eks-113cf36');
  });

  test('the client’s version is not the server’s', () => {
    expect(refusal(() => normaliseServerVersion({ clientVersion: { gitVersion: 'v1.35.0' } }))).toEqual({
      path: 'serverVersion',
      expected: 'object',
      found: 'nothing',
    });
  });
});

describe('ConfigMap', () => {
  const configMap = { kind: 'ConfigMap', metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' } };

  test('its data', () => {
    const data = { 'enable-network-policy-controller': 'true', 'branch-eni-cooldown': '60' };
    expect(normaliseConfigMapData({ ...configMap, data })).toEqual(data);
  });

  test('without data it is empty, not missing', () => {
    expect(Object.keys(normaliseConfigMapData(configMap))).toEqual([]);
  });

  test('hostile keys are carried', () => {
    expect(Object.keys(normaliseConfigMapData({ ...configMap, data: HOSTILE_MAP }))).toContain('__proto__');
  });

  test('a boolean is no value of a ConfigMap', () => {
    expect(
      refusal(() => normaliseConfigMapData({ ...configMap, data: { 'enable-network-policy-controller': true } })),
    ).toEqual({
      path: 'data.enable-network-policy-controller',
      expected: 'string',
      found: 'boolean true',
    });
  });
});

describe('CustomResourceDefinition', () => {
  const definition = {
    metadata: {
      name: 'policyendpoints.networking.k8s.aws',
      creationTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
    },
    spec: {
      group: 'networking.k8s.aws',
      versions: [
        { name: 'v1beta1', served: false },
        { name: 'v1alpha1', served: true, storage: true },
      ],
    },
  };

  test('only served versions count', () => {
    expect(normaliseCustomResourceDefinitions([definition])).toEqual([
      {
        name: 'policyendpoints.networking.k8s.aws',
        group: 'networking.k8s.aws',
        createdAt: '2026-01-01T00:00:00Z',
        servedVersions: ['v1alpha1'],
        finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
      },
    ]);
  });

  test('whether a version is served is promised', () => {
    const faulty = { ...definition, spec: { group: 'g', versions: [{ name: 'v1' }] } };
    expect(refusal(() => normaliseCustomResourceDefinitions([faulty]))).toEqual({
      path: 'items[0].spec.versions[0].served',
      expected: 'boolean',
      found: 'nothing',
    });
  });
});

describe('APIService', () => {
  test('available, unavailable and not yet judged', () => {
    const service = (name: string, ...conditions: readonly object[]): object => ({
      metadata: { name },
      status: { conditions },
    });
    const raw = [
      service('v1.apps', { type: 'Available', status: 'True', reason: 'Local' }),
      service('v3.projectcalico.org', { type: 'Available', status: 'False', reason: 'ServiceNotFound' }),
      service('v1.new'),
      { metadata: { name: 'v2.new' } },
    ];
    expect(normaliseApiServices(raw)).toEqual([
      { name: 'v1.apps', available: 'True' },
      { name: 'v1.new', available: 'Unknown' },
      { name: 'v2.new', available: 'Unknown' },
      { name: 'v3.projectcalico.org', available: 'False' },
    ]);
  });
});

describe('Namespace', () => {
  test('a namespace on its way out', () => {
    const raw = { metadata: { name: 'calico-system', labels: { a: 'b' } }, status: { phase: 'Terminating' } };
    expect(normaliseNamespace(raw)).toEqual({ name: 'calico-system', labels: { a: 'b' }, phase: 'Terminating' });
  });

  test('its phase is promised', () => {
    expect(refusal(() => normaliseNamespace({ metadata: { name: 'a' }, status: {} }))).toEqual({
      path: 'status.phase',
      expected: 'string',
      found: 'nothing',
    });
  });
});
