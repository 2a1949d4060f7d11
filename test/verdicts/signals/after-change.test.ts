import { describe, expect, it } from 'vitest';
import type { PolicyChange } from '../../../shared/verdicts/signals/index.ts';
import { at, denied, dns, run, told, windowAt } from './windows.ts';

const PAIR = 'workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP';
const NEW = [`new-pair active ${PAIR}`];
const AFTER = [`after-change active ${PAIR}`];

const change = (
  minute: number,
  about: Partial<PolicyChange> = { namespace: 'shop', policy: 'default-deny' },
): PolicyChange => ({
  what: 'NetworkPolicy shop/default-deny was created',
  at: at(minute),
  ...about,
});
const after = (changes: readonly PolicyChange[]) => told(run([windowAt(60, [denied(50, 59, 5)], { changes })]));

describe('traffic that is denied right after a change', () => {
  it.each<readonly [string, PolicyChange, readonly string[]]>([
    ['an isolating policy, 20 minutes before', change(30), AFTER],
    ['an isolating policy, half an hour before', change(20), NEW],
    ['an isolating policy, in the same second', change(50.05), AFTER],
    ['an isolating policy, after the first denial', change(51), NEW],
    ['a policy that isolates neither end', change(45, { namespace: 'shop', policy: 'other' }), NEW],
    ['a policy of that name in another namespace', change(45, { namespace: 'pay', policy: 'default-deny' }), NEW],
    ['something in the namespace of an end', change(45, { namespace: 'shop' }), AFTER],
    ['something in another namespace', change(45, { namespace: 'pay' }), NEW],
    ['the whole cluster', change(45, {}), AFTER],
  ])('%s', (_name, known, expected) => {
    expect(after([known])).toEqual(expected);
  });

  it('names the last change that concerns it', () => {
    const changes = [
      change(30),
      { what: 'add-on vpc-cni was updated to v1.21.1-eksbuild.1', at: at(48) },
      { what: 'namespace pay was relabelled', at: at(49), namespace: 'pay' },
    ];
    const [signal] = run([windowAt(60, [denied(50, 59, 5)], { changes })]).signals;
    expect(signal?.values.what).toBe(
      'shop/web (Deployment) is denied to shop/db (Deployment) on 5432/TCP, isolated by shop/default-deny, soon after add-on vpc-cni was updated to v1.21.1-eksbuild.1 at 2026-11-16T00:48:00.000Z; first at 2026-11-16T00:50:00.000Z.',
    );
  });

  it('is told as such once the change becomes known, an hour after the denials', () => {
    const first = run([windowAt(60, [denied(50, 59, 5)])]);
    expect(told(first)).toEqual(NEW);
    expect(told(run([windowAt(120, [], { changes: [change(45)] })], first.state))).toEqual(AFTER);
  });

  it('stays so when the change is no longer among those told', () => {
    const first = run([windowAt(60, [denied(50, 59, 5)], { changes: [change(45)] })]);
    expect(told(run([windowAt(70, [denied(62, 69, 5)])], first.state))).toEqual(AFTER);
  });

  it('leaves DNS what it is, and names the change there', () => {
    const pair = denied(50, 59, 5, { destination: dns, destinationPort: 53 });
    const [signal, ...others] = run([windowAt(60, [pair], { changes: [change(45)] })]).signals;
    expect(others).toEqual([]);
    expect(signal?.kind).toBe('dns');
    expect(signal?.values.what).toContain('soon after NetworkPolicy shop/default-deny was created');
  });
});
