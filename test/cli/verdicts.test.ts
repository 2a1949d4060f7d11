import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/run.ts';
import type { Io } from '../../cli/io.ts';

const NODE_LINE = JSON.stringify({
  level: 'info',
  ts: '2026-11-20T08:59:00.000Z',
  logger: 'ebpf-client',
  msg: 'Flow Info:  ',
  'Src IP': '10.0.1.7',
  'Src Port': 41_022,
  'Dest IP': '10.0.40.9',
  'Dest Port': 8080,
  Proto: 'TCP',
  Verdict: 'DENY',
});
const CLOUDWATCH_LINE =
  'Node: ip-10-0-1-5.eu-west-1.compute.internal;SIP: 10.0.1.7;SPORT: 41022;DIP: 10.0.40.9;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY';
const LOG = [
  NODE_LINE,
  CLOUDWATCH_LINE,
  CLOUDWATCH_LINE.replace('DENY', 'ACCEPT'),
  'conntrack cleanup finished',
  CLOUDWATCH_LINE.replace('10.0.1.7', '10.0.999.7'),
  '',
].join('\n');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdicts-'));
  await writeFile(join(folder, 'agent.log'), LOG);
});
afterEach(async () => rm(folder, { recursive: true }));

const verdicts = async (argv: readonly string[], rest: Partial<Io> = {}) => {
  let stdout = '';
  let stderr = '';
  const code = await run(['verdicts', ...argv], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stderrIsTerminal: false,
    env: {},
    cwd: folder,
    now: () => new Date('2026-11-20T09:00:00Z'),
    ...rest,
  });
  return { code, stdout, stderr };
};

const json = async (argv: readonly string[], rest: Partial<Io> = {}) => {
  const { stdout, code } = await verdicts([...argv, '--output', 'json'], rest);
  const document: unknown = JSON.parse(stdout);
  return { code, document };
};

describe('netpol-warden verdicts', () => {
  it('counts every line as a flow, no verdict, or unreadable', async () => {
    expect(await json(['agent.log'])).toMatchObject({
      code: 0,
      document: { counts: { lines: 5, flows: 3, denied: 2, accepted: 1, notVerdict: 1, unreadable: 1 } },
    });
  });

  it('reads several files, compressed ones too, as one log', async () => {
    await writeFile(join(folder, 'agent.log.gz'), gzipSync(LOG));

    expect(await json(['agent.log', 'agent.log.gz'])).toMatchObject({
      document: {
        counts: { lines: 10, denied: 4 },
        pairs: [{ count: 4, destinationPort: 8080, class: 'unattributed' }],
      },
    });
  });

  it('reads standard input', async () => {
    async function* chunks() {
      yield await Promise.resolve(Buffer.from(LOG.slice(0, 300)));
      yield Buffer.from(LOG.slice(300));
    }

    expect(await json(['-'], { stdin: chunks() })).toMatchObject({ document: { counts: { lines: 5, flows: 3 } } });
  });

  it('gives lines without a time that of their file, or one that is named', async () => {
    const { stdout } = await verdicts([
      'agent.log',
      '--output',
      'csv',
      '--flows',
      '--assume-time',
      '2026-11-19T00:00:00Z',
    ]);

    expect(stdout.split('\r\n').slice(0, 3)).toEqual([
      'time,node,source,source_port,destination,destination_port,protocol,verdict,direction,tier,event_id',
      '2026-11-20T08:59:00.000Z,,10.0.1.7,41022,10.0.40.9,8080,TCP,DENY,,,',
      '2026-11-19T00:00:00.000Z,ip-10-0-1-5.eu-west-1.compute.internal,10.0.1.7,41022,10.0.40.9,8080,TCP,DENY,,,',
    ]);
  });

  it('gives each decoded flow in the same JSON document', async () => {
    const { document } = await json(['agent.log', '--flows']);

    expect(document).toMatchObject({
      counts: { flows: 3 },
      flows: [{ verdict: 'DENY', source: '10.0.1.7' }, { verdict: 'DENY' }, { verdict: 'ACCEPT' }],
    });
  });

  it('says without a snapshot that nothing can be explained', async () => {
    const { stdout } = await verdicts(['agent.log']);

    expect(stdout).toContain('no snapshot given');
    expect(stdout).toContain('10.0.1.7 → 10.0.40.9');
    expect(stdout).toContain('not attributed');
  });

  it('writes a page to a file', async () => {
    const { code, stdout, stderr } = await verdicts(['agent.log', '--output', 'html=denied.html']);

    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('html report written to denied.html');
    expect(await readFile(join(folder, 'denied.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('reports what could not be read in full, and everything else', async () => {
    await writeFile(join(folder, 'cut.gz'), gzipSync(LOG.repeat(50)).subarray(0, 200));
    const { code, stdout, stderr } = await verdicts(['cut.gz', 'agent.log', '--output', 'json']);
    const document: unknown = JSON.parse(stdout);

    expect(code).toBe(2);
    expect(stderr).toContain('cut.gz');
    expect(document).toMatchObject({ inputs: [{ name: 'cut.gz', problems: [expect.any(String)] }, { problems: [] }] });
  });

  it('reads all files below a directory, each by its name', async () => {
    await mkdir(join(folder, 'node-a', 'rotated'), { recursive: true });
    await mkdir(join(folder, 'empty'));
    for (const name of ['node-a/b.log', 'node-a/rotated/a.log']) {
      await writeFile(join(folder, name), `${CLOUDWATCH_LINE}\n`);
    }
    const { code, document } = await json(['node-a']);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      counts: { lines: 2, denied: 2 },
      inputs: [{ name: 'node-a/b.log' }, { name: 'node-a/rotated/a.log' }],
    });
    expect((await verdicts(['empty'])).stderr).toContain('empty: expected files of verdict logs below it');
  });

  it.each([
    [['nowhere.log'], 'nowhere.log: '],
    [[], 'expected files'],
    [['agent.log', '--log-group', 'g'], 'not both'],
    [['agent.log', '--output', 'xml'], 'expected one of table, json, csv, html'],
    [['agent.log', '--top', '0'], '--top 0'],
    [['agent.log', '--since', 'yesterday'], '--since yesterday'],
    [['agent.log', '--assume-time', 'noon'], '--assume-time noon'],
    [['agent.log', '--flows'], '--flows: expected --output json or --output csv'],
    [['.', '--follow'], '--follow: expected one file, and . is a directory'],
    [['-'], 'standard input'],
    [['--log-group', 'g'], 'expected --region'],
    [['agent.log', '--aws-ip-ranges', 'agent.log'], 'agent.log: '],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await verdicts(argv);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('follows a file that grows until it is interrupted, and tells of each denial once', async () => {
    const interrupted = new AbortController();
    let stdout = '';
    const following = verdicts(['agent.log', '--follow'], {
      interrupted: interrupted.signal,
      stdout: (text) => {
        stdout += text;
        // The third denial is the one that was written later.
        if (stdout.split('\n').length === 3)
          void appendFile(join(folder, 'agent.log'), `${CLOUDWATCH_LINE.replace('8080', '9090')}\n`);
        if (stdout.includes(':9090')) interrupted.abort();
      },
    });

    expect((await following).code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '2026-11-20T08:59:00.000Z DENY 10.0.1.7:41022 → 10.0.40.9:8080 TCP',
      '2026-11-20T09:00:00.000Z DENY 10.0.1.7:41022 → 10.0.40.9:8080 TCP on ip-10-0-1-5.eu-west-1.compute.internal',
      '2026-11-20T09:00:00.000Z DENY 10.0.1.7:41022 → 10.0.40.9:9090 TCP on ip-10-0-1-5.eu-west-1.compute.internal',
    ]);
  });
});
