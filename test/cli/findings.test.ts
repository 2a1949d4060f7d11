import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terminal } from '../support/terminal.ts';

const SHOP = resolve(import.meta.dirname, '../fleet/shop-prod');
const ENFORCED = 'network-policy/enforced';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
  await terminal(['audit', '--snapshot', SHOP, '--output', 'json=report.json'], folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const findings = (...argv: readonly string[]) => terminal(['findings', ...argv], folder);

interface Listed {
  readonly id: string;
  readonly check: string;
  readonly severity: string;
  readonly status: string;
  readonly resource: { readonly name: string };
  readonly exception?: { readonly owner: string };
}

const listed = async (...argv: readonly string[]): Promise<readonly Listed[]> => {
  const { code, stdout } = await findings('list', '--output', 'json', ...argv);
  expect(code).toBe(0);
  // The shape that the command prints, looked at below.
  return (JSON.parse(stdout) as { readonly findings: readonly Listed[] }).findings;
};

const first = async (): Promise<Listed> => {
  const [one] = await listed('--check', ENFORCED);
  if (one === undefined) throw new Error('nothing is stored');
  return one;
};

describe('findings list', () => {
  it('has what the audit stored, the worst first', async () => {
    const all = await listed();
    const severities = all.map(({ severity }) => severity);

    expect(all.length).toBeGreaterThan(5);
    expect(severities).toEqual([...severities].toSorted((a, b) => (a === b ? 0 : a === 'high' ? -1 : 1)));
    // JSON of the report, whose tests pin its shape.
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as {
      readonly clusters: readonly { readonly findings: readonly { readonly id: string }[] }[];
    };
    expect(new Set(all.map(({ id }) => id))).toEqual(
      new Set(report.clusters.flatMap((cluster) => cluster.findings.map(({ id }) => id))),
    );
  });

  it('narrows by check, severity, cluster and time', async () => {
    const all = await listed();
    expect(new Set((await listed('--check', 'network-policy/*')).map(({ check }) => check.split('/')[0]))).toEqual(
      new Set(['network-policy']),
    );
    expect((await listed('--severity', 'high')).length).toBe(all.filter(({ severity }) => severity === 'high').length);
    expect(await listed('--cluster', 'shop-prod')).toHaveLength(all.length);
    expect(await listed('--since', '2026-11-20T23:00:00Z')).toEqual([]);
    expect(await listed('--since', '7d')).toHaveLength(all.length);
    expect(await listed('--status', 'ended')).toEqual([]);
  });

  it('prints a table and CSV', async () => {
    const { id, resource } = await first();
    const table = await findings('list', '--check', ENFORCED);
    const csv = await findings('list', '--check', ENFORCED, '--output', 'csv');

    expect(table.stdout).toMatch(/^ID +SEVERITY +STATE +SINCE +CLUSTER +CHECK +RESOURCE\n/);
    expect(table.stdout).toContain(resource.name);
    expect(csv.stdout.split('\r\n')[1]).toMatch(new RegExp(`^${id},arn:aws:eks:`));
  });

  it('does not call a misspelt check or cluster clean', async () => {
    const check = await findings('list', '--check', 'network-policy/enforcd');
    const cluster = await findings('list', '--cluster', 'shop-prd');

    expect([check.code, check.stderr]).toEqual([2, expect.stringContaining('nearest: network-policy/enforced')]);
    expect(cluster.stderr).toContain('it never failed, or was never audited');
  });

  it.each([
    [['--state', 'nowhere'], 'nowhere: no such directory'],
    [['--since', 'yesterday'], '--since yesterday: expected RFC 3339'],
    [['--table', 'findings'], '--table: expected --region or AWS_REGION'],
    [['--table', 'a b', '--region', 'eu-west-1'], '--table a b: expected'],
    [['--table', 'findings', '--state', '.'], 'expected --state or --table, not both'],
  ])('refuses %j in one line', async (argv, problem) => {
    const { code, stderr } = await findings('list', ...argv);

    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('findings show', () => {
  it('tells life, evidence and fix of the finding that the beginning of its id stands for', async () => {
    const { id, resource } = await first();
    const { code, stdout } = await findings('show', id.slice(id.lastIndexOf('/') + 1).slice(0, 12));

    expect(code).toBe(0);
    for (const text of [
      id,
      resource.name,
      'first seen 2026-11-20',
      'Evidence (',
      'Fix',
      'https://docs.aws.amazon.com/',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it('asks which one where the beginning stands for several, and refuses one that is unknown', async () => {
    const { id } = await first();

    expect((await findings('show', id.slice(0, 10))).stderr).toMatch(/is the beginning of \d+ ids: /);
    expect((await findings('show', 'zzz')).stderr).toContain('no finding zzz');
  });
});

describe('findings except', () => {
  it('holds for one finding until its day: list, audit and export say so, and it stays open', async () => {
    const { id } = await first();
    const added = await findings(
      'except',
      'add',
      id,
      '--owner',
      'team-shop',
      '--reason',
      'moving',
      '--expires',
      '2026-12-24',
    );
    expect(added.stderr).toContain('excepted until 2026-12-24: network-policy/enforced');

    expect(await listed('--status', 'excepted')).toMatchObject([
      { id, status: 'open', exception: { owner: 'team-shop' } },
    ]);
    const audit = await terminal(['audit', '--snapshot', SHOP, '--output', 'json'], folder);
    expect(JSON.parse(audit.stdout)).toMatchObject({ exceptions: [{ state: 'active', findings: [id] }] });
    expect((await findings('except', 'list')).stdout).toMatch(
      /^ACTIVE +until 2026-12-24 {2}network-policy\/enforced on /,
    );
    expect((await findings('export', '--format', 'asff', '--status', 'excepted')).stdout).toContain(
      'team-shop, until 2026-12-24: moving',
    );

    const removed = await findings('except', 'remove', id);
    expect(removed.code).toBe(0);
    expect(await listed('--status', 'excepted')).toEqual([]);
    expect((await findings('except', 'remove', id)).stderr).toContain('no exception for exactly');
  });

  it.each([
    [['--check', ENFORCED], 'or --all where every cluster is meant'],
    [['--check', 'network-policy/enforcd', '--all'], 'no check matches'],
    [['--check', ENFORCED, '--cluster', 'shop-prod', '--expires', '2026-11-19'], 'expected a day or time to come'],
    [['--check', ENFORCED, '--cluster', 'shop-prod', '--expires', 'soon'], 'expected a day (YYYY-MM-DD'],
    [[], 'expected the id of a finding, or --check'],
  ])('refuses %j, and writes nothing', async (argv, problem) => {
    const { code, stderr } = await findings(
      'except',
      'add',
      '--owner',
      'o',
      '--reason',
      'r',
      ...(argv.includes('--expires') ? [] : ['--expires', '2026-12-24']),
      ...argv,
    );

    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
    expect((await findings('except', 'list')).stdout).toMatch(/^0 exceptions/);
  });
});

describe('findings export', () => {
  it('writes ASFF as an array and OCSF one event a line, an entry for each finding', async () => {
    const all = await listed('--status', 'all');
    const asff: unknown = JSON.parse(
      (await findings('export', '--format', 'asff', '--status', 'all', '--company', 'Example')).stdout,
    );
    const ocsf = (await findings('export', '--format', 'ocsf', '--status', 'all')).stdout.trimEnd().split('\n');

    expect(asff).toEqual(all.map(({ id }) => expect.objectContaining({ Id: id, CompanyName: 'Example' })));
    expect(ocsf.map((line) => JSON.parse(line))).toEqual(
      all.map(({ id }) => expect.objectContaining({ finding_info: expect.objectContaining({ uid: id }) })),
    );
  });

  it('writes to a file', async () => {
    const { stdout, stderr } = await findings('export', '--format', 'csv', '--out', 'findings.csv');

    expect(stdout).toBe('');
    expect(stderr).toMatch(/^\d+ findings written to findings\.csv\n$/);
    expect(await readFile(join(folder, 'findings.csv'), 'utf8')).toMatch(/^id,cluster_arn,/);
  });
});

describe('audit', () => {
  it.each([
    ['csv', /^cluster_arn,/],
    ['junit', /^<\?xml version="1\.0"/],
    ['sarif', /^\{\n {2}"\$schema"/],
    ['asff', /^\[\n {2}\{/],
    ['ocsf', /^\{"activity_id"/],
  ])('prints %s', async (format, beginning) => {
    const { stdout } = await terminal(['audit', '--snapshot', SHOP, '--no-state', '--output', format], folder);

    expect(stdout).toMatch(beginning);
  });
});
