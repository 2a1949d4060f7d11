import { renderMessage } from '../../../shared/model/check.ts';
import type { ClusterRef } from '../../../shared/model/cluster.ts';
import type { Unobserved } from '../../../shared/model/fact.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Evidence, Message, MissingFact, Outcome, Resource } from '../../../shared/model/outcome.ts';
import type { AuditReport, ClusterReport } from '../../../shared/model/report.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { CHECKS } from './checks.ts';

/** What breaks HTML, JavaScript, terminals, layouts and Markdown. */
export const PAYLOADS: readonly string[] = [
  '<script>window.__pwned=1;alert(1)</script>',
  '"><img src=x onerror="window.__pwned=1">',
  "'-alert(1)-'",
  '</script><svg/onload=window.__pwned=1>',
  '--><!-- </style></title><h1>free</h1>',
  '{{constructor.constructor("window.__pwned=1")()}} ${window.__pwned=1} `x`',
  'javascript:window.__pwned=1',
  '\u001b[2J\u001b[31mPASS\u001b[0m \u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007',
  '\u009b31mC1\u009c \u0000\u0007\u0008\u007f\r\nPASS 99\n',
  '\u202eSSAP\u202c \u2066x\u2069 \u200b\u200d\ufeff \u{e0041}',
  '| a | b |\n|---|---|\n# heading\n- item\n> quote\n```\nfence\n',
  '[x](https://evil.example) ![i](https://evil.example/i.png) <https://evil.example> https://evil.example www.evil.example',
  '@everyone #1 GH-1 aws/aws-cli#1 !1 a@evil.example :tada: **b** __u__ ~~s~~ $x$ \\',
  '名前名前名前 👩‍👩‍👧‍👦 e\u0301\u0301\u0301\u0301\u0301 \ud800',
  'x'.repeat(10_000),
  '`'.repeat(30),
  '&lt;b&gt;&#60;&amp;',
];

/** The report with `taint` applied to every string that a cluster, an API, a file or a person outside gave. */
export const tainted = (report: AuditReport, taint: (text: string) => string): AuditReport => {
  const cluster = (ref: ClusterRef): ClusterRef => ({
    ...ref,
    name: taint(ref.name),
    region: taint(ref.region),
    account: taint(ref.account),
  });
  // A node's id is made of its name, and joins it with the fact.
  const resource = ({ type, id, name }: Resource): Resource => ({
    type,
    id: type === 'node' ? taint(name) + id.slice(name.length) : taint(id),
    name: taint(name),
  });
  const evidence = (of: Evidence): Evidence => ({
    ...of,
    path: taint(of.path),
    value: taint(of.value),
    source: taint(of.source),
    observedAt: taint(of.observedAt),
  });
  const message = (of: Message, check: string): Message => {
    const values = Object.fromEntries(Object.entries(of.values).map(([name, value]) => [name, taint(String(value))]));
    const { text } = renderMessage(CHECKS.find(({ id }) => id === check)?.messages ?? {}, of.key, values);
    return { key: of.key, values, text: taint(text) };
  };
  const missing = (of: MissingFact): MissingFact => ({ ...of, detail: taint(of.detail), source: taint(of.source) });
  const outcome = (of: Outcome): Outcome => {
    const common = { check: of.check, resource: resource(of.resource), message: message(of.message, of.check) };
    switch (of.status) {
      case 'pass':
      case 'fail': {
        const [first, ...others] = of.evidence;
        return { ...common, status: of.status, evidence: [evidence(first), ...others.map(evidence)] };
      }
      case 'not-applicable':
        return { ...common, status: of.status, evidence: of.evidence.map(evidence) };
      case 'not-evaluated':
        return { ...common, status: of.status, missing: of.missing.map(missing), evidence: of.evidence.map(evidence) };
    }
  };
  const finding = (of: Finding): Finding => ({
    ...of,
    cluster: cluster(of.cluster),
    resource: resource(of.resource),
    message: message(of.message, of.check),
    evidence: of.evidence.map(evidence),
  });
  const gap = (of: Unobserved): Unobserved => ({
    ...of,
    detail: taint(of.detail),
    source: taint(of.source),
    observedAt: taint(of.observedAt),
  });
  const snapshot = ({ cluster: ref, takenAt, facts }: Snapshot): Snapshot => {
    const eks = facts['eks.cluster'];
    const nodes = facts['kubernetes.nodes'];
    const gaps = Object.entries(facts).flatMap(([key, fact]) =>
      fact.state === 'unobserved' ? [[key, gap(fact)] as const] : [],
    );
    return {
      cluster: cluster(ref),
      takenAt,
      facts: {
        ...facts,
        ...Object.fromEntries(gaps),
        'eks.cluster':
          eks.state === 'observed' ? { ...eks, value: { ...eks.value, version: taint(eks.value.version) } } : eks,
        'kubernetes.nodes':
          nodes.state === 'observed'
            ? {
                ...nodes,
                value: nodes.value.map((node) => ({
                  ...node,
                  name: taint(node.name),
                  osImage: taint(node.osImage),
                  kernelVersion: taint(node.kernelVersion),
                })),
              }
            : nodes,
      },
    };
  };
  const one = (of: ClusterReport): ClusterReport => ({
    snapshot: snapshot(of.snapshot),
    evaluation: {
      ...of.evaluation,
      cluster: cluster(of.evaluation.cluster),
      outcomes: of.evaluation.outcomes.map(outcome),
    },
    findings: of.findings.map(finding),
    changes: of.changes.map(({ kind, finding: changed }) => ({ kind, finding: finding(changed) })),
  });
  return {
    ...report,
    clusters: report.clusters.map(one),
    exceptions: report.exceptions.map(({ exception, ...use }) => ({
      ...use,
      exception: {
        ...exception,
        owner: taint(exception.owner),
        reason: taint(exception.reason),
        expires: taint(exception.expires),
      },
    })),
    unreadable: report.unreadable.map(({ path, problem }) => ({ path: taint(path), problem: taint(problem) })),
  };
};
