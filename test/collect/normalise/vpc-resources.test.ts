import { describe, expect, test } from 'vitest';
import { normaliseCniNodes } from '../../../shared/collect/normalise/cninodes.ts';
import { normaliseEniConfigs } from '../../../shared/collect/normalise/eniconfigs.ts';
import { normaliseNodeClasses } from '../../../shared/collect/normalise/nodeclasses.ts';
import { refusal } from './malformed.ts';

describe('CNINode', () => {
  test('features with and without a value, and a node without any', () => {
    const raw = {
      kind: 'CNINodeList',
      items: [
        { metadata: { name: 'node-b' }, spec: {} },
        {
          metadata: { name: 'node-a' },
          spec: { features: [{ name: 'SecurityGroupsForPods' }, { name: 'CustomNetworking', value: 'us-west-2a' }] },
        },
        { metadata: { name: 'node-c' } },
      ],
    };
    expect(normaliseCniNodes(raw)).toEqual([
      {
        name: 'node-a',
        features: [
          { name: 'CustomNetworking', value: 'us-west-2a' },
          { name: 'SecurityGroupsForPods', value: '' },
        ],
      },
      { name: 'node-b', features: [] },
      { name: 'node-c', features: [] },
    ]);
  });
});

describe('ENIConfig', () => {
  test('a subnet is needed, security groups are not', () => {
    const raw = [
      { metadata: { name: 'us-west-2b' }, spec: { subnet: 'subnet-0b' } },
      { metadata: { name: 'us-west-2a' }, spec: { subnet: 'subnet-0a', securityGroups: ['sg-0b', 'sg-0a'] } },
    ];
    expect(normaliseEniConfigs(raw)).toEqual([
      { name: 'us-west-2a', subnet: 'subnet-0a', securityGroups: ['sg-0a', 'sg-0b'] },
      { name: 'us-west-2b', subnet: 'subnet-0b', securityGroups: [] },
    ]);
    expect(refusal(() => normaliseEniConfigs([{ metadata: { name: 'a' }, spec: {} }]))).toEqual({
      path: 'items[0].spec.subnet',
      expected: 'string',
      found: 'nothing',
    });
  });
});

describe('NodeClass', () => {
  test('what it leaves out has the documented default', () => {
    const raw = [
      { metadata: { name: 'strict' }, spec: { networkPolicy: 'DefaultDeny', networkPolicyEventLogs: 'Enabled' } },
      { metadata: { name: 'default' }, spec: { role: 'node' } },
    ];
    expect(normaliseNodeClasses(raw)).toEqual([
      { name: 'default', networkPolicy: 'DefaultAllow', networkPolicyEventLogs: 'Disabled' },
      { name: 'strict', networkPolicy: 'DefaultDeny', networkPolicyEventLogs: 'Enabled' },
    ]);
  });
});
