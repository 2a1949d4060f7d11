import { describe, expect, it } from 'vitest';
import { addonConfiguration, addonSwitch, controllerEnabled } from '../../../shared/checks/links/switches.ts';
import { absent, observed } from '../../../shared/model/fact.ts';
import { addon, AT } from '../../support/cluster.ts';

describe('addonSwitch', () => {
  it('is unset where nobody configured anything, or something else', () => {
    expect(addonSwitch({ form: 'none' })).toEqual({ is: 'unset', written: 'unset' });
    expect(addonSwitch({ form: 'values', values: {} })).toEqual({ is: 'unset', written: 'unset' });
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: null } })).toEqual({
      is: 'unset',
      written: 'unset',
    });
  });

  it('takes the string of the schema and the boolean that people write', () => {
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: 'true' } })).toEqual({
      is: 'on',
      written: '"true"',
    });
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: true } })).toEqual({
      is: 'on',
      written: 'true',
    });
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: 'false' } })).toEqual({
      is: 'off',
      written: '"false"',
    });
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: false } })).toEqual({
      is: 'off',
      written: 'false',
    });
  });

  it('takes anything else for off, as it is no boolean', () => {
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: 'yes' } }).is).toBe('off');
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: ['true'] } }).is).toBe('off');
    expect(addonSwitch({ form: 'values', values: { enableNetworkPolicy: { enabled: true } } }).is).toBe('off');
  });

  it('is neither where the configuration cannot be understood', () => {
    expect(addonSwitch({ form: 'unreadable', detail: 'line 1' })).toEqual({ is: 'unreadable', written: 'line 1' });
  });
});

describe('addonConfiguration', () => {
  it('does not apply to a self-managed VPC CNI', () => {
    expect(addonConfiguration(absent('test', AT))).toEqual({ state: 'not-applicable', message: 'self-managed' });
  });

  it('holds by what is declared', () => {
    expect(addonConfiguration(observed(addon(), 'test', AT))).toMatchObject({
      state: 'holds',
      message: 'addon-on',
      values: { written: '"true"' },
      evidence: [{ value: '"true"', grade: 'declared' }],
    });
  });

  it('is unknown, not off, where the configuration cannot be understood', () => {
    const unreadable = addon({ configuration: { form: 'unreadable', detail: 'line 1' } });
    expect(addonConfiguration(observed(unreadable, 'test', AT))).toMatchObject({
      state: 'unknown',
      message: 'addon-unreadable',
      values: { detail: 'line 1' },
      missing: [{ fact: 'eks.vpc-cni-addon', reason: 'malformed', detail: 'line 1' }],
    });
  });
});

describe('controllerEnabled', () => {
  it('shows what is written, that the key is unset, or that there is no ConfigMap', () => {
    const key = 'enable-network-policy-controller';
    expect(controllerEnabled(observed({ [key]: 'false' }, 'test', AT)).evidence).toMatchObject([{ value: '"false"' }]);
    expect(controllerEnabled(observed({}, 'test', AT)).evidence).toMatchObject([{ value: 'unset' }]);
    expect(controllerEnabled(absent('test', AT)).evidence).toMatchObject([{ value: 'ConfigMap not found' }]);
  });
});
