import { describe, expect, test } from 'vitest';
import { readAddonConfiguration } from '../../../shared/collect/normalise/addon-configuration.ts';
import { MAX_TEXT } from '../../../shared/collect/normalise/bounded.ts';
import { normaliseVpcCniAddon } from '../../../shared/collect/normalise/vpc-cni-addon.ts';
import { refusal } from './malformed.ts';

const addon = {
  addonName: 'vpc-cni',
  clusterName: 'shop-prod',
  status: 'DEGRADED',
  addonVersion: 'v1.21.1-eksbuild.1',
  health: {
    issues: [
      { code: 'InsufficientNumberOfReplicas', message: 'The add-on is unhealthy.', resourceIds: [] },
      { code: 'AccessDenied' },
    ],
  },
  addonArn: 'arn:aws:eks:us-west-2:111122223333:addon/shop-prod/vpc-cni/9ece9fbd',
  modifiedAt: '2026-03-30T12:26:49.302000+00:00',
  serviceAccountRoleArn: 'arn:aws:iam::111122223333:role/cni',
  podIdentityAssociations: ['arn:aws:eks:us-west-2:111122223333:podidentityassociation/shop-prod/a-1'],
  configurationValues: '{"enableNetworkPolicy":"true","nodeAgent":{"enablePolicyEventLogs":"true"}}',
};

describe('eks:DescribeAddon', () => {
  test('the add-on as the command line prints it', () => {
    expect(normaliseVpcCniAddon({ addon })).toEqual({
      version: 'v1.21.1-eksbuild.1',
      status: 'DEGRADED',
      healthIssues: [
        { code: 'AccessDenied', message: '' },
        { code: 'InsufficientNumberOfReplicas', message: 'The add-on is unhealthy.' },
      ],
      configuration: {
        form: 'values',
        values: { enableNetworkPolicy: 'true', nodeAgent: { enablePolicyEventLogs: 'true' } },
      },
      serviceAccountRoleArn: 'arn:aws:iam::111122223333:role/cni',
      podIdentityAssociationArns: ['arn:aws:eks:us-west-2:111122223333:podidentityassociation/shop-prod/a-1'],
      modifiedAt: '2026-03-30T12:26:49.302Z',
    });
  });

  test('nothing but what is promised is enough', () => {
    const bare = { addonName: 'vpc-cni', addonVersion: 'v1.18.3-eksbuild.2', status: 'ACTIVE' };
    expect(normaliseVpcCniAddon({ addon: bare })).toEqual({
      version: 'v1.18.3-eksbuild.2',
      status: 'ACTIVE',
      healthIssues: [],
      configuration: { form: 'none' },
      podIdentityAssociationArns: [],
    });
  });

  test('another add-on is refused', () => {
    expect(refusal(() => normaliseVpcCniAddon({ addon: { ...addon, addonName: 'coredns' } }))).toEqual({
      path: 'addon.addonName',
      expected: '"vpc-cni"',
      found: '"coredns"',
    });
  });

  test('a configuration that is no text breaks the promise', () => {
    expect(refusal(() => normaliseVpcCniAddon({ addon: { ...addon, configurationValues: {} } }))).toEqual({
      path: 'addon.configurationValues',
      expected: 'string',
      found: 'object',
    });
  });
});

describe('configurationValues', () => {
  test.each([
    { name: 'JSON with a text', source: '{"enableNetworkPolicy":"true"}', values: { enableNetworkPolicy: 'true' } },
    { name: 'JSON with a boolean', source: '{"enableNetworkPolicy":true}', values: { enableNetworkPolicy: true } },
    { name: 'YAML with a text', source: 'enableNetworkPolicy: "true"', values: { enableNetworkPolicy: 'true' } },
    { name: 'YAML with a boolean', source: 'enableNetworkPolicy: true', values: { enableNetworkPolicy: true } },
    {
      name: 'YAML of several lines',
      source: 'env:\n  ENABLE_POD_ENI: "true"\n',
      values: { env: { ENABLE_POD_ENI: 'true' } },
    },
    {
      name: 'YAML 1.1’s yes, which stays a text',
      source: 'enableNetworkPolicy: yes',
      values: { enableNetworkPolicy: 'yes' },
    },
    { name: 'a date, which stays a text', source: 'note: 2026-11-20', values: { note: '2026-11-20' } },
    { name: 'an empty object', source: '{}', values: {} },
  ])('$name', ({ source, values }) => {
    expect(readAddonConfiguration(source)).toEqual({ form: 'values', values });
  });

  test.each([undefined, '', '  \n', 'null', '# nothing is set\n~'])('%j is none', (source) => {
    expect(readAddonConfiguration(source)).toEqual({ form: 'none' });
  });

  test.each([
    { name: 'a list', source: '[1,2]', detail: 'expected an object of settings at the top' },
    { name: 'a bare word', source: 'enabled', detail: 'expected an object of settings at the top' },
    { name: 'YAML that ends too early', source: '{a: [1', detail: 'neither JSON nor YAML: ' },
    { name: 'two documents', source: 'a: 1\n---\nb: 2', detail: 'neither JSON nor YAML: ' },
    { name: 'a doubled key', source: 'a: 1\na: 2', detail: 'neither JSON nor YAML: duplicated mapping key' },
    { name: 'a tag that would make an object', source: 'a: !!js/function x', detail: 'neither JSON nor YAML: unknown' },
    { name: 'a number JSON cannot hold', source: 'a: .inf', detail: 'a number that JSON cannot hold' },
    { name: 'too long a text', source: `a: ${'x'.repeat(300_000)}`, detail: 'longer than 262144 characters' },
    {
      name: 'too deep a document',
      source: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
      detail: 'nested deeper than 32 levels',
    },
  ])('$name is unreadable, never none and never thrown', ({ source, detail }) => {
    const read = readAddonConfiguration(source);
    expect(read.form).toBe('unreadable');
    expect(read).toHaveProperty('detail', expect.stringContaining(detail));
  });

  test('aliases that multiply are cut off', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
    );
    const read = readAddonConfiguration(`a0: &a0 [x]\n${levels.join('\n')}`);
    expect(read).toEqual({ form: 'unreadable', detail: 'more than 20000 values' });
  });

  test('the detail does not repeat what the configuration says', () => {
    const read = readAddonConfiguration('password: hunter2\n  bad: [');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  test('prototype keys are carried, not obeyed', () => {
    const read = readAddonConfiguration('{"__proto__":{"enableNetworkPolicy":"true"},"a":"b"}');
    expect(read.form === 'values' ? Object.entries(read.values).map(([key]) => key) : []).toEqual(['__proto__', 'a']);
    expect(read.form === 'values' ? read.values['enableNetworkPolicy'] : 'none').toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'enableNetworkPolicy')).toBe(false);
  });

  test('texts inside are bounded', () => {
    const read = readAddonConfiguration(JSON.stringify({ a: 'x'.repeat(10_000) }));
    expect(read.form === 'values' ? read.values['a'] : '').toHaveLength(MAX_TEXT);
  });
});
