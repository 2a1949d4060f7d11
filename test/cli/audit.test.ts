import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { terminal } from '../support/terminal.ts';

const FLEET = resolve(import.meta.dirname, '../fleet');
const ENFORCED = 'network-policy/enforced';

interface JsonOutcome {
  readonly check: string;
  readonly status: string;
  readonly resource: { readonly name: string };
  readonly message: { readonly key: string; readonly text: string };
}
interface JsonReport {
  readonly clusters: readonly {
    readonly cluster: { readonly name: string };
    readonly outcomes: readonly JsonOutcome[];
    readonly findings: readonly { readonly id: string; readonly check: string; readonly status: string }[];
    readonly changes: readonly { readonly kind: string; readonly finding: string }[];
  }[];
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const auditJson = async (
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly report: JsonReport }> => {
  const { code, stdout, stderr } = await terminal(['audit', '--output', 'json', ...argv], folder);
  expect(stderr).toBe('');
  // renderJson's own tests pin this shape.
  return { code, report: JSON.parse(stdout) as JsonReport };
};

const statuses = (report: JsonReport, cluster: string, check: string): readonly string[] =>
  report.clusters
    .filter((each) => each.cluster.name === cluster)
    .flatMap(({ outcomes }) => outcomes)
    .filter((outcome) => outcome.check === check)
    .map(({ status }) => status);

describe('audit of the embedded fleet', () => {
  it('answers for six clusters, one outcome per node', async () => {
    const { code, report } = await auditJson('--snapshot', FLEET);

    expect(code).toBe(1);
    expect(report.clusters.map(({ cluster }) => cluster.name)).toEqual([
      'analytics-auto',
      'legacy-batch',
      'payments-eu',
      'platform-al2023',
      'research-private',
      'shop-prod',
    ]);
    expect(new Set(statuses(report, 'platform-al2023', ENFORCED))).toEqual(new Set(['pass']));
    expect(new Set(statuses(report, 'analytics-auto', ENFORCED))).toEqual(new Set(['pass']));
    expect(new Set(statuses(report, 'shop-prod', ENFORCED))).toEqual(new Set(['fail']));
    expect(new Set(statuses(report, 'legacy-batch', ENFORCED))).toEqual(new Set(['fail']));
    expect(statuses(report, 'payments-eu', ENFORCED)).toContain('fail');
    expect(statuses(report, 'research-private', ENFORCED)).toEqual(['not-evaluated']);
  });

  it('says of the upgraded cluster that the add-on was never told to enforce', async () => {
    const { report } = await auditJson('--snapshot', join(FLEET, 'shop-prod'));

    const texts = report.clusters.flatMap(({ outcomes }) => outcomes).filter(({ check }) => check === ENFORCED);
    expect(new Set(texts.map(({ message }) => message.text))).toEqual(
      new Set([
        'NetworkPolicy is not enforced by the VPC CNI. First broken link: add-on configuration. The vpc-cni add-on v1.14.0-eksbuild.3 has no enableNetworkPolicy in its configuration: the default is off',
      ]),
    );
  });

  it('shows UNKNOWN, not PASS and not FAIL, for everything behind a Kubernetes API that could not be reached', async () => {
    const { code, report } = await auditJson('--snapshot', join(FLEET, 'research-private'));

    const outcomes = report.clusters.flatMap((each) => each.outcomes);
    expect(outcomes.filter(({ status }) => status === 'fail')).toEqual([]);
    // What AWS itself said was read, and stays an answer.
    expect(outcomes.filter(({ status }) => status === 'pass').map(({ check }) => check)).toEqual([
      'fleet/account-access',
      'network-policy/kubernetes-version',
    ]);
    expect(outcomes.filter(({ status }) => status === 'not-evaluated')).toHaveLength(13);
    expect(code).toBe(0);
  });

  it.each([
    { failOn: 'low', code: 0 },
    { failOn: 'never', code: 0 },
    { failOn: 'unknown', code: 1 },
    { failOn: 'critical,unknown', code: 1 },
  ])('exits $code for the unreachable cluster with --fail-on $failOn', async ({ failOn, code }) => {
    const ran = await terminal(['audit', '-s', join(FLEET, 'research-private'), '--fail-on', failOn], folder);
    expect(ran.code).toBe(code);
    expect(ran.stdout).toContain('UNKNOWN');
  });

  it.each([
    { failOn: 'high', code: 1 },
    { failOn: 'critical', code: 0 },
    { failOn: 'never', code: 0 },
  ])('exits $code for the upgraded cluster with --fail-on $failOn', async ({ failOn, code }) => {
    expect((await terminal(['audit', '-s', join(FLEET, 'shop-prod'), '--fail-on', failOn], folder)).code).toBe(code);
  });
});

describe('the second audit', () => {
  const fixConfigMap = async (dump: string): Promise<void> => {
    const path = join(dump, 'kubernetes/configmap-amazon-vpc-cni.json');
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"enable-network-policy-controller": "false"');
    await writeFile(
      path,
      text.replace('"enable-network-policy-controller": "false"', '"enable-network-policy-controller": "true"'),
    );
  };

  it('changes nothing where nothing changed', async () => {
    await auditJson('--snapshot', FLEET);
    const { report } = await auditJson('--snapshot', FLEET);
    expect(report.clusters.flatMap(({ changes }) => changes).filter(({ kind }) => kind !== 'refreshed')).toEqual([]);
  });

  it('resolves exactly the finding whose cause was fixed in the dump', async () => {
    const dump = join(folder, 'shop-prod');
    await cp(join(FLEET, 'shop-prod'), dump, { recursive: true });
    const only = ['--check', 'network-policy/controller-enabled', '--check', 'network-policy/kernel-version'];
    const first = await auditJson('--snapshot', dump, ...only);
    await fixConfigMap(dump);

    const second = await auditJson('--snapshot', dump, ...only);

    const shown = (report: JsonReport) =>
      report.clusters.flatMap(({ changes, findings }) =>
        changes.map(({ kind, finding }) => `${kind} ${findings.find(({ id }) => id === finding)?.check ?? '?'}`),
      );
    expect(shown(first.report)).toEqual(['opened network-policy/controller-enabled']);
    expect(shown(second.report)).toEqual(['resolved network-policy/controller-enabled']);
    expect(second.code).toBe(0);
  });

  it('reopens it when the cause comes back', async () => {
    const dump = join(folder, 'shop-prod');
    const only = ['--check', 'network-policy/controller-enabled'];
    await cp(join(FLEET, 'shop-prod'), dump, { recursive: true });
    await auditJson('--snapshot', dump, ...only);
    await fixConfigMap(dump);
    await auditJson('--snapshot', dump, ...only);
    await rm(dump, { recursive: true });
    await cp(join(FLEET, 'shop-prod'), dump, { recursive: true });

    const third = await auditJson('--snapshot', dump, ...only);

    expect(third.report.clusters.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(['reopened']);
  });

  it('does not resolve a finding because the API could not be read this time', async () => {
    const dump = join(folder, 'shop-prod');
    const only = ['--check', 'network-policy/controller-enabled'];
    await cp(join(FLEET, 'shop-prod'), dump, { recursive: true });
    await auditJson('--snapshot', dump, ...only);
    await rm(join(dump, 'kubernetes/configmap-amazon-vpc-cni.json'));
    await writeFile(
      join(dump, 'kubernetes/configmap-amazon-vpc-cni.error'),
      'Error from server (Forbidden): configmaps "amazon-vpc-cni" is forbidden\nexit: 1\n',
    );

    const gather = await readFile(join(dump, 'gather.json'), 'utf8');
    await writeFile(join(dump, 'gather.json'), gather.replace(/T\d\d:\d\d:\d\dZ/, 'T11:00:00Z'));

    const second = await auditJson('--snapshot', dump, ...only);

    expect(statuses(second.report, 'shop-prod', 'network-policy/controller-enabled')).toEqual(['not-evaluated']);
    expect(second.report.clusters.flatMap(({ findings }) => findings.map(({ status }) => status))).toEqual(['open']);
    expect(second.report.clusters.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(['unverified']);
  });
});

describe('import', () => {
  it('makes a snapshot that audits like the dump it came from', async () => {
    const imported = await terminal(['import', join(FLEET, 'payments-eu'), '--out', 'payments.json.gz'], folder);
    expect(imported.code).toBe(0);
    expect(imported.stderr).toContain('written to payments.json.gz');
    expect(gunzipSync(await readFile(join(folder, 'payments.json.gz'))).toString('utf8')).toContain('"schemaVersion"');

    const fromDump = await auditJson('--no-state', '--snapshot', join(FLEET, 'payments-eu'));
    const fromFile = await auditJson('--no-state', '--snapshot', 'payments.json.gz');
    expect(fromFile.report.clusters.map(({ outcomes }) => outcomes)).toEqual(
      fromDump.report.clusters.map(({ outcomes }) => outcomes),
    );
  });

  it('names the facts that were not read', async () => {
    const { stderr } = await terminal(['import', join(FLEET, 'research-private'), '--out', '-'], folder);
    expect(stderr).toMatch(/not read {2}kubernetes\.nodes: unreachable: .*i\/o timeout/);
  });
});

describe('bad input', () => {
  const bad = async (
    name: string,
    content: string | Uint8Array,
  ): Promise<{ readonly code: number; readonly stderr: string; readonly stdout: string }> => {
    await writeFile(join(folder, name), content);
    return terminal(['audit', '--snapshot', name, '--output', 'html=report.html'], folder);
  };

  it.each([
    { what: 'an empty file', content: '', tells: 'snapshot.json' },
    { what: 'truncated JSON', content: '{"schemaVersion":1,"clu', tells: 'JSON' },
    { what: 'another version', content: '{"schemaVersion":7}', tells: '7' },
    { what: 'HTML', content: '<html><script>alert(1)</script></html>', tells: 'JSON' },
    { what: 'a JSON array', content: '[1,2,3]', tells: 'object' },
  ])('$what gives one clear line and exit 2', async ({ content, tells }) => {
    const { code, stderr } = await bad('snapshot.json', content);
    expect(code).toBe(2);
    const lines = stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('netpol-warden:'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('snapshot.json');
    expect(lines[0]).toContain(tells);
  });

  it('gives one bounded line for a 10 MB string', async () => {
    const { code, stderr } = await bad('snapshot.json', JSON.stringify({ schemaVersion: 'x'.repeat(10_000_000) }));
    expect(code).toBe(2);
    expect(stderr.length).toBeLessThan(2_000);
  });

  it('gives one clear line for a gzip that stops half way', async () => {
    const { code, stderr } = await bad(
      'snapshot.json.gz',
      gzipSync(Buffer.from('{"schemaVersion":1}'.repeat(1000))).subarray(0, 30),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('snapshot.json.gz');
  });

  it('still audits the others, and says so in the report', async () => {
    await writeFile(join(folder, 'broken.json'), '{');
    const { code, stdout } = await terminal(['audit', '-s', 'broken.json', join(FLEET, 'platform-al2023')], folder);
    expect(code).toBe(2);
    expect(stdout).toContain('platform-al2023');
    expect(stdout).toContain('broken.json');
  });

  it.each([
    { argv: ['audit'], tells: '--snapshot' },
    { argv: ['audit', '-s', 'nowhere'], tells: 'nowhere: no such file' },
    { argv: ['audit', '-s', '.', '-o', 'pdf'], tells: 'expected one of table, json, html, markdown' },
    { argv: ['audit', '-s', '.', '-o', 'json', '-o', 'table'], tells: 'only one --output' },
    { argv: ['audit', '-s', '.', '--fail-on', 'huge'], tells: 'expected never, unknown' },
    { argv: ['audit', '-s', '.', '--check', 'network-policy/enforcd'], tells: 'network-policy/enforced' },
    { argv: ['explain', 'enforcd'], tells: 'network-policy/enforced' },
    { argv: ['import', 'nowhere'], tells: 'nowhere' },
    { argv: ['frobnicate'], tells: 'unknown command' },
  ])('exits 2 and tells: $argv', async ({ argv, tells }) => {
    const { code, stderr } = await terminal(argv, folder);
    expect(code).toBe(2);
    expect(stderr).toContain(tells);
  });

  it('leaves no temporary file behind and writes nothing half', async () => {
    await terminal(['audit', '-s', FLEET, '-o', 'html=report.html', '-o', 'json=deep/er/report.json'], folder);
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
    expect(JSON.parse(await readFile(join(folder, 'deep/er/report.json'), 'utf8'))).toHaveProperty('clusters');
  });
});

describe('output', () => {
  it('never exceeds 80 columns in a pipe, and has no colour there', async () => {
    const { stdout } = await terminal(['audit', '-s', FLEET], folder);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b[');
  });

  it('colours for a terminal and not where NO_COLOR is set', async () => {
    const onTerminal = await terminal(['audit', '-s', FLEET], folder, { stdoutColumns: 100 });
    const declined = await terminal(['audit', '-s', FLEET], folder, { stdoutColumns: 100, env: { NO_COLOR: '1' } });
    expect(onTerminal.stdout).toContain('\u001b[');
    expect(declined.stdout).not.toContain('\u001b[');
  });

  it('reports exceptions: used, unused and expired', async () => {
    await writeFile(
      join(folder, 'exceptions.yaml'),
      [
        'exceptions:',
        '  - check: network-policy/controller-enabled',
        '    cluster: shop-prod',
        '    owner: platform@example.com',
        '    reason: switched on in December',
        '    expires: 2026-12-31',
        '  - check: network-policy/kernel-version',
        '    owner: platform@example.com',
        '    reason: long gone',
        '    expires: 2026-01-31',
      ].join('\n'),
    );
    const argv = [
      'audit',
      '-s',
      join(FLEET, 'shop-prod'),
      '-c',
      'network-policy/controller-enabled',
      '--exceptions',
      'exceptions.yaml',
    ];
    const { code, stdout } = await terminal(argv, folder);
    expect(code).toBe(0);
    expect(stdout.toLowerCase()).toContain('expired');
  });

  it('lists and explains the catalogue', async () => {
    const list = await terminal(['checks', '--output', 'json'], folder);
    expect(JSON.parse(list.stdout)).toHaveLength(26);
    const explained = await terminal(['explain', 'enforced'], folder);
    expect(explained.stdout).toContain('network-policy/enforced');
    expect(explained.stdout).toContain('https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html');
  });
});
