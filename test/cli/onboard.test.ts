import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST } from '../../cli/onboard.ts';
import { AwsFault, type AwsRequest, startAwsEndpoint } from '../support/aws-endpoint/endpoint.ts';
import type { Tree } from '../support/aws-endpoint/xml.ts';
import { awsEnvironment, replaceEnvironment } from '../support/emulator/environment.ts';
import { terminal, type Ran } from '../support/terminal.ts';

const ROLE = 'arn:aws:iam::111122223333:role/NetpolWardenReader';
const DESTINATION = 'arn:aws:logs:us-west-2:444455556666:destination:netpol-warden-prod';
const ENDPOINT = 'https://0A1B2C3D4E5F.gr7.us-west-2.eks.amazonaws.com';
const FLAGS = ['onboard', '--cluster', 'shop-prod', '--region', 'us-west-2', '--role-arn', ROLE];

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netpol-warden-onboard-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Writes down what it is called with and given; `server` is what its kubeconfig names. */
const installKubectl = async (server: string, applyExit = 0): Promise<void> => {
  const path = join(directory, 'kubectl');
  await writeFile(
    path,
    `#!/bin/sh
echo "$*" >>"${directory}/calls"
case "$*" in
  *'config view'*) printf '%s' '${server}' ;;
  *) /bin/cat >"${directory}/applied"; echo 'clusterrole created'; [ ${applyExit} = 0 ] || echo 'forbidden' >&2; exit ${applyExit} ;;
esac
`,
  );
  await chmod(path, 0o755);
};

const calls = (): Promise<string> => readFile(join(directory, 'calls'), 'utf8').catch(() => '');

interface World {
  readonly authenticationMode?: string;
  /** The access entry that is there already. */
  readonly entry?: Tree;
}

const answer =
  ({ authenticationMode = 'API', entry }: World) =>
  ({ call }: AwsRequest): Tree => {
    switch (call) {
      case 'eks:GET /clusters/shop-prod':
        return { cluster: { name: 'shop-prod', endpoint: ENDPOINT, accessConfig: { authenticationMode } } };
      case 'eks:POST /clusters/shop-prod/access-entries':
        if (entry !== undefined) throw new AwsFault('ResourceInUseException', 409);
        return { accessEntry: { principalArn: ROLE } };
      case `eks:GET /clusters/shop-prod/access-entries/${ROLE}`:
        return { accessEntry: entry ?? {} };
      case `eks:POST /clusters/shop-prod/access-entries/${ROLE}`:
      case 'logs:PutSubscriptionFilter':
        return {};
      default:
        throw new AwsFault('UnknownOperationException', 400);
    }
  };

/** In front of the endpoint, which does not keep the bodies of EKS requests. */
const withBodies = async (
  url: string,
): Promise<{ readonly url: string; readonly bodies: string[]; close: () => void }> => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await text(request);
      if (body !== '') bodies.push(body);
      const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
      );
      const method = request.method ?? 'GET';
      const answered = await fetch(`${url}${request.url ?? ''}`, {
        method,
        headers,
        ...(method === 'GET' ? {} : { body }),
      });
      const type = { 'x-amzn-errortype': answered.headers.get('x-amzn-errortype') ?? '' };
      response.writeHead(answered.status, type).end(await answered.text());
    };
    pass().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}`, bodies, close };
};

const run = async (
  flags: readonly string[],
  world: World = {},
): Promise<Ran & { readonly requests: readonly AwsRequest[]; readonly bodies: readonly string[] }> => {
  const endpoint = await startAwsEndpoint(answer(world));
  const front = await withBodies(endpoint.url);
  const restore = replaceEnvironment(awsEnvironment(front.url));
  try {
    const ran = await terminal(flags, directory, { env: { PATH: directory } });
    return { ...ran, requests: endpoint.requests, bodies: front.bodies };
  } finally {
    restore();
    front.close();
    await endpoint.close();
  }
};

const called = (requests: readonly AwsRequest[]): readonly string[] => requests.map(({ call }) => call);

describe('onboard --dry-run', () => {
  it('prints the exact commands and a Terraform snippet, and calls nobody', async () => {
    await installKubectl(ENDPOINT);
    const { code, stdout, stderr, requests } = await run([
      ...FLAGS,
      '--dry-run',
      '--profile=ops',
      "--context=bob's shop",
      `--verdict-logs=${DESTINATION}`,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(requests).toEqual([]);
    expect(await calls()).toBe('');
    expect(stdout).toBe(`# 1. What the group may read in the cluster
kubectl apply --context 'bob'\\''s shop' --filename infra/rbac.generated.yml

# 2. The auditing role becomes a member of that group, and of nothing else
aws eks create-access-entry --cluster-name shop-prod --principal-arn ${ROLE} --type STANDARD --kubernetes-groups netpol-warden-readers --region us-west-2 --profile ops

# 3. Denied flows, and no other line
aws logs put-subscription-filter --log-group-name /aws/eks/shop-prod/cluster --filter-name netpol-warden-denials --filter-pattern '"PolicyVerdict: DENY"' --destination-arn ${DESTINATION} --region us-west-2 --profile ops

# 2 in Terraform
resource "aws_eks_access_entry" "netpol_warden" {
  cluster_name      = "shop-prod"
  principal_arn     = "${ROLE}"
  type              = "STANDARD"
  kubernetes_groups = ["netpol-warden-readers"]
}
`);
  });

  it.each([
    ['--cluster', 'shop;rm', '--cluster: expected the name of an EKS cluster, found shop;rm'],
    ['--region', 'west', '--region: expected a Region, as eu-west-1, or AWS_REGION, found west'],
    ['--role-arn', 'reader', '--role-arn: expected arn:<partition>:iam::<account>:role/<name>, the role that audits'],
    ['--verdict-logs', 'stream', '--verdict-logs: expected the ARN of a destination of CloudWatch Logs'],
  ])('refuses %s %s', async (flag, value, message) => {
    const { code, stderr, stdout } = await run([...FLAGS, '--dry-run', flag, value]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});

describe('onboard', () => {
  it('applies the generated rules as they are and makes an access entry of type STANDARD with one group', async () => {
    await installKubectl(ENDPOINT);
    const { code, stderr, requests, bodies } = await run(FLAGS);
    expect(stderr).toBe(
      `clusterrole created\naccess entry of ${ROLE}: created\n` +
        'now: netpol-warden audit --cluster shop-prod --region us-west-2, as that role\n',
    );
    expect(code).toBe(0);
    expect(called(requests)).toEqual(['eks:GET /clusters/shop-prod', 'eks:POST /clusters/shop-prod/access-entries']);
    expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({
      principalArn: ROLE,
      type: 'STANDARD',
      kubernetesGroups: ['netpol-warden-readers'],
    });
    const manifest = await readFile(new URL(`../../${MANIFEST}`, import.meta.url), 'utf8');
    expect(await readFile(join(directory, 'applied'), 'utf8')).toBe(manifest);
    expect(manifest).toContain('name: netpol-warden-readers');
  });

  it('leaves an entry that has the group already as it is', async () => {
    await installKubectl(ENDPOINT);
    const entry = { type: 'STANDARD', kubernetesGroups: ['viewers', 'netpol-warden-readers'] };
    const { code, stderr, requests } = await run(FLAGS, { entry });
    expect(code).toBe(0);
    expect(stderr).toContain(`access entry of ${ROLE}: unchanged`);
    expect(called(requests)).not.toContain(`eks:POST /clusters/shop-prod/access-entries/${ROLE}`);
  });

  it('keeps the groups of an entry that it extends', async () => {
    await installKubectl(ENDPOINT);
    const { stderr, requests, bodies } = await run(FLAGS, {
      entry: { type: 'STANDARD', kubernetesGroups: ['viewers'] },
    });
    expect(stderr).toContain(`access entry of ${ROLE}: extended`);
    expect(called(requests).at(-1)).toBe(`eks:POST /clusters/shop-prod/access-entries/${ROLE}`);
    expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({ kubernetesGroups: ['viewers', 'netpol-warden-readers'] });
  });

  it('does not touch an entry of another type, as that of a node', async () => {
    await installKubectl(ENDPOINT);
    const { code, stderr } = await run(FLAGS, { entry: { type: 'EC2_LINUX', kubernetesGroups: ['system:nodes'] } });
    expect(code).toBe(2);
    expect(stderr).toContain('has an access entry of type EC2_LINUX, not STANDARD');
  });

  it('subscribes to lines of denials alone where verdict logs are wanted', async () => {
    await installKubectl(ENDPOINT);
    const { requests } = await run([...FLAGS, '--verdict-logs', DESTINATION]);
    expect(requests.at(-1)).toEqual({
      call: 'logs:PutSubscriptionFilter',
      parameters: {
        logGroupName: '/aws/eks/shop-prod/cluster',
        filterName: 'netpol-warden-denials',
        filterPattern: '"PolicyVerdict: DENY"',
        destinationArn: DESTINATION,
      },
    });
  });

  it('changes nothing where kubectl points to another cluster', async () => {
    await installKubectl('https://other.gr7.us-west-2.eks.amazonaws.com');
    const { code, stderr, requests } = await run(FLAGS);
    expect(code).toBe(2);
    expect(stderr).toContain('kubectl points to https://other.gr7.us-west-2.eks.amazonaws.com, not to shop-prod');
    expect(called(requests)).toEqual(['eks:GET /clusters/shop-prod']);
    expect(await calls()).not.toContain('apply');
  });

  it('changes nothing where the cluster takes no access entries, and says how it would', async () => {
    await installKubectl(ENDPOINT);
    const { code, stderr } = await run(FLAGS, { authenticationMode: 'CONFIG_MAP' });
    expect(code).toBe(2);
    expect(stderr).toContain('--access-config authenticationMode=API_AND_CONFIG_MAP');
    expect(await calls()).toBe('');
  });

  it('makes no access entry where the rules were refused', async () => {
    await installKubectl(ENDPOINT, 1);
    const { code, stderr, requests } = await run(FLAGS);
    expect(code).toBe(2);
    expect(stderr).toContain('exit 1: forbidden');
    expect(called(requests)).toEqual(['eks:GET /clusters/shop-prod']);
  });

  it('says so where there is no kubectl', async () => {
    const { code, stderr } = await run(FLAGS);
    expect(code).toBe(2);
    expect(stderr).toContain('kubectl cannot be started');
  });
});
