import { describe, expect, it } from 'vitest';
import { podEniSwitch, trunkAttached } from '../../../shared/checks/links/trunk.ts';
import { version } from '../../../shared/checks/links/version.ts';
import { absent, observed } from '../../../shared/model/fact.ts';
import { AT, cniContainer, node } from '../../support/cluster.ts';

const name = 'ip-10-0-1-5.us-west-2.compute.internal';
const nodes = observed([], 'test', AT);
const values = (link: { readonly evidence?: readonly { readonly value: string }[] }) =>
  link.evidence?.map(({ value }) => value);

describe('trunkAttached', () => {
  it('shows the label, or that there is none', () => {
    const labelled = node({ labels: { 'vpc.amazonaws.com/has-trunk-attached': 'not-supported' } });
    expect(values(trunkAttached(labelled, nodes, version(1, 14, 1), absent('test', AT)))).toEqual(['not-supported']);
    expect(values(trunkAttached(node(), nodes, version(1, 14, 1), absent('test', AT)))).toEqual(['none']);
  });

  it('shows the features of the CNINode and the allocatable branch interfaces', () => {
    const features = [
      { name: 'CustomNetworking', value: 'us-west-2a' },
      { name: 'SecurityGroupsForPods', value: '' },
    ];
    const attached = node({ allocatable: { 'vpc.amazonaws.com/pod-eni': '9' } });
    const link = trunkAttached(attached, nodes, version(1, 15), observed([{ name, features }], 'test', AT));
    expect(values(link)).toEqual(['CustomNetworking, SecurityGroupsForPods', '9']);
  });

  it('shows a CNINode without features, and that there is none', () => {
    expect(
      values(trunkAttached(node(), nodes, version(1, 15), observed([{ name, features: [] }], 'test', AT))),
    ).toEqual(['none']);
    expect(values(trunkAttached(node(), nodes, version(1, 15), observed([], 'test', AT)))).toEqual(['no CNINode']);
  });

  it('shows 0 where allocatable does not name branch interfaces', () => {
    const features = [{ name: 'SecurityGroupsForPods', value: '' }];
    const link = trunkAttached(node(), nodes, version(1, 15), observed([{ name, features }], 'test', AT));
    expect(values(link)).toEqual(['SecurityGroupsForPods', '0']);
  });
});

describe('podEniSwitch', () => {
  it('is off by default, also without a container', () => {
    expect(podEniSwitch(undefined)).toEqual({ is: 'off', written: 'unset (default false)' });
    expect(podEniSwitch(cniContainer({ env: {} }))).toEqual({ is: 'off', written: 'unset (default false)' });
  });

  it('takes for true what Go takes for true, and shows what is written', () => {
    expect(podEniSwitch(cniContainer({ env: { ENABLE_POD_ENI: '1' } }))).toEqual({ is: 'on', written: '"1"' });
    expect(podEniSwitch(cniContainer({ env: { ENABLE_POD_ENI: 'yes' } }))).toEqual({ is: 'off', written: '"yes"' });
  });
});
