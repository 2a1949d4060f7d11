import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../shared/report/table/render-table.ts';
import { visibleWidth } from '../../../shared/report/text.ts';
import { clusterAt, hostileReport, sampleReport } from '../../support/report-sample.ts';
import { PAYLOADS } from '../sample/hostile.ts';

const PAYMENTS = { cluster: clusterAt('payments', 'us-west-2'), version: '1.33', cni: 'v1.20.4-eksbuild.1' } as const;
const PARTNER = {
  cluster: clusterAt('partner', 'us-gov-west-1', '222233334444', 'aws-us-gov'),
  version: '1.33',
  cni: 'x',
  nodes: [],
  access: 'denied',
} as const;
const plain = (report: ReturnType<typeof sampleReport>, columns = 80): string =>
  renderTable(report, { columns, colour: false });

const AT_80_COLUMNS = [
  'Netpol Warden 0.1.0, 2026-11-20 09:05 UTC',
  'Is NetworkPolicy enforced on every node?',
  'NO. Not enforced on 2 nodes in 1 of 2 clusters. 1 of 2 clusters could not be',
  'judged in full. Enforced on 1 node.',
  '',
  'payments  us-west-2  111122223333  K8s 1.33  CNI v1.20.4-eksbuild.1 ────────────',
  '  NOT ENFORCED  Enforced on 1 of 3 nodes, not enforced on 2',
  '  FAIL     critical  network-policy/enforced                           2/3 nodes',
  '    ip-10-0-1-11.us-west-2.compute.internal',
  '    The agent on this node runs with --enable-network-policy=false: it enforces',
  '    nothing',
  '    ip-10-0-1-12.us-west-2.compute.internal',
  '    bpffs is not mounted at /sys/fs/bpf: the agent cannot pin its programs',
  '    fix: aws eks update-addon --cluster-name payments --addon-name vpc-cni \\',
  '           --resolve-conflicts PRESERVE \\',
  `           --configuration-values '{"enableNetworkPolicy":"true"}'`,
  '  FAIL     high      network-policy/bpffs-mounted                      1/3 nodes',
  '    ip-10-0-1-12.us-west-2.compute.internal',
  '    bpffs is not mounted at /sys/fs/bpf: the agent cannot pin its programs',
  '    fix: sudo mount -t bpf bpffs /sys/fs/bpf',
  '         # persist it with a systemd unit sys-fs-bpf.mount in user data',
  '  FAIL     high      network-policy/node-agent-enabled                 1/3 nodes',
  '    ip-10-0-1-11.us-west-2.compute.internal',
  '    The agent on this node runs with --enable-network-policy=false: it enforces',
  '    nothing',
  '    fix: as for network-policy/enforced',
  '  PASS 9',
  '',
  'partner  us-gov-west-1  222233334444  K8s unknown  CNI unknown ─────────────────',
  '  UNKNOWN  The nodes could not be listed',
  '  UNKNOWN  critical  network-policy/enforced                       not evaluated',
  '  UNKNOWN  critical  network-policy/controller-enabled             not evaluated',
  '  UNKNOWN  high      network-policy/bpffs-mounted                  not evaluated',
  '  UNKNOWN  high      network-policy/node-agent-enabled             not evaluated',
  '  UNKNOWN  medium    security-groups-for-pods/enforcing-mode       not evaluated',
  '  UNKNOWN  low       network-policy/event-logs                     not evaluated',
  '  UNKNOWN  info      fleet/addon-version                           not evaluated',
  '    could not read kubernetes.nodes: access denied (GET /api/v1/nodes: nodes is',
  '    forbidden: User "netpol-warden" cannot list resource "nodes" at the cluster',
  '    scope)',
  '',
  'CHANGED IN THIS RUN: 2 opened ──────────────────────────────────────────────────',
  '  opened    payments  network-policy/enforced  2 nodes',
  '',
  'FLEET ──────────────────────────────────────────────────────────────────────────',
  'CLUSTER                 NODES ENFORCED  NOT  UNKNOWN  CRIT  HIGH  MED  LOW  INFO',
  'payments                             1    2        0     2     2    0    0     0',
  'partner                              -    -      all     0     0    0    0     0',
  '2 clusters                           1    2       0+     2     2    0    0     0',
];

describe('the table at 80 columns', () => {
  it('reads like this', () => {
    const report = sampleReport(
      [
        {
          ...PAYMENTS,
          nodes: ['enforced', 'agent-off', 'no-bpffs'],
          changes: { 'network-policy/enforced': 'opened' },
        },
        PARTNER,
      ],
      [],
    );
    expect(plain(report).split('\n')).toEqual([...AT_80_COLUMNS, '']);
  });

  it('names three nodes and counts the rest', () => {
    const report = sampleReport([{ ...PAYMENTS, nodes: Array.from({ length: 12 }, () => 'agent-off' as const) }], []);
    expect(plain(report)).toContain(`
  FAIL     critical  network-policy/enforced                         12/12 nodes
    ip-10-0-1-10.us-wes…, ip-10-0-1-11.us-wes…, ip-10-0-1-12.us-wes… and 9 more
`);
  });

  it('says until when and by whom a failure is excepted', () => {
    expect(plain(sampleReport())).toContain(
      '    excepted until 2027-01-31 by team-checkout: Node size grows in December\n',
    );
  });

  it('lists exceptions that somebody must look at', () => {
    expect(plain(sampleReport())).toContain(`
  1 active
  expired   2026-10-31  network-policy/event-logs payments-prod
    team-payments: Waiting for the cost review
  unused    2026-12-24  network-policy/bpffs-mounted ip-10-0-3-3
    platform: Node is being drained
`);
  });

  it('shows the inputs that could not be read before anything else', () => {
    const unreadable = [{ path: 'dumps/lab', problem: 'gather.json: expected schemaVersion 1, found 7' }];
    const lines = plain({ ...sampleReport([], []), unreadable }).split('\n');
    expect(lines.slice(2, 8)).toEqual([
      'UNKNOWN. 1 input could not be read.',
      '',
      `COULD NOT BE READ ${'─'.repeat(62)}`,
      '  dumps/lab',
      '    gather.json: expected schemaVersion 1, found 7',
      '',
    ]);
  });

  it('tells clusters of one name apart', () => {
    const report = sampleReport([
      { ...PAYMENTS, cluster: clusterAt('prod', 'us-west-2', '111122223333'), nodes: ['enforced'] },
      { ...PAYMENTS, cluster: clusterAt('prod', 'eu-west-1', '444455556666'), nodes: ['enforced'] },
    ]);
    const lines = plain(report, 110).split('\n');
    expect(lines.filter((line) => line.startsWith('prod us-west-2 111122223333 '))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('prod eu-west-1 444455556666 '))).toHaveLength(1);
  });

  it('tells checks together that could not look at the same nodes', () => {
    expect(plain(sampleReport([{ ...PAYMENTS, nodes: ['unread'] }], []))).toContain(`
  UNKNOWN  critical  network-policy/enforced                            1/1 node
  UNKNOWN  high      network-policy/bpffs-mounted                       1/1 node
    ip-10-0-1-10.us-west-2.compute.internal
    could not read nodes.probes: no answer (GET
`);
  });

  it('says once why nothing answered, and of each fact that it did not', () => {
    const report = sampleReport([PARTNER], []);
    const clusters = report.clusters.map((cluster) => ({
      ...cluster,
      evaluation: {
        ...cluster.evaluation,
        outcomes: cluster.evaluation.outcomes.slice(0, 2).map((outcome, index) => ({
          check: outcome.check,
          resource: outcome.resource,
          message: outcome.message,
          status: 'not-evaluated' as const,
          evidence: [],
          missing: (['kubernetes.nodes', 'kubernetes.crds'] as const).slice(0, 2 - index).map((fact) => ({
            fact,
            reason: 'unreachable' as const,
            detail: `timeout for ${fact}`,
            source: `GET ${fact}`,
          })),
        })),
      },
    }));
    expect(plain({ ...report, clusters })).toContain(`
  UNKNOWN  critical  network-policy/enforced                       not evaluated
    could not read kubernetes.nodes, kubernetes.crds: no answer (GET
    kubernetes.nodes: timeout for kubernetes.nodes)
  UNKNOWN  critical  network-policy/controller-enabled             not evaluated
    could not read kubernetes.nodes: no answer
`);
  });

  it('stops a long list of changes', () => {
    const many = Array.from({ length: 15 }, (_, index) => ({
      ...PAYMENTS,
      cluster: clusterAt(`lab-${index}`, 'us-west-2'),
      nodes: ['agent-off'] as const,
      changes: { 'network-policy/enforced': 'opened' } as const,
    }));
    expect(plain(sampleReport(many, []))).toContain('\n  and 3 more (see the JSON or HTML report)\n');
  });

  it('never says PASS of a cluster that could not be read', () => {
    expect(plain(sampleReport([PARTNER], []))).not.toContain('PASS');
  });

  it('says that nothing is known where nothing was evaluated', () => {
    const report = sampleReport([{ ...PAYMENTS, nodes: ['enforced'] }], []);
    const [cluster] = report.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    const empty = { ...report, clusters: [{ ...cluster, evaluation: { ...cluster.evaluation, outcomes: [] } }] };
    expect(plain(empty)).toContain('  UNKNOWN  no check was evaluated\n');
    expect(plain(empty)).not.toContain('PASS');
  });
});

describe('the fleet matrix', () => {
  it('has a column for each severity where there is room, and letters where there is not', () => {
    expect(plain(sampleReport(), 60).split('\n').slice(-10)).toEqual(
      [
        `FLEET ${'─'.repeat(54)}`,
        'CLUSTER            NODES ENFORCED  NOT  UNKNOWN     FINDINGS',
        'payments-prod                   2    3        0     3C 3H 1L',
        'search-staging                  0    3        0           4C',
        'partner-gov                     -    -      all           1C',
        'batch-dev                       3    0        2            0',
        'checkout-prod                   6    0        0            0',
        'ledger-prod                     4    0        0            0',
        '6 clusters                     15    6       2+     8C 3H 1L',
        'C critical, H high, M medium, L low, I info',
      ]
        .concat('')
        .slice(-10),
    );
  });

  it('adds region and account on a wide terminal', () => {
    expect(plain(sampleReport(), 200)).toMatch(/\npayments-prod +us-west-2 +111122223333 +2 +3 +0 +3 +3 +0 +1 +0\n/);
  });
});

const CODES = ['1', '2', '33', '32', '1;31', '0'];
const withoutColours = (text: string): string =>
  CODES.reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ''), text);

describe('any report', () => {
  const payloads = fc.oneof(fc.constantFrom(...PAYLOADS), fc.string({ unit: 'binary', maxLength: 40 }));

  it('fits its columns and lets no control sequence through but its own colours', () => {
    fc.assert(
      fc.property(payloads, fc.integer({ min: 48, max: 220 }), fc.boolean(), (payload, columns, colour) => {
        const text = renderTable(hostileReport(payload), { columns, colour });
        for (const line of text.split('\n')) expect(visibleWidth(line)).toBeLessThanOrEqual(columns);
        expect(withoutColours(text).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(text.includes('\u001b')).toBe(colour);
      }),
    );
  });

  it('says the same with and without colour', () => {
    const coloured = renderTable(sampleReport(), { columns: 80, colour: true });
    expect(coloured).toContain('\u001b[1;31mFAIL');
    expect(withoutColours(coloured)).toBe(plain(sampleReport()));
  });

  it.each([Number.NaN, 0, -3, 47.9, Number.POSITIVE_INFINITY])('takes %d columns without complaint', (columns) => {
    const widest = Math.max(...plain(sampleReport(), columns).split('\n').map(visibleWidth));
    expect(widest).toBe(columns === Number.POSITIVE_INFINITY ? 140 : 48);
  });
});
