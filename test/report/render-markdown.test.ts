import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../shared/report/render-markdown.ts';
import { benignReport, clusterAt, hostileReport, sampleReport } from '../support/report-sample.ts';
import { PAYLOADS } from './sample/hostile.ts';

const GOLDEN = [
  '# Is NetworkPolicy enforced on every node?',
  '',
  '**NO.** Not enforced on 2 nodes in 1 of 2 clusters. 1 of 2 clusters could not be judged in full. Enforced on 1 node.',
  '',
  'Netpol Warden 0.1.0, 2026-11-20 09:05 UTC',
  '',
  '| Cluster | Region | Account | Answer | Nodes | Open findings |',
  '| --- | --- | --- | --- | --- | --- |',
  '| `payments` | us-west-2 | 111122223333 | **NOT ENFORCED** | Enforced on 1 of 3 nodes, not enforced on 2 | 2 critical, 2 high |',
  '| `partner` | us-gov-west-1 | 222233334444 | **UNKNOWN** | The nodes could not be listed | none |',
  '',
  '## `payments`',
  '',
  '**NOT ENFORCED.** Enforced on 1 of 3 nodes, not enforced on 2. us-west-2, account 111122223333, Kubernetes 1.33, VPC CNI v1.20.4-eksbuild.1.',
  '',
  '### FAIL, critical: NetworkPolicy is enforced on every node',
  '',
  '`network-policy/enforced`, 2 of 3 nodes',
  '',
  '- `ip-10-0-1-11.us-west-2.compute.internal`: The agent on this node runs with --enable-network-policy=false: it enforces nothing',
  '- `ip-10-0-1-12.us-west-2.compute.internal`: bpffs is not mounted at /sys/fs/bpf: the agent cannot pin its programs',
  '',
  'Fix: Mend the first broken link that the message names, let every aws-node pod roll, and audit again. ([documentation](https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html))',
  '',
  '```sh',
  `aws eks update-addon --cluster-name payments --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values '{"enableNetworkPolicy":"true"}'`,
  '```',
  '',
  '### FAIL, high: Every node has bpffs mounted at /sys/fs/bpf',
  '',
  '`network-policy/bpffs-mounted`, 1 of 3 nodes',
  '',
  '- `ip-10-0-1-12.us-west-2.compute.internal`: bpffs is not mounted at /sys/fs/bpf: the agent cannot pin its programs',
  '',
  'Fix: Move the node to AL2023 or Bottlerocket, or mount bpffs in user data and replace the node. ([documentation](https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html))',
  '',
  '```sh',
  'sudo mount -t bpf bpffs /sys/fs/bpf   # persist it with a systemd unit sys-fs-bpf.mount in user data',
  '```',
  '',
  '### FAIL, high: The network policy agent on every node runs with --enable-network-policy=true',
  '',
  '`network-policy/node-agent-enabled`, 1 of 3 nodes',
  '',
  '- `ip-10-0-1-11.us-west-2.compute.internal`: The agent on this node runs with --enable-network-policy=false: it enforces nothing',
  '',
  'Fix: Turn NetworkPolicy on in the vpc-cni add-on and let every aws-node pod roll. ([documentation](https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html))',
  '',
  '```sh',
  `aws eks update-addon --cluster-name payments --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values '{"enableNetworkPolicy":"true"}'`,
  '```',
  '',
  'PASS 9',
  '',
  '',
  '## `partner`',
  '',
  '**UNKNOWN.** The nodes could not be listed. us-gov-west-1, account 222233334444, Kubernetes unknown, VPC CNI unknown.',
  '',
  '### UNKNOWN',
  '',
  '| What could not be read | Checks that could not be evaluated |',
  '| --- | --- |',
  '| `kubernetes.nodes`: access denied (`GET /api/v1/nodes`: nodes is forbidden: User "netpol-warden" cannot list resource "nodes" at the cluster scope) | `network-policy/enforced` (critical), `network-policy/controller-enabled` (critical), `network-policy/bpffs-mounted` (high), `network-policy/node-agent-enabled` (high), `security-groups-for-pods/enforcing-mode` (medium), `network-policy/event-logs` (low), `fleet/addon-version` (informational) |',
  '',
  '',
  '## Changed in this run',
  '',
  '- opened: `payments`, `network-policy/enforced` on `ip-10-0-1-11.us-west-2.compute.internal`, `ip-10-0-1-12.us-west-2.compute.internal`',
];

describe('the Markdown report', () => {
  it('reads like this', () => {
    const report = sampleReport(
      [
        {
          cluster: clusterAt('payments', 'us-west-2'),
          version: '1.33',
          cni: 'v1.20.4-eksbuild.1',
          nodes: ['enforced', 'agent-off', 'no-bpffs'],
          changes: { 'network-policy/enforced': 'opened' },
        },
        {
          cluster: clusterAt('partner', 'us-gov-west-1', '222233334444', 'aws-us-gov'),
          version: '1.33',
          cni: 'x',
          nodes: [],
          access: 'denied',
        },
      ],
      [],
    );
    expect(renderMarkdown(report).split('\n')).toEqual([...GOLDEN, '']);
  });

  it('tells exceptions and their state', () => {
    expect(renderMarkdown(sampleReport())).toContain(
      '| EXPIRED | `network-policy/event-logs` | `payments-prod` | team-payments | Waiting for the cost review | 2026-10-31 | 0 |',
    );
    expect(renderMarkdown(sampleReport())).toContain(
      '- Excepted until 2027-01-31 by team-checkout, `kube-system/aws-node`: Node size grows in December',
    );
  });

  it('names ten resources of a check and counts the rest', () => {
    const nodes = Array.from({ length: 14 }, () => 'agent-off' as const);
    const text = renderMarkdown(
      sampleReport([{ cluster: clusterAt('lab', 'us-west-2'), version: '1.33', cni: 'v1', nodes }], []),
    );
    expect(text).toContain('`ip-10-0-1-19.us-west-2.compute.internal` and 4 more: The agent');
  });
});

/** What stands at one place and means nothing to a Markdown reader: its length, or 0 where something is left to look at. */
const inertLength = (rest: string): number => {
  const escape = /^\\[!-/:-@[-`{-~]/.exec(rest);
  if (escape !== null) return escape[0].length;
  const apart = /^(?:[@#!%:]|GH|www)&#8203;|^&(?:amp|lt|gt|#\d+);/i.exec(rest);
  if (apart !== null) return apart[0].length;
  const run = /^`+/.exec(rest)?.[0] ?? '';
  if (run === '') return 0;
  // A code span ends at the next run of the same length; nothing inside it is looked at, not even a backslash.
  const end = [...rest.slice(run.length).matchAll(/`+/g)].find(([other]) => other === run);
  return end === undefined ? 0 : run.length + end.index + run.length;
};

/** What a Markdown reader would act on, line by line: markup characters that are neither escaped nor in code. */
const active = (markdown: string): readonly string[] =>
  markdown
    .replaceAll(/^```sh\n[^]*?\n```$/gm, 'a fenced block')
    .split('\n')
    .map((line) => {
      let left = '';
      for (let at = 0; at < line.length;) {
        const length = inertLength(line.slice(at));
        const character = line[at] ?? '';
        if (length === 0 && /[\\`*_[\]<>|~&#@!$^{}]/.test(character)) left += character;
        at += Math.max(1, length);
      }
      return left;
    });

/** Cells are cut before code is seen: every pipe counts that has no backslash before it. */
const cells = (markdown: string): readonly number[] =>
  markdown.split('\n').map((line) => (line.startsWith('|') ? line.replaceAll(/\\./g, '').split('|').length : 0));

describe('hostile text', () => {
  const benign = renderMarkdown(benignReport());

  it('adds no markup, no line, no cell and no link', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(...PAYLOADS),
          fc.string({ unit: 'binary', maxLength: 30 }),
          fc.string({ maxLength: 30 }),
        ),
        (payload) => {
          const text = renderMarkdown(hostileReport(payload));
          expect(active(text).toSorted()).toEqual(active(benign).toSorted());
          expect(cells(text).map(String).toSorted()).toEqual(cells(benign).map(String).toSorted());
          expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        },
      ),
    );
  });

  it('is not a reference that a forge would link after rendering', () => {
    const text = renderMarkdown(
      hostileReport('@everyone #1 GH-1 aws/x#1 a@b.example https://evil.example www.evil.example :tada: $x$ '),
    );
    const outsideCode = text
      .replaceAll(/`[^`]*`/g, '')
      .replaceAll('](https://docs.aws', '')
      .replaceAll(/&#\d+;/g, ' ');
    expect(outsideCode).not.toMatch(/@\w|#\w|GH-\d|https:\/\/|www\.|:tada|\$/);
  });
});
