import { collectLive, sharedAccess } from '../../../shared/compose-live.ts';
import { answerOrder, type Route } from './measure.ts';
import { AUDIT_FACTS, COMPARED } from './facts.ts';

/** The product: one sweep's shared access, and one live collection for each cluster. */
const route: Route = () => {
  const access = sharedAccess();
  return async ({ account, name, region }) => {
    const { snapshot } = await collectLive({
      target: { clusterName: name, region, roleArn: `arn:aws:iam::${account}:role/warden`, externalId: 'bench' },
      access,
      keys: AUDIT_FACTS,
      extent: 'lean',
      probes: { kind: 'off' },
      deadlineSeconds: 300,
      userAgent: 'netpol-warden/bench',
      onFact: () => undefined,
    });
    const facts = COMPARED.map((key) => {
      const fact = snapshot.facts[key];
      if (fact.state === 'unobserved') throw new Error(`${name} ${key}: ${fact.detail}`);
      return [key, fact.state === 'observed' ? fact.value : 'absent'] as const;
    });
    return { facts: Object.fromEntries(facts) };
  };
};

answerOrder(route);
