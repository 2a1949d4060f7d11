import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectFacts } from '../../shared/collect/live/collect-facts.ts';
import { liveCollectors } from '../../shared/collect/live/collectors.ts';
import { collectLive, type Collected } from '../../shared/compose-live.ts';
import { evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Evaluation } from '../../shared/model/outcome.ts';
import { FACT_KEYS, type FactKey, type Snapshot } from '../../shared/model/snapshot.ts';
import { callLog } from '../../shared/runtime/aws/calls.ts';
import { awsSession } from '../../shared/runtime/aws/session.ts';
import { CHECKS } from '../collect/live/live-run.ts';
import { actionOf, denial, failing, throttle } from '../support/emulator/account.ts';
import { startWorld, type World } from '../support/emulator/world.ts';
import { clientOf } from '../support/kubernetes-endpoint/client.ts';

const COLLECTORS = liveCollectors({ keys: FACT_KEYS, probes: { kind: 'off' } });

const KUBERNETES = FACT_KEYS.filter((key) => key.startsWith('kubernetes.'));

/** What each fact cannot be known without, written down here and not taken from the code. */
const RESTS_ON: { readonly [K in FactKey]?: readonly FactKey[] } = {
  // Endpoint and certificate authority are those of DescribeCluster.
  ...Object.fromEntries(KUBERNETES.map((key) => [key, ['eks.cluster'] as const])),
  'ec2.images': ['ec2.instances'],
  'ec2.launch-templates': ['ec2.instances', 'eks.nodegroups'],
  'eks.addon-schema': ['eks.vpc-cni-addon'],
  'eks.addon-versions': ['eks.cluster'],
  'eks.updates': ['eks.vpc-cni-addon', 'eks.nodegroups'],
  'ec2.subnets': ['eks.cluster'],
  'ec2.network-interfaces': ['ec2.subnets'],
  'ec2.security-groups': ['eks.cluster', 'kubernetes.security-group-policies'],
  'ec2.instance-types': ['kubernetes.nodes', 'eks.nodegroups'],
  'iam.roles': ['eks.cluster', 'kubernetes.service-accounts', 'eks.pod-identity-associations'],
  'ssm.ami-recommendations': ['eks.cluster'],
};

/** Facts whose collector declares the action, and those that rest on one of them. */
const spoiltBy = (action: string): readonly FactKey[] => {
  const spoilt = new Set(FACT_KEYS.filter((key) => COLLECTORS[key].iam.some((grant) => grant.action === action)));
  for (let size = -1; size !== spoilt.size;) {
    size = spoilt.size;
    for (const key of FACT_KEYS) if (RESTS_ON[key]?.some((on) => spoilt.has(on))) spoilt.add(key);
  }
  return FACT_KEYS.filter((key) => spoilt.has(key));
};

const collect = (): Promise<Collected> =>
  collectLive({
    target: { clusterName: 'shop-prod', region: 'us-west-2' },
    keys: FACT_KEYS,
    extent: 'whole',
    probes: { kind: 'off' },
    deadlineSeconds: 60,
    userAgent: 'netpol-warden/test',
    onFact: () => undefined,
  });

/** State, reason and value of every fact: all but when it was read. */
const untimed = ({ facts }: Snapshot): { readonly [key: string]: object } =>
  Object.fromEntries(FACT_KEYS.map((key) => [key, { ...facts[key], observedAt: '' }]));

const expectedOf = (
  healthy: Snapshot,
  spoilt: readonly FactKey[],
  reason: string,
): { readonly [key: string]: unknown } => ({
  ...untimed(healthy),
  // Its value tells of the others.
  'kubernetes.access': expect.objectContaining({ state: 'observed' }),
  ...Object.fromEntries(spoilt.map((key) => [key, expect.objectContaining({ state: 'unobserved', reason })])),
});

const missing = ({ outcomes }: Evaluation): ReadonlyMap<string, readonly string[]> =>
  new Map(
    outcomes.flatMap((outcome) =>
      outcome.status === 'not-evaluated' && outcome.message.key === 'facts-missing'
        ? [[outcome.check, outcome.missing.map(({ fact }) => fact)] as const]
        : [],
    ),
  );

/** What checks said that neither need nor use any of these facts. */
const unconcerned = ({ outcomes }: Evaluation, facts: readonly FactKey[]): unknown => {
  const reading = new Set(
    CHECKS.filter(({ needs, uses }) => facts.some((key) => needs[key] !== undefined || uses.includes(key))).map(
      ({ id }) => id,
    ),
  );
  return outcomes
    .filter(({ check }) => !reading.has(check))
    .map(({ check, status, resource, message }) => ({ check, status, resource, message }));
};

/** Every action that a healthy run asks for; the first test holds it against a healthy run. */
const ACTIONS = [
  'autoscaling:DescribeAutoScalingGroups',
  'ec2:DescribeImages',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:GetSubnetCidrReservations',
  'eks:DescribeAddon',
  'eks:DescribeAddonConfiguration',
  'eks:DescribeAddonVersions',
  'eks:DescribeCluster',
  'eks:DescribeNodegroup',
  'eks:DescribePodIdentityAssociation',
  'eks:DescribeUpdate',
  'eks:ListNodegroups',
  'eks:ListPodIdentityAssociations',
  'eks:ListUpdates',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'logs:DescribeLogGroups',
  'logs:DescribeSubscriptionFilters',
  'ssm:GetParameters',
] as const;

const IDENTITY: ReadonlySet<string> = new Set(['sts:AssumeRole', 'sts:GetCallerIdentity']);

let world: World;
let healthy: Collected;
let audited: Evaluation;

beforeAll(async () => {
  world = await startWorld({ cluster: 'shop-prod' });
  healthy = await collect();
  audited = evaluate(healthy.snapshot, CHECKS);
});

afterAll(async () => {
  await world.close();
});

describe('a healthy run', () => {
  test('asks for these actions, and its log is what the account saw', () => {
    const recorded = [...healthy.aws.counts().keys()].filter((action) => !IDENTITY.has(action)).toSorted();
    expect(recorded).toEqual([...ACTIONS]);
    const seen = new Set(world.aws.requests.map(actionOf));
    expect([...seen].toSorted()).toEqual([...ACTIONS]);
  });

  test('asks for nothing that no collector declares, and each declared action is asked for', () => {
    const declared = new Set(FACT_KEYS.flatMap((key) => COLLECTORS[key].iam.map(({ action }) => action)));
    const made = [...healthy.aws.counts().keys()].filter((action) => !IDENTITY.has(action));
    expect(made.toSorted()).toEqual([...declared].toSorted());
  });

  test('asks once for what several facts are read from', () => {
    expect(healthy.aws.counts().get('ec2:DescribeInstances')).toBe(1);
    expect(healthy.aws.counts().get('eks:DescribeCluster')).toBe(1);
  });

  test('leaves no check without its facts', () => {
    expect([...missing(audited)]).toEqual([]);
  });
});

describe.each(ACTIONS)('%s refused', (action) => {
  const spoilt = spoiltBy(action);

  test('costs the facts that declare it or rest on one that does, and the checks that need them, and no other', async () => {
    world.change((account) => failing(account, action, denial(action)));
    const { snapshot, aws } = await collect();
    expect(aws.counts().get(action)).toBeGreaterThan(0);
    expect(untimed(snapshot)).toEqual(expectedOf(healthy.snapshot, spoilt, 'denied'));

    const evaluation = evaluate(snapshot, CHECKS);
    const needing = CHECKS.filter(({ needs }) => spoilt.some((key) => needs[key] !== undefined)).map(({ id }) => id);
    const without = missing(evaluation);
    expect([...without.keys()].toSorted()).toEqual(needing.toSorted());
    for (const lacking of without.values()) expect(spoilt).toEqual(expect.arrayContaining([...lacking]));
    const concerned: readonly FactKey[] = [...spoilt, 'kubernetes.access'];
    expect(unconcerned(evaluation, concerned)).toEqual(unconcerned(audited, concerned));
  });
});

describe.each(['eks:DescribeAddon', 'ec2:DescribeInstances', 'iam:GetPolicy', 'logs:DescribeLogGroups'])(
  '%s throttled',
  (action) => {
    test('is tried as often as the session allows, and then costs what a refusal costs', async () => {
      world.change((account) => failing(account, action, throttle(action)));
      const calls = callLog();
      const { client } = clientOf(world.kubernetes);
      const before = world.aws.requests.length;
      try {
        const snapshot = await collectFacts({
          cluster: healthy.snapshot.cluster,
          keys: FACT_KEYS,
          collectors: COLLECTORS,
          aws: awsSession({
            account: '111122223333',
            region: 'us-west-2',
            credentials: () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
            calls,
            endpoint: world.aws.url,
            maxAttempts: 2,
          }),
          kubernetes: () => Promise.resolve(client),
          now: () => new Date(),
          signal: new AbortController().signal,
          extent: 'whole',
        });
        expect(untimed(snapshot)).toEqual(expectedOf(healthy.snapshot, spoiltBy(action), 'throttled'));
      } finally {
        client.close();
      }
      const seen = world.aws.requests.slice(before).filter((request) => actionOf(request) === action).length;
      // Each use of the call was tried twice, and every try is in the log.
      expect(seen).toBe(calls.counts().get(action));
      expect(seen % 2).toBe(0);
      expect(seen).toBeGreaterThan(0);
    });

    test('only once is not told of at all', async () => {
      let refused = 0;
      world.change((account) => (request) => {
        if (actionOf(request) === action && refused === 0) {
          refused += 1;
          throw throttle(action);
        }
        return account(request);
      });
      const { snapshot, aws } = await collect();
      expect(refused).toBe(1);
      expect(untimed(snapshot)).toEqual(untimed(healthy.snapshot));
      expect(aws.counts().get(action)).toBe((healthy.aws.counts().get(action) ?? 0) + 1);
    });
  },
);
