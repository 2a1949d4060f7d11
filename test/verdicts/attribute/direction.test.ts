import { describe, expect, it } from 'vitest';

import { policy } from '../../policy/cluster.ts';
import { denial, N1, N2, only, ORDERS, ORDERS_IP, WEB, WEB_2 } from './world.ts';

const CART = '10.0.1.21';
const inferred = (direction: string) => ({ direction, directionFrom: 'inferred' });

describe('the direction', () => {
  it("is the line's where it says one", () => {
    expect(only({}, denial(WEB, ORDERS_IP, 5432, { direction: 'ingress' }))).toMatchObject({
      direction: 'ingress',
      directionFrom: 'log',
    });
  });

  it.each([
    ['egress to a ClusterIP, whatever node reports it', denial(WEB, ORDERS_IP, 5432, { nodes: [N2] }), 'egress'],
    ['egress to an outside address', denial(WEB, '203.0.113.9', 443), 'egress'],
    ['ingress from an outside address', denial('203.0.113.9', WEB, 8080), 'ingress'],
    ['egress where the source is on the reporting node', denial(WEB, ORDERS, 5432, { nodes: [N1] }), 'egress'],
    ['ingress where the destination is', denial(WEB, ORDERS, 5432, { nodes: [N2] }), 'ingress'],
  ])('is %s', (_, flow, direction) => {
    expect(only({}, flow)).toMatchObject(inferred(direction));
  });

  it('is on one node that of the only end which policies isolate', () => {
    const flow = denial(WEB, CART, 8080, { nodes: [N1] });
    const out = policy('shop/out', { policyTypes: ['Egress'] });
    const into = policy('shop/in', {});
    expect(only({ policies: [out] }, flow)).toMatchObject(inferred('egress'));
    expect(only({ policies: [into] }, flow)).toMatchObject(inferred('ingress'));
    for (const policies of [[], [out, into]]) {
      const pair = only({ policies }, flow);
      expect(pair).not.toHaveProperty('direction');
      expect(pair).not.toHaveProperty('directionFrom');
    }
  });

  it('is unknown where two nodes report and both ends are isolated', () => {
    const policies = [policy('shop/all', { policyTypes: ['Ingress', 'Egress'] })];
    expect(only({ policies }, denial(WEB, WEB_2, 8080, { nodes: [N1, N2] }))).not.toHaveProperty('direction');
  });

  it('does without policies where they were not read', () => {
    const given = { 'kubernetes.network-policies': 'denied' } as const;
    expect(only({ given }, denial(WEB, ORDERS, 5432, { nodes: [N2] }))).toMatchObject(inferred('ingress'));
    expect(only({ given }, denial(WEB, CART, 8080, { nodes: [N1] }))).not.toHaveProperty('direction');
  });
});
