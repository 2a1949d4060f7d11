import { buildPolicyIndex } from '../../../shared/policy/build-policy-index.ts';
import { decide } from '../../../shared/policy/decide.ts';
import type { Flow } from '../../../shared/policy/flow.ts';
import { applyChanges } from '../../policy/apply-changes.ts';
import { changesFrom } from './read-changes.ts';
import { NAMESPACES, PODS } from './world.ts';
import type { World } from './world.ts';

/** What the engine says once a suggestion was read from its text and put in force. */
export const verdictAfter = (
  { policies = [], pods = PODS }: World,
  change: Parameters<typeof changesFrom>[0],
  asked: Flow,
) => {
  const inputs = { namespaces: NAMESPACES, pods, networkPolicies: policies, mode: 'standard' as const };
  return decide(buildPolicyIndex(applyChanges(inputs, changesFrom(change))), asked);
};
