import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { actionOf } from '../support/emulator/account.ts';
import { ASSUMED } from '../support/emulator/sts.ts';
import { startWorld, type World, type WorldOptions } from '../support/emulator/world.ts';
import { terminal, type Ran } from '../support/terminal.ts';

/** Nodes of Amazon Linux 2, of which EC2 has to tell the rest, and nodes of Amazon Linux 2023, which speak for themselves. */
const SHOP = { cluster: 'shop-prod', region: 'us-west-2' } as const;
const PLATFORM = { cluster: 'platform-al2023', region: 'us-east-1' } as const;

let directory = '';
const worlds: World[] = [];

const begin = async (options: WorldOptions): Promise<World> => {
  const world = await startWorld(options);
  worlds.push(world);
  return world;
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
});

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
  await rm(directory, { recursive: true });
});

const run = (command: string, { cluster, region }: typeof SHOP | typeof PLATFORM, ...more: string[]): Promise<Ran> =>
  terminal([command, '--cluster', cluster, '--region', region, ...more], directory, { now: () => new Date() });

/** Probes that nobody switched on, and verdict logs, which are no state of a cluster. */
const NOT_ASKED = ['nodes.probes', 'verdicts.denied-traffic'];

const snapshotShape = z.object({
  cluster: z.record(z.string(), z.string()),
  facts: z.record(
    z.string(),
    z.object({ state: z.string(), reason: z.string().optional(), detail: z.string().optional() }),
  ),
});

const collected = async (
  target: typeof SHOP | typeof PLATFORM,
  ...more: string[]
): Promise<Ran & z.infer<typeof snapshotShape>> => {
  const ran = await run('collect', target, '--out', 's.json', ...more);
  const text = await readFile(join(directory, 's.json'), 'utf8');
  return { ...ran, ...snapshotShape.parse(JSON.parse(text)) };
};

const inState = ({ facts }: z.infer<typeof snapshotShape>, state: string): readonly string[] =>
  Object.entries(facts).flatMap(([key, fact]) => (fact.state === state ? [key] : []));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** What STS computes of the URL and the header: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const signatureOf = (url: URL, cluster: string, secret: string): string => {
  const query = url.search
    .slice(1)
    .split('&')
    .filter((parameter) => !parameter.startsWith('X-Amz-Signature='))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('&');
  const headers = `host:${url.host}\nx-k8s-aws-id:${cluster}\n`;
  const canonical = ['GET', '/', query, headers, 'host;x-k8s-aws-id', sha256('')].join('\n');
  const [, ...scope] = (url.searchParams.get('X-Amz-Credential') ?? '').split('/');
  const time = url.searchParams.get('X-Amz-Date') ?? '';
  const key = scope.reduce<string | Buffer>((signing, part) => hmac(signing, part), `AWS4${secret}`);
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString('hex');
};

/** The URL inside the token that came with a request: https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster */
const presigned = (world: World): URL => {
  const tokens = new Set(world.kubernetes.requests.map(({ headers }) => headers.authorization));
  expect(tokens.size).toBe(1);
  const [, encoded = ''] = /^Bearer k8s-aws-v1\.([A-Za-z0-9_-]+)$/.exec([...tokens][0] ?? '') ?? [];
  return new URL(Buffer.from(encoded, 'base64url').toString('utf8'));
};

const ec2Calls = (world: World): readonly string[] =>
  [...new Set(world.aws.requests.map(actionOf))].filter((action) => action.startsWith('ec2:')).toSorted();

const reportShape = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.looseObject({ arn: z.string() }),
      outcomes: z.array(z.looseObject({ check: z.string(), status: z.string() })),
      unobserved: z.array(z.looseObject({ fact: z.string(), reason: z.string() })),
    }),
  ]),
});

/** The report on one cluster, without what verdict logs would have told. */
const besideVerdicts = (stdout: string): z.infer<typeof reportShape>['clusters'][0] => {
  const [report] = reportShape.parse(JSON.parse(stdout)).clusters;
  const outcomes = report.outcomes.filter(({ check }) => !check.startsWith('denied-traffic/'));
  return { ...report, outcomes, unobserved: report.unobserved.filter(({ fact }) => !NOT_ASKED.includes(fact)) };
};

describe('collect', () => {
  test('writes a snapshot that the published schema describes, with nothing missing but what nobody asked for', async () => {
    await begin(SHOP);
    const { code, stderr, ...snapshot } = await collected(SHOP);
    expect(code).toBe(0);
    expect(snapshot.cluster).toEqual({
      partition: 'aws',
      account: '111122223333',
      region: 'us-west-2',
      name: 'shop-prod',
    });
    expect(inState(snapshot, 'unobserved')).toEqual(NOT_ASKED);
    expect(stderr).toContain('nodes.probes: not-collected: probes are off');

    const ajv = new Ajv2020({ allErrors: true, strict: false });
    ajvFormats.default(ajv);
    const schema: object = z
      .looseObject({})
      .parse(JSON.parse(await readFile(new URL('../../docs/snapshot.schema.json', import.meta.url), 'utf8')));
    const validate = ajv.compile(schema);
    validate(JSON.parse(await readFile(join(directory, 's.json'), 'utf8')));
    expect(validate.errors).toBeNull();
  });

  test('can be audited afterwards with no account, to the outcomes of the live audit', async () => {
    const world = await begin(SHOP);
    await collected(SHOP);
    const live = await run('audit', SHOP, '--output', 'json', '--no-state');
    const before = world.aws.requests.length + world.kubernetes.requests.length;
    const later = await terminal(['audit', '--snapshot', 's.json', '--output', 'json', '--no-state'], directory, {
      now: () => new Date(),
    });
    expect(world.aws.requests.length + world.kubernetes.requests.length).toBe(before);
    const statuses = ({ stdout }: Ran): readonly unknown[] =>
      reportShape
        .parse(JSON.parse(stdout))
        .clusters[0].outcomes.map(({ check, status, resource }) => [check, status, resource]);
    expect(statuses(live).length).toBeGreaterThan(0);
    expect(statuses(later)).toEqual(statuses(live));
  });

  test('sends GET and nothing else to Kubernetes, with a token that only this cluster takes', async () => {
    const world = await begin(SHOP);
    await collected(SHOP);
    expect([...new Set(world.kubernetes.requests.map(({ method }) => method))]).toEqual(['GET']);
    const url = presigned(world);
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe('https://sts.us-west-2.amazonaws.com/');
    const { 'X-Amz-Credential': scope = '', ...parameters } = Object.fromEntries(url.searchParams);
    expect(scope).toMatch(/^AKIDEXAMPLE\/\d{8}\/us-west-2\/sts\/aws4_request$/);
    expect(parameters).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each([
    { name: 'shop-prod', same: true },
    { name: 'shop-dev', same: false },
  ])('signs the name of the cluster into the token: with $name the signature fits is $same', async ({ name, same }) => {
    const world = await begin(SHOP);
    await collected(SHOP);
    const url = presigned(world);
    expect(url.searchParams.get('X-Amz-Signature') === signatureOf(url, name, 'secret')).toBe(same);
  });

  test('asks EC2 whatever the nodes run: a snapshot is to keep', async () => {
    const world = await begin(PLATFORM);
    const snapshot = await collected(PLATFORM);
    expect(inState(snapshot, 'unobserved')).toEqual(NOT_ASKED);
    expect(ec2Calls(world)).toEqual([
      'ec2:DescribeImages',
      'ec2:DescribeInstanceTypes',
      'ec2:DescribeInstances',
      'ec2:DescribeLaunchTemplateVersions',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:GetSubnetCidrReservations',
    ]);
  });
});

/** The numbers of `46 AWS calls and 28 Kubernetes calls in 1.8 s`. */
const costOf = (stderr: string): readonly number[] =>
  (/^(\d+) AWS calls and (\d+) Kubernetes calls in [\d.]+ s$/m.exec(stderr) ?? []).slice(1).map(Number);

describe('audit', () => {
  test('does not ask EC2 where every node is Amazon Linux 2023, and misses nothing by it', async () => {
    const world = await begin(PLATFORM);
    const { code, stdout } = await run('audit', PLATFORM, '--output', 'json');
    expect(code).toBe(0);
    const { cluster, outcomes, unobserved } = besideVerdicts(stdout);
    expect(cluster.arn).toBe('arn:aws:eks:us-east-1:111122223333:cluster/platform-al2023');
    expect(outcomes.filter(({ status }) => status === 'not-evaluated')).toEqual([]);
    expect(outcomes.map(({ status }) => status)).toContain('pass');
    expect(unobserved).toEqual([]);
    expect(ec2Calls(world)).toEqual([]);
  });

  test('asks EC2 where a node is Amazon Linux 2', async () => {
    const world = await begin(SHOP);
    const { code } = await run('audit', SHOP, '--output', 'json');
    expect(code).toBe(1);
    expect(ec2Calls(world)).toEqual([
      'ec2:DescribeImages',
      'ec2:DescribeInstances',
      'ec2:DescribeLaunchTemplateVersions',
    ]);
  });

  test.each(['audit', 'collect'])('%s prints the calls that were made', async (command) => {
    const world = await begin(SHOP);
    const { stderr } = await run(command, SHOP);
    expect(costOf(stderr)).toEqual([
      world.aws.requests.length + world.sts.requests.length,
      world.kubernetes.requests.length,
    ]);
  });
});

describe('a role of a member account', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/auditor';

  test('is assumed with external id and session tags, and signs the token', async () => {
    const world = await begin(SHOP);
    const snapshot = await collected(
      SHOP,
      '--role-arn',
      ROLE,
      '--external-id',
      'from-the-hub',
      '--session-tag',
      'team=platform',
      '--session-tag',
      'run=a=b',
    );
    expect(inState(snapshot, 'unobserved')).toEqual(NOT_ASKED);
    expect(world.sts.requests.map(({ action, accessKeyId }) => [action, accessKeyId])).toEqual([
      ['AssumeRole', 'AKIDEXAMPLE'],
      ['GetCallerIdentity', ASSUMED.accessKeyId],
    ]);
    expect(world.sts.requests[0]?.parameters).toEqual({
      Version: '2011-06-15',
      RoleArn: ROLE,
      RoleSessionName: 'netpol-warden',
      DurationSeconds: '3600',
      ExternalId: 'from-the-hub',
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'platform',
      'Tags.member.2.Key': 'run',
      'Tags.member.2.Value': 'a=b',
    });
    const { searchParams } = presigned(world);
    expect(searchParams.get('X-Amz-Credential')).toMatch(new RegExp(`^${ASSUMED.accessKeyId}/`));
    expect(searchParams.get('X-Amz-Security-Token')).toBe(ASSUMED.sessionToken);
  });
});

describe('a kubeconfig', () => {
  const kubeconfig = (world: World): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'elsewhere',
      clusters: [
        {
          name: 'here',
          cluster: {
            server: world.kubernetes.url,
            'certificate-authority-data': Buffer.from(world.kubernetes.certificateAuthority).toString('base64'),
          },
        },
        { name: 'elsewhere', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'LS0t' } },
      ],
      users: [{ name: 'auditor', user: { token: 'static-token' } }],
      contexts: [
        { name: 'here', context: { cluster: 'here', user: 'auditor' } },
        { name: 'elsewhere', context: { cluster: 'elsewhere', user: 'auditor' } },
      ],
    });

  test('connects with its server, authority and token in place of ours', async () => {
    const world = await begin(SHOP);
    await writeFile(join(directory, 'config'), kubeconfig(world));
    const snapshot = await collected(SHOP, '--kubeconfig', join(directory, 'config'), '--context', 'here');
    expect(inState(snapshot, 'unobserved')).toEqual(NOT_ASKED);
    expect([...new Set(world.kubernetes.requests.map(({ headers }) => headers.authorization))]).toEqual([
      'Bearer static-token',
    ]);
  });

  test('whose context is not there costs the Kubernetes facts, with the ones it has in the detail', async () => {
    const world = await begin(SHOP);
    await writeFile(join(directory, 'config'), kubeconfig(world));
    const { facts } = await collected(SHOP, '--kubeconfig', join(directory, 'config'), '--context', 'nowhere');
    expect(world.kubernetes.requests).toEqual([]);
    expect(facts['kubernetes.nodes']).toMatchObject({
      state: 'unobserved',
      detail: 'the kubeconfig has no context "nowhere"; it has here, elsewhere',
    });
    expect(facts['eks.cluster']?.state).toBe('observed');
  });
});

describe('a private endpoint that says nothing', () => {
  const silent: WorldOptions = { ...SHOP, answer: () => ({ kind: 'hang', after: 'request' }) };

  test('costs the Kubernetes facts at --deadline, and no fact of AWS that does not rest on them', async () => {
    await begin(silent);
    const { code, ...snapshot } = await collected(SHOP, '--deadline', '2');
    expect(code).toBe(0);
    const kubernetes = Object.keys(snapshot.facts).filter((key) => key.startsWith('kubernetes.'));
    const resting = ['ec2.instance-types', 'ec2.security-groups', 'iam.roles'];
    expect(inState(snapshot, 'unobserved').toSorted()).toEqual([...kubernetes, ...resting, ...NOT_ASKED].toSorted());
    expect([...kubernetes, ...resting].map((key) => snapshot.facts[key]?.reason)).toEqual(
      [...kubernetes, ...resting].map(() => 'unreachable'),
    );
  });

  test.each([
    { failOn: 'never', expected: 0 },
    { failOn: 'unknown', expected: 1 },
    { failOn: 'critical,unknown', expected: 1 },
  ])('ends an audit with --fail-on $failOn in $expected', async ({ failOn, expected }) => {
    await begin(silent);
    const { code, stdout } = await run('audit', SHOP, '--deadline', '1', '--fail-on', failOn, '--output', 'json');
    expect(code).toBe(expected);
    const { outcomes, unobserved } = besideVerdicts(stdout);
    expect(outcomes.filter(({ status }) => status === 'not-evaluated').length).toBeGreaterThan(0);
    expect(outcomes.filter(({ check, status }) => check === 'network-policy/enforced' && status === 'pass')).toEqual(
      [],
    );
    expect([...new Set(unobserved.map(({ reason }) => reason))]).toEqual(['unreachable']);
  });
});
