import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EVENT_REASONS, normaliseEvent } from '../../shared/collect/normalise/events.ts';
import { isServiceAccountOfInterest } from '../../shared/collect/normalise/service-accounts.ts';

const SCRIPT = fileURLToPath(new URL('../../cli/gather.sh', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/gather.md', import.meta.url));

/** Everything beside kubectl and aws that gather.sh may use: POSIX utilities. */
const UTILITIES = [
  'cat',
  'date',
  'grep',
  'ls',
  'mkdir',
  'mv',
  'paste',
  'rm',
  'rmdir',
  'sed',
  'sh',
  'sort',
  'tail',
  'tr',
  'wc',
];

const findProgram = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));

const SH = findProgram('sh') ?? '/bin/sh';

/** Every shell of this machine that says it is a POSIX shell. */
const SHELLS = ['sh', 'dash', 'bash', 'ksh', 'yash'].flatMap((name) => findProgram(name) ?? []);

interface Answer {
  /** Part of the arguments, joined by blanks. The first answer that fits is given. */
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
}

const CLUSTER_ARN = 'arn:aws:eks:eu-central-1:111122223333:cluster/payments';
const ENDPOINT = 'https://0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com';

/** As the AWS CLI prints it. */
const printed = (value: unknown): string => `${JSON.stringify(value, undefined, 4)}\n`;

const awsAnswers = (more: readonly Answer[] = []): readonly Answer[] => [
  ...more,
  {
    when: 'eks describe-cluster',
    stdout: printed({
      cluster: {
        name: 'payments',
        arn: CLUSTER_ARN,
        version: '1.31',
        endpoint: ENDPOINT,
        resourcesVpcConfig: { subnetIds: ['subnet-0aaaaaaaa'], clusterSecurityGroupId: 'sg-0aaaaaaaa' },
        platformVersion: 'eks.9',
        tags: { version: '9.9' },
      },
    }),
  },
  { when: 'eks describe-addon ', stdout: printed({ addon: { addonVersion: 'v1.19.0-eksbuild.1' } }) },
  { when: 'eks list-nodegroups', stdout: printed({ nodegroups: ['blue', 'green_2'] }) },
  {
    when: 'eks describe-nodegroup',
    stdout: printed({
      nodegroup: { instanceTypes: ['m6i.large'], launchTemplate: { id: 'lt-0123456789abcdef0', version: '3' } },
    }),
  },
  {
    when: 'ec2 describe-instances',
    stdout: printed({
      Reservations: [
        {
          Instances: [
            {
              ImageId: 'ami-0aaaaaaaaaaaaaaaa',
              InstanceType: 'c7gn.metal',
              NetworkInterfaces: [{ SubnetId: 'subnet-0bbbbbbbb', Groups: [{ GroupId: 'sg-0bbbbbbbb' }] }],
              PrivateDnsName: 'ip-10-0-1-5.eu-central-1.compute.internal',
              Tags: [{ Key: 'aws:ec2launchtemplate:id', Value: 'lt-0fedcba9876543210' }],
            },
            { ImageId: 'ami-0bbbbbbbbbbbbbbbb', Tags: [] },
            { ImageId: 'ami-0aaaaaaaaaaaaaaaa', Tags: [] },
          ],
        },
      ],
    }),
  },
  { when: 'ec2 describe-images', stdout: printed({ Images: [] }) },
  { when: 'ec2 describe-launch-template-versions', stdout: printed({ LaunchTemplateVersions: [] }) },
  { when: 'eks describe-addon-configuration', stdout: printed({ addonName: 'vpc-cni' }) },
  { when: 'eks describe-addon-versions', stdout: printed({ addons: [] }) },
  { when: 'autoscaling describe-auto-scaling-groups', stdout: printed({ AutoScalingGroups: [] }) },
  { when: 'ec2 describe-subnets', stdout: printed({ Subnets: [{ SubnetId: 'subnet-0aaaaaaaa' }] }) },
  { when: 'ec2 get-subnet-cidr-reservations', stdout: printed({ SubnetIpv4CidrReservations: [] }) },
  { when: 'ec2 describe-network-interfaces', stdout: printed({ NetworkInterfaces: [] }) },
  { when: 'ec2 describe-instance-types', stdout: printed({ InstanceTypes: [] }) },
  { when: 'ec2 describe-security-groups', stdout: printed({ SecurityGroups: [] }) },
  {
    when: 'logs describe-log-groups',
    stdout: printed({
      logGroups: [{ logGroupName: '/aws/eks/payments/cluster' }, { logGroupName: '/aws/eks/payments/cluster-old' }],
    }),
  },
  { when: 'logs describe-subscription-filters', stdout: printed({ subscriptionFilters: [] }) },
  { when: 'ssm get-parameters', stdout: printed([{ Name: '/aws/service/x', Value: 'ami-1' }]) },
  { when: 'sts get-caller-identity', stdout: printed({ Arn: 'arn:aws:sts::444455556666:assumed-role/auditor/me' }) },
];

const LIST = '{"apiVersion":"v1","items":[],"kind":"List","metadata":{"resourceVersion":""}}\n';

const kubectlAnswers = (more: readonly Answer[] = []): readonly Answer[] => [
  ...more,
  { when: 'config view', stdout: ENDPOINT },
  { when: 'version', stdout: '{"serverVersion":{"gitVersion":"v1.31.14-eks-3025e55"}}\n' },
  { when: 'get', stdout: LIST },
];

const KUBERNETES_CALLS = [
  'apiservices',
  'applicationnetworkpolicies',
  'aws-node',
  'aws-node-pods',
  'clusternetworkpolicies',
  'clusterpolicyendpoints',
  'clusterrole-aws-node',
  'cninodes',
  'configmap-amazon-vpc-cni',
  'configmap-kube-proxy-config',
  'configmaps',
  'customresourcedefinitions',
  'daemonsets',
  'deployments',
  'endpointslices',
  'eniconfigs',
  'events',
  'namespaces',
  'networkpolicies',
  'nodeclasses',
  'nodes',
  'pods',
  'policyendpoints',
  'securitygrouppolicies',
  'serviceaccounts',
  'services',
  'version',
];

const AWS_FILES = [
  'aws/describe-addon-configuration.json',
  'aws/describe-addon-versions.json',
  'aws/describe-addon-vpc-cni.json',
  'aws/describe-auto-scaling-groups.json',
  'aws/describe-cluster.json',
  'aws/describe-images.json',
  'aws/describe-instance-types.json',
  'aws/describe-instances.json',
  'aws/describe-log-groups.json',
  'aws/describe-network-interfaces.json',
  'aws/describe-security-groups.json',
  'aws/describe-subnets.json',
  'aws/describe-subscription-filters.json',
  'aws/get-parameters.json',
  'aws/list-nodegroups.json',
  'aws/nodegroups/blue.json',
  'aws/nodegroups/green_2.json',
  'aws/subnet-cidr-reservations/subnet-0aaaaaaaa.json',
];

let root: string;
let out: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gather-test-'));
  out = join(root, 'dump');
  await mkdir(join(root, 'bin'));
  for (const name of UTILITIES) {
    const program = findProgram(name);
    if (program === undefined) throw new Error(`this machine has no ${name}`);
    await symlink(program, join(root, 'bin', name));
  }
});

afterEach(() => rm(root, { recursive: true, force: true }));

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Puts an executable into the PATH that notes its arguments, one record a call, and answers as it is told. */
const fake = async (program: 'aws' | 'kubectl', answers: readonly Answer[]): Promise<void> => {
  const arms: string[] = [];
  for (const [index, { when, stdout = '', stderr = '', exit = 0 }] of answers.entries()) {
    const file = (what: string) => join(root, `${program}-${index}.${what}`);
    await writeFile(file('stdout'), stdout);
    await writeFile(file('stderr'), stderr);
    arms.push(`*${quoted(when)}*) cat ${quoted(file('stdout'))}; cat ${quoted(file('stderr'))} >&2; exit ${exit} ;;`);
  }
  const path = join(root, 'bin', program);
  await writeFile(
    path,
    `#!${SH}
{ printf '%s' ${program}; for argument; do printf '\\037%s' "$argument"; done; printf '\\036'; } >>${quoted(join(root, 'calls'))}
# A command that reads must not eat what the script itself is reading.
cat >/dev/null
case "$*" in
${arms.join('\n')}
esac
echo "no answer for $*" >&2
exit 99
`,
  );
  await chmod(path, 0o755);
};

interface Run {
  readonly code: number;
  readonly stderr: string;
}

const run = (shell: string, args: readonly string[]): Promise<Run> =>
  new Promise((resolve, reject) => {
    execFile(
      shell,
      [SCRIPT, ...args],
      { cwd: root, env: { PATH: join(root, 'bin'), HOME: root } },
      (error, _stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, stderr });
        else reject(error ?? new Error('no exit code'));
      },
    );
  });

const NAMED = ['--cluster', 'payments', '--region', 'eu-central-1'];

const gather = (...more: readonly string[]): Promise<Run> => run(SH, [...NAMED, '--out', out, ...more]);

const filesIn = async (directory: string): Promise<readonly string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .toSorted();
};

const text = (file: string): Promise<string> => readFile(join(out, file), 'utf8');
const json = async (file: string): Promise<unknown> => JSON.parse(await text(file));

/** Every call, as its arguments. */
const calls = async (program: 'aws' | 'kubectl'): Promise<readonly (readonly string[])[]> => {
  const record = await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  return record
    .split('\u001E')
    .filter((call) => call !== '')
    .map((call) => call.split('\u001F'))
    .filter(([name]) => name === program)
    .map(([, ...args]) => args);
};

describe('the dump directory', () => {
  it.each(SHELLS)('is complete, under %s', async (shell) => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    const { code, stderr } = await run(shell, [...NAMED, '--out', out]);
    expect(code).toBe(0);
    expect(await filesIn(out)).toEqual(
      [...AWS_FILES, 'gather.json', ...KUBERNETES_CALLS.map((name) => `kubernetes/${name}.json`)].toSorted(),
    );
    expect(stderr).toContain(`payments: 45 read, 0 not there, 0 refused or failed, in ${out}\n`);
  });

  it.each(SHELLS)('is written by a script without syntax errors, says %s -n', (shell) => {
    expect(execFileSync(shell, ['-n', SCRIPT], { encoding: 'utf8' })).toBe('');
  });

  it('names the cluster, its account from the ARN, and a UTC time', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await gather();
    expect(await json('gather.json')).toEqual({
      schemaVersion: 1,
      tool: 'gather.sh',
      cluster: 'payments',
      region: 'eu-central-1',
      account: '111122223333',
      partition: 'aws',
      gatheredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it('keeps what the commands print as it is', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await gather();
    expect(await text('aws/nodegroups/blue.json')).toBe(
      printed({
        nodegroup: { instanceTypes: ['m6i.large'], launchTemplate: { id: 'lt-0123456789abcdef0', version: '3' } },
      }),
    );
    expect(await text('kubernetes/nodes.json')).toBe(LIST);
  });

  it('is readable by its owner only', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await gather();
    const modes = execFileSync('ls', ['-l', join(out, 'kubernetes')], { encoding: 'utf8' });
    expect(modes.split('\n').filter((line) => line.includes('.json') && !line.startsWith('-rw-------'))).toEqual([]);
  });
});

describe('a call that fails', () => {
  it('leaves its standard error and its exit code instead of an answer, and the rest goes on', async () => {
    await fake(
      'aws',
      awsAnswers([
        {
          when: 'eks describe-addon ',
          stderr:
            '\nAn error occurred (ResourceNotFoundException) when calling the DescribeAddon operation: No addon: vpc-cni\n',
          exit: 254,
        },
      ]),
    );
    await fake(
      'kubectl',
      kubectlAnswers([
        {
          when: 'get pods -A',
          stdout: LIST,
          stderr: 'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"',
          exit: 1,
        },
        { when: 'get cninodes', stderr: 'error: the server doesn\'t have a resource type "cninodes"\n', exit: 1 },
      ]),
    );
    const { code, stderr } = await gather();
    expect(code).toBe(0);
    expect(await text('aws/describe-addon-vpc-cni.error')).toBe(
      '\nAn error occurred (ResourceNotFoundException) when calling the DescribeAddon operation: No addon: vpc-cni\nexit: 254\n',
    );
    expect(await text('kubernetes/pods.error')).toBe(
      'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"\nexit: 1\n',
    );
    expect(await text('kubernetes/cninodes.error')).toContain('resource type "cninodes"\nexit: 1\n');
    const files = await filesIn(out);
    expect(files).not.toContain('kubernetes/pods.json');
    expect(files).toContain('kubernetes/policyendpoints.json');
    expect(files.filter((file) => file.endsWith('.part'))).toEqual([]);
    expect(stderr).toContain('payments: 41 read, 2 not there, 1 refused or failed');
  });

  it('that printed nothing has not answered, whatever its exit code', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers([{ when: 'get nodes' }]));
    await gather();
    expect(await text('kubernetes/nodes.error')).toBe('the command succeeded and printed nothing\nexit: 1\n');
  });

  it('because the API server cannot be reached is not repeated for every kind', async () => {
    const told = 'Unable to connect to the server: dial tcp 10.0.3.17:443: i/o timeout\n';
    await fake('aws', awsAnswers());
    await fake('kubectl', [
      { when: 'config view', stdout: ENDPOINT },
      { when: '', stderr: told, exit: 1 },
    ]);
    const { code } = await gather('--with-readyz');
    expect(code).toBe(0);
    expect((await calls('kubectl')).map((args) => args.slice(1, 3))).toEqual([
      ['config', 'view'],
      ['version', '-o'],
    ]);
    expect(await text('kubernetes/version.error')).toBe(`${told}exit: 1\n`);
    expect(await text('kubernetes/pods.error')).toBe(`${told}not asked again after kubernetes/version\nexit: 1\n`);
    expect((await filesIn(out)).filter((file) => file.startsWith('kubernetes/'))).toEqual(
      KUBERNETES_CALLS.map((name) => `kubernetes/${name}.error`).toSorted(),
    );
  });

  it('when every call does, is an exit code of 2 and still a dump that says why', async () => {
    const denied = 'An error occurred (AccessDeniedException) when calling the operation\n';
    await fake('aws', [
      {
        when: 'sts get-caller-identity',
        stdout: printed({ Arn: 'arn:aws-us-gov:sts::444455556666:assumed-role/a/b' }),
      },
      { when: '', stderr: denied, exit: 254 },
    ]);
    const { code, stderr } = await gather('--no-kubernetes');
    expect(code).toBe(2);
    expect(stderr).toContain('payments: 0 read, 0 not there, 6 refused or failed');
    expect(await text('aws/describe-instances.error')).toBe(`${denied}exit: 254\n`);
    expect(await json('gather.json')).toMatchObject({ account: '444455556666', partition: 'aws-us-gov' });
  });
});

describe('no call', () => {
  const gatherAll = async (): Promise<void> => {
    await fake('aws', awsAnswers());
    await fake(
      'kubectl',
      kubectlAnswers([{ when: 'go-template={{range .items}}', stdout: 'aws-node-x7k2p node-1\n' }]),
    );
    await gather('--with-user-data', '--with-readyz', '--context', 'c', '--profile', 'p');
  };

  it('changes anything', async () => {
    await gatherAll();
    const verbs = (await calls('kubectl')).map((args) =>
      args.find((arg) => /^[a-z]+$/.test(arg) && !['c', 'kube-system'].includes(arg)),
    );
    expect(new Set(verbs)).toEqual(new Set(['config', 'get', 'version']));
    const operations = (await calls('aws')).map((args) => args[1] ?? '');
    expect(operations.filter((operation) => !/^(describe|list|get)-/.test(operation))).toEqual([]);
  });

  it("names a Secret, or a ConfigMap other than the VPC CNI's and kube-proxy's", async () => {
    await gatherAll();
    const kubectl = await calls('kubectl');
    expect(kubectl.flat().filter((argument) => /secret/i.test(argument))).toEqual([]);
    const configMaps = kubectl.filter((args) => args.includes('configmaps'));
    expect(configMaps.map((args) => args.slice(args.indexOf('get')))).toEqual([
      ['get', 'configmaps', 'amazon-vpc-cni', '-o', 'json'],
      ['get', 'configmaps', '-A', '-o', expect.stringMatching(/^go-template=/)],
      ['get', 'configmaps', 'kube-proxy-config', '-o', expect.stringMatching(/^go-template=/)],
    ]);
  });

  it('keeps environment, volumes, data or annotations of what it projects', async () => {
    await gatherAll();
    const templates = (await calls('kubectl')).flat().filter((argument) => argument.startsWith('go-template='));
    expect(templates).toHaveLength(13);
    const fields = new Set(templates.flatMap((template) => template.match(/\.[a-zA-Z]+/g) ?? []));
    for (const field of ['.env', '.envFrom', '.volumes', '.secrets', '.binaryData', '.args', '.command', '.caBundle']) {
      expect(fields).not.toContain(field);
    }
    const annotations = templates.flatMap((template) => template.match(/index \. "[^"]*"/g) ?? []);
    expect(annotations).toEqual(['index . "vpc.amazonaws.com/pod-eni"', 'index . "eks.amazonaws.com/role-arn"']);
    const data = templates.filter((template) => template.includes('.data'));
    expect(data.flatMap((template) => template.match(/with \.data\}\}.*?\}\}/g))).toEqual([
      'with .data}}{{with .config}}',
    ]);
  });

  it("prints whole objects of kinds that hold workloads' configuration", async () => {
    await gatherAll();
    const whole = (await calls('kubectl'))
      .filter((args) => args.includes('json') && args.includes('get'))
      .map((args) => args.slice(args.indexOf('get') + 1, args.indexOf('-o')).join(' '));
    expect(whole).toEqual([
      'nodes',
      'daemonsets.apps aws-node',
      'pods -l k8s-app=aws-node',
      'configmaps amazon-vpc-cni',
      'clusterroles.rbac.authorization.k8s.io aws-node',
      'networkpolicies.networking.k8s.io -A',
      'policyendpoints.networking.k8s.aws -A',
      'clusternetworkpolicies.networking.k8s.aws',
      'applicationnetworkpolicies.networking.k8s.aws -A',
      'clusterpolicyendpoints.networking.k8s.aws',
      'cninodes.vpcresources.k8s.aws',
      'eniconfigs.crd.k8s.amazonaws.com',
      'securitygrouppolicies.vpcresources.k8s.aws -A',
      'nodeclasses.eks.amazonaws.com',
    ]);
  });

  it('prints an event or a service account that the audit does not read', async () => {
    await gatherAll();
    const kubectl = await calls('kubectl');
    const pickedOf = (kind: string): readonly string[] => {
      const template = kubectl.find((args) => args.includes(kind))?.find((arg) => arg.startsWith('go-template=')) ?? '';
      const [, words = ''] =
        /\{\{if eq (?:\.metadata\.name|\(printf "%v" \.reason\))((?: "[^"]+")+)\}\}/.exec(template) ?? [];
      return [...words.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word);
    };
    const reasons = pickedOf('events');
    const eventOf = (reason: string): unknown => ({
      metadata: { namespace: 'a', name: 'b', creationTimestamp: '2026-11-01T00:00:00Z' },
      reason,
      involvedObject: { kind: 'Node', name: 'n' },
    });
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => normaliseEvent(eventOf(reason)) === undefined)).toEqual([]);
    expect([...EVENT_REASONS].toSorted()).toEqual(reasons.toSorted());
    const accounts = pickedOf('serviceaccounts');
    expect(accounts).toEqual(['aws-node', 'aws-load-balancer-controller', 'external-dns']);
    expect(accounts.filter((name) => !isServiceAccountOfInterest({ namespace: 'kube-system', name }))).toEqual([]);
  });

  it('fetches user data unless it is told to', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await gather();
    expect((await calls('aws')).flat()).not.toContain('describe-launch-template-versions');
    expect((await filesIn(out)).filter((file) => file.includes('launch-templates'))).toEqual([]);
  });
});

/** The one fenced block of that language in docs/gather.md. */
const fenced = async (language: string): Promise<string> => {
  const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const [block, ...more] = blocks.filter(([, found]) => found === language);
  if (block === undefined || more.length > 0) throw new Error(`${PAGE}: expected one ${language} block`);
  return block[2] ?? '';
};

describe('docs/gather.md', () => {
  const gatherAll = async (): Promise<void> => {
    await fake('aws', awsAnswers());
    await fake(
      'kubectl',
      kubectlAnswers([{ when: 'go-template={{range .items}}', stdout: 'aws-node-x7k2p node-1\n' }]),
    );
    await gather('--with-user-data', '--with-readyz');
  };

  it('asks for the AWS permissions that the calls take, and for no others', async () => {
    await gatherAll();
    const policy = z
      .object({ Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })) })
      .parse(JSON.parse(await fenced('json')));
    // describe-cluster is DescribeCluster.
    const taken = (await calls('aws')).map(
      ([service = '', operation = '']) =>
        `${service}:${operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
    );
    expect(new Set(policy.Statement.flatMap(({ Action }) => Action))).toEqual(new Set(taken));
  });

  it('asks for the Kubernetes permissions that the calls take, and for no others', async () => {
    await gatherAll();
    const Role = z.object({
      rules: z.array(
        z.object({
          apiGroups: z.array(z.string()),
          resources: z.array(z.string()),
          resourceNames: z.array(z.string()).default(['']),
          verbs: z.array(z.string()),
        }),
      ),
    });
    const { rules } = Role.parse(load(await fenced('yaml')));
    const given = rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) => verbs.map((verb) => [verb, group, resource, name].join(' '))),
        ),
      ),
    );
    const taken = (await calls('kubectl'))
      .filter((args) => args.includes('get'))
      .map((args) => args.slice(args.indexOf('get') + 1))
      .map(([kind = '', name = '']) => {
        if (kind === '--raw') return 'get  pods/proxy ';
        const [resource = '', ...group] = kind.split('.');
        const isNamed = !name.startsWith('-');
        return [isNamed ? 'get' : 'list', group.join('.'), resource, isNamed ? name : ''].join(' ');
      });
    expect(new Set(given)).toEqual(new Set(taken));
  });

  it('tells how to make by hand every file that the script makes', async () => {
    await gatherAll();
    const page = await readFile(PAGE, 'utf8');
    const made = (await filesIn(out)).filter(
      (file) =>
        file !== 'gather.json' &&
        !/^(aws\/nodegroups|aws\/launch-templates|aws\/subnet-cidr-reservations|probes)\//.test(file),
    );
    expect(made.filter((file) => !page.includes(`> ${file}\n`))).toEqual([]);
  });
});

describe('the AWS side', () => {
  it('asks in the given region and profile, and for this cluster only', async () => {
    await fake('aws', awsAnswers());
    await gather('--no-kubernetes', '--profile', 'audit');
    const all = await calls('aws');
    // Its names are looked at below.
    const aws = all.filter(([service]) => service !== 'ssm');
    const rest = [
      '--region',
      'eu-central-1',
      '--output',
      'json',
      '--cli-connect-timeout',
      '20',
      '--cli-read-timeout',
      '60',
      '--profile',
      'audit',
    ];
    expect(aws.map((args) => args.slice(-rest.length))).toEqual(aws.map(() => rest));
    expect(aws.map((args) => args.slice(0, -rest.length))).toEqual([
      ['eks', 'describe-cluster', '--name', 'payments'],
      ['eks', 'describe-addon', '--cluster-name', 'payments', '--addon-name', 'vpc-cni'],
      ['eks', 'list-nodegroups', '--cluster-name', 'payments'],
      ['eks', 'describe-nodegroup', '--cluster-name', 'payments', '--nodegroup-name', 'blue'],
      ['eks', 'describe-nodegroup', '--cluster-name', 'payments', '--nodegroup-name', 'green_2'],
      [
        'ec2',
        'describe-instances',
        '--filters',
        'Name=tag-key,Values=kubernetes.io/cluster/payments',
        'Name=instance-state-name,Values=pending,running',
      ],
      [
        'ec2',
        'describe-images',
        '--include-deprecated',
        '--filters',
        'Name=image-id,Values=ami-0aaaaaaaaaaaaaaaa,ami-0bbbbbbbbbbbbbbbb',
      ],
      ['eks', 'describe-addon-configuration', '--addon-name', 'vpc-cni', '--addon-version', 'v1.19.0-eksbuild.1'],
      ['eks', 'describe-addon-versions', '--addon-name', 'vpc-cni', '--kubernetes-version', '1.31'],
      [
        'autoscaling',
        'describe-auto-scaling-groups',
        '--filters',
        'Name=tag-key,Values=kubernetes.io/cluster/payments',
      ],
      ['logs', 'describe-log-groups', '--log-group-name-prefix', '/aws/eks/payments/cluster'],
      ['logs', 'describe-subscription-filters', '--log-group-name', '/aws/eks/payments/cluster'],
      ['ec2', 'describe-subnets', '--filters', 'Name=subnet-id,Values=subnet-0aaaaaaaa,subnet-0bbbbbbbb'],
      ['ec2', 'describe-network-interfaces', '--filters', 'Name=subnet-id,Values=subnet-0aaaaaaaa,subnet-0bbbbbbbb'],
      ['ec2', 'get-subnet-cidr-reservations', '--subnet-id', 'subnet-0aaaaaaaa'],
      ['ec2', 'describe-instance-types', '--filters', 'Name=instance-type,Values=c7gn.metal,m6i.large'],
    ]);
    expect(await calls('kubectl')).toEqual([]);
  });

  it('asks for the newest images of this Kubernetes version ten names at a time, and joins the answers', async () => {
    await fake('aws', awsAnswers());
    await gather('--no-kubernetes');
    const asked = (await calls('aws'))
      .filter(([service]) => service === 'ssm')
      .map((args) => args.slice(args.indexOf('--names') + 1, args.indexOf('--region')));
    expect(asked.map((names) => names.length)).toEqual([10, 10, 2]);
    expect(asked.flat()).toContain(
      '/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/arm64/standard/recommended/image_id',
    );
    expect(asked.flat()).toContain('/aws/service/bottlerocket/aws-k8s-1.31-fips/x86_64/latest/image_version');
    const one = { Name: '/aws/service/x', Value: 'ami-1' };
    expect(await json('aws/get-parameters.json')).toEqual({ Parameters: [one, one, one] });
  });

  it('has no images where none of the parameters is offered, and none at all where one call fails', async () => {
    await fake('aws', awsAnswers([{ when: 'ssm get-parameters', stdout: '[]\n' }]));
    await gather('--no-kubernetes');
    expect(await json('aws/get-parameters.json')).toEqual({ Parameters: [] });
    await rm(out, { recursive: true });
    const denied = 'An error occurred (AccessDeniedException) when calling the GetParameters operation: no\n';
    await fake('aws', awsAnswers([{ when: 'bottlerocket', stderr: denied, exit: 254 }]));
    await gather('--no-kubernetes');
    expect(await text('aws/get-parameters.error')).toBe(`${denied}exit: 254\n`);
    expect((await filesIn(out)).filter((file) => file.includes('get-parameters'))).toEqual([
      'aws/get-parameters.error',
    ]);
  });

  it.each([
    { name: 'were refused', answer: { stderr: 'Error from server (Forbidden): no\n', exit: 1 }, asked: [] },
    {
      name: 'are not a kind of this server',
      answer: { stderr: 'error: the server doesn\'t have a resource type "securitygrouppolicies"\n', exit: 1 },
      asked: ['Name=group-id,Values=sg-0aaaaaaaa,sg-0bbbbbbbb'],
    },
    {
      name: 'name a group',
      answer: { stdout: '{"items":[{"spec":{"securityGroups":{"groupIds":["sg-0cccccccc"]}}}]}\n' },
      asked: ['Name=group-id,Values=sg-0aaaaaaaa,sg-0bbbbbbbb,sg-0cccccccc'],
    },
  ])('asks for security groups where SecurityGroupPolicies $name: $asked', async ({ answer, asked }) => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers([{ when: 'get securitygrouppolicies', ...answer }]));
    await gather();
    const groups = (await calls('aws')).filter((args) => args[1] === 'describe-security-groups');
    expect(groups.map((args) => args[3])).toEqual(asked);
  });

  it('asks for the types of nodes and of node groups, and takes no other name with a dot for one', async () => {
    const node = { metadata: { labels: { 'node.kubernetes.io/instance-type': 'u-6tb1.56xlarge', os: 'al.2023' } } };
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers([{ when: 'get nodes', stdout: printed({ items: [node] }) }]));
    await gather();
    const types = (await calls('aws')).find((args) => args[1] === 'describe-instance-types');
    expect(types?.[3]).toBe('Name=instance-type,Values=c7gn.metal,m6i.large,u-6tb1.56xlarge');
  });

  it('asks for no subscription filter where the cluster has no log group of its own', async () => {
    const old = { logGroups: [{ logGroupName: '/aws/eks/payments/cluster-old' }] };
    await fake('aws', awsAnswers([{ when: 'logs describe-log-groups', stdout: printed(old) }]));
    await gather('--no-kubernetes');
    expect((await calls('aws')).flat()).not.toContain('describe-subscription-filters');
  });

  it('takes no file name from a node group whose name is none', async () => {
    const names = [
      '../../escaped',
      'a/b',
      '.hidden',
      '-rf',
      'two words',
      'quo"te',
      'x,y',
      'line\nbreak',
      '$(id)',
      'good',
    ];
    await fake('aws', awsAnswers([{ when: 'eks list-nodegroups', stdout: printed({ nodegroups: names }) }]));
    const { code, stderr } = await gather('--no-kubernetes');
    expect(code).toBe(0);
    expect((await filesIn(out)).filter((file) => file.startsWith('aws/nodegroups/'))).toEqual([
      'aws/nodegroups/good.json',
    ]);
    expect((await filesIn(root)).filter((file) => file.includes('escaped'))).toEqual([]);
    // The comma cuts one of the nine in two.
    expect(stderr.match(/refused {4}a node group whose name is not one/g)).toHaveLength(10);
    const asked = (await calls('aws')).filter((args) => args[1] === 'describe-nodegroup');
    expect(asked.map((args) => args[5])).toEqual(['good']);
  });

  it('reads a list of node groups however the CLI lays it out', async () => {
    await fake(
      'aws',
      awsAnswers([{ when: 'eks list-nodegroups', stdout: '{"nodegroups":["one","two"],"nextToken":null}' }]),
    );
    const { stderr } = await gather('--no-kubernetes');
    expect((await filesIn(out)).filter((file) => file.startsWith('aws/nodegroups/'))).toEqual([
      'aws/nodegroups/one.json',
      'aws/nodegroups/two.json',
    ]);
    expect(stderr).not.toContain('refused    ');
  });

  it('has no node groups to describe where there are none', async () => {
    await fake('aws', awsAnswers([{ when: 'eks list-nodegroups', stdout: printed({ nodegroups: [] }) }]));
    const { stderr } = await gather('--no-kubernetes');
    expect(stderr).toContain('payments: 15 read, 0 not there, 0 refused or failed');
  });

  it('fetches with --with-user-data the launch templates of nodes and node groups, each once', async () => {
    await fake('aws', awsAnswers());
    await gather('--no-kubernetes', '--with-user-data');
    expect((await filesIn(out)).filter((file) => file.startsWith('aws/launch-templates/'))).toEqual([
      'aws/launch-templates/lt-0123456789abcdef0.json',
      'aws/launch-templates/lt-0fedcba9876543210.json',
    ]);
    const asked = (await calls('aws')).filter((args) => args[1] === 'describe-launch-template-versions');
    expect(asked.map((args) => args[3])).toEqual(['lt-0123456789abcdef0', 'lt-0fedcba9876543210']);
  });

  it('asks for no image where there is no instance', async () => {
    await fake('aws', awsAnswers([{ when: 'ec2 describe-instances', stdout: printed({ Reservations: [] }) }]));
    await gather('--no-kubernetes');
    expect((await calls('aws')).flat()).not.toContain('describe-images');
    expect(await json('aws/describe-images.json')).toEqual({ Images: [] });
  });

  it('leaves out the images rather than a part of them where one call cannot take them all', async () => {
    const Instances = Array.from({ length: 201 }, (_, index) => ({
      ImageId: `ami-${index.toString(16).padStart(17, '0')}`,
    }));
    await fake(
      'aws',
      awsAnswers([{ when: 'ec2 describe-instances', stdout: printed({ Reservations: [{ Instances }] }) }]),
    );
    await gather('--no-kubernetes');
    expect(await text('aws/describe-images.error')).toBe('more than 200 images; one call takes no more\nexit: 1\n');
  });

  it('takes the account from the caller where the cluster may not be described', async () => {
    await fake('aws', awsAnswers([{ when: 'eks describe-cluster', stderr: 'AccessDeniedException\n', exit: 254 }]));
    const { code } = await gather('--no-kubernetes');
    expect(code).toBe(0);
    expect(await json('gather.json')).toMatchObject({ account: '444455556666', partition: 'aws' });
  });

  it.each([
    [
      'there is no such cluster',
      [
        {
          when: 'eks describe-cluster',
          stderr: 'An error occurred (ResourceNotFoundException): No cluster found\n',
          exit: 254,
        },
        ...awsAnswers(),
      ],
    ],
    ['the credentials have expired', [{ when: '', stderr: 'An error occurred (ExpiredTokenException)\n', exit: 254 }]],
  ] as const)('writes no dump where %s', async (_, answers) => {
    await fake('aws', answers);
    const { code, stderr } = await gather('--no-kubernetes');
    expect(code).toBe(2);
    expect(stderr).toContain(answers[0].stderr.trim());
    expect(stderr).toContain('gather.sh: AWS does not tell whose payments is');
    expect(existsSync(out)).toBe(false);
  });
});

describe('the Kubernetes side', () => {
  it("is left out where the current context is another cluster's", async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers([{ when: 'config view', stdout: 'https://other.example.com' }]));
    const { code, stderr } = await gather();
    expect(code).toBe(0);
    expect(stderr).toContain(
      `warning: kubectl would ask https://other.example.com, the cluster's endpoint is ${ENDPOINT}`,
    );
    expect((await filesIn(out)).filter((file) => file.startsWith('kubernetes/'))).toEqual([]);
    expect(await calls('kubectl')).toHaveLength(1);
  });

  it('goes through a context that was named, with the same warning', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers([{ when: 'config view', stdout: 'https://bastion.example.com:8443' }]));
    const { stderr } = await gather('--context', 'through bastion');
    expect(stderr).toContain('warning: kubectl would ask https://bastion.example.com:8443');
    const kubectl = await calls('kubectl');
    expect(kubectl).toHaveLength(KUBERNETES_CALLS.length + 1);
    expect(kubectl.map((args) => args.slice(1, 3))).toEqual(kubectl.map(() => ['--context', 'through bastion']));
  });

  it('waits for no call longer than a minute', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await gather();
    const kubectl = await calls('kubectl');
    expect(kubectl.filter((args) => args[0] !== '--request-timeout=60s')).toEqual([]);
  });

  it('turns the strings that Go quotes its own way into JSON', async () => {
    // What Go's %q prints for: quote, backslash + a, BEL, VT, DEL, é, a zero-width space, a tag character, newline.
    const image = String.raw`"\"\\a\a\v\x7f\\x41é\u200b\U000e0001\n"`;
    const list = `{"items":[{"kind":"DaemonSet","spec":{"template":{"spec":{"containers":[{"name":"c","image":${image}}]}}}}]}\n`;
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers([{ when: 'get daemonsets.apps -A', stdout: list }]));
    await gather();
    expect(await json('kubernetes/daemonsets.json')).toEqual({
      items: [
        {
          kind: 'DaemonSet',
          spec: {
            template: {
              spec: { containers: [{ name: 'c', image: '"\\a\u0007\u000B\u007F\\x41é\u200B\uFFFD\n' }] },
            },
          },
        },
      ],
    });
  });

  it("keeps kubectl's exit code of a projected list, too", async () => {
    await fake('aws', awsAnswers());
    await fake(
      'kubectl',
      kubectlAnswers([{ when: 'get configmaps -A', stdout: LIST, stderr: 'Forbidden\n', exit: 3 }]),
    );
    await gather();
    expect(await text('kubernetes/configmaps.error')).toBe('Forbidden\nexit: 3\n');
  });
});

describe('--with-readyz', () => {
  const PODS =
    'aws-node-aaaaa ip-10-0-1-5.eu-central-1.compute.internal\naws-node-bbbbb ip-10-0-2-6.eu-central-1.compute.internal\n';

  it("keeps each agent's answer, also one that says that a check failed", async () => {
    await fake('aws', awsAnswers());
    await fake(
      'kubectl',
      kubectlAnswers([
        { when: 'go-template={{range .items}}', stdout: PODS },
        {
          when: 'aws-node-aaaaa:8163/proxy/readyz?verbose',
          stdout: '[+]bpf-fs ok\n[+]bpf-maps ok\nhealthz check passed\n',
        },
        {
          when: 'aws-node-bbbbb:8163/proxy/readyz?verbose',
          stderr: String.raw`Error from server (InternalError): an error on the server ("[-]bpf-fs failed: reason withheld\n[+]bpf-maps ok\nhealthz check failed") has prevented the request from succeeding${'\n'}`,
          exit: 1,
        },
      ]),
    );
    await gather('--with-readyz');
    expect(await text('probes/readyz/ip-10-0-1-5.eu-central-1.compute.internal.txt')).toBe(
      '[+]bpf-fs ok\n[+]bpf-maps ok\nhealthz check passed\n',
    );
    expect(await text('probes/readyz/ip-10-0-2-6.eu-central-1.compute.internal.txt')).toBe(
      '[-]bpf-fs failed: reason withheld\n[+]bpf-maps ok\nhealthz check failed\n',
    );
  });

  it('keeps the error of an agent that did not answer', async () => {
    await fake('aws', awsAnswers());
    await fake(
      'kubectl',
      kubectlAnswers([
        { when: 'go-template={{range .items}}', stdout: PODS },
        {
          when: 'readyz',
          stderr: 'Error from server (Forbidden): pods "x" is forbidden: cannot get resource "pods/proxy"\n',
          exit: 1,
        },
      ]),
    );
    await gather('--with-readyz');
    expect((await filesIn(out)).filter((file) => file.startsWith('probes/'))).toEqual([
      'probes/readyz/ip-10-0-1-5.eu-central-1.compute.internal.error',
      'probes/readyz/ip-10-0-2-6.eu-central-1.compute.internal.error',
    ]);
  });

  it('asks no node whose name is none', async () => {
    await fake('aws', awsAnswers());
    await fake(
      'kubectl',
      kubectlAnswers([{ when: 'go-template={{range .items}}', stdout: 'aws-node-a ../../x\naws-node-b\na b c\n' }]),
    );
    await gather('--with-readyz');
    expect((await calls('kubectl')).flat().filter((argument) => argument.includes('/proxy/'))).toEqual([]);
    expect((await filesIn(out)).filter((file) => file.startsWith('probes/'))).toEqual([]);
  });

  it('is not done unless it was asked for', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await gather();
    expect((await calls('kubectl')).flat()).not.toContain('--raw');
  });
});

describe('wrong arguments', () => {
  it.each([
    ['no cluster', ['--region', 'eu-central-1'], '--cluster and --region are needed'],
    ['no region', ['--cluster', 'payments'], '--cluster and --region are needed'],
    ['a cluster name with a slash', ['--cluster', '../x', '--region', 'eu-central-1'], '--cluster: expected'],
    ['a cluster name with a line break', ['--cluster', 'a\nb', '--region', 'eu-central-1'], '--cluster: expected'],
    [
      'a cluster name that looks like an option',
      ['--cluster', '-x', '--region', 'eu-central-1'],
      '--cluster: expected',
    ],
    ['a region with a wildcard', ['--cluster', 'payments', '--region', 'eu-*'], '--region: expected'],
    ['an option without its value', ['--cluster'], '--cluster needs a value'],
    ['an empty value', ['--cluster', 'payments', '--region', ''], '--region needs a value'],
    ['an unknown option', [...NAMED, '--all'], 'unknown argument --all'],
    ['a word too many', [...NAMED, 'payments'], 'unknown argument payments'],
  ])('%s ends with 2 before anything is asked', async (_, args, message) => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    const { code, stderr } = await run(SH, args);
    expect(code).toBe(2);
    expect(stderr).toContain(`gather.sh: ${message}`);
    expect(await calls('aws')).toEqual([]);
    expect(await filesIn(root)).not.toContain('payments/gather.json');
  });

  it('a directory that holds something is left as it is', async () => {
    await fake('aws', awsAnswers());
    await fake('kubectl', kubectlAnswers());
    await mkdir(out);
    await writeFile(join(out, 'yesterday.part'), 'evidence');
    const { code, stderr } = await gather();
    expect(code).toBe(2);
    expect(stderr).toContain('is not empty');
    expect(await filesIn(out)).toEqual(['yesterday.part']);
  });

  it('a missing kubectl is said, with the way round it', async () => {
    await fake('aws', awsAnswers());
    const { code, stderr } = await gather();
    expect(code).toBe(2);
    expect(stderr).toContain('--no-kubernetes gathers the AWS side alone');
  });

  it('--help tells the options and ends with 0', async () => {
    const { code } = await run(SH, ['--help']);
    expect(code).toBe(0);
  });
});

it('writes ./<cluster> where no directory is named, also with a name that begins like an option', async () => {
  await fake('aws', awsAnswers());
  await run(SH, [...NAMED, '--no-kubernetes']);
  await run(SH, [...NAMED, '--no-kubernetes', '--out', '-dump']);
  const files = await filesIn(root);
  expect(files).toContain('payments/gather.json');
  expect(files).toContain('-dump/gather.json');
});
