import type { Announcement } from '../../shared/model/announcement.ts';
import type { ChangeKind, Finding } from '../../shared/model/finding.ts';
import type { Evidence } from '../../shared/model/outcome.ts';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import { findingId } from '../../shared/reconcile/identity.ts';
import { CLUSTER } from '../support/cluster.ts';

const EVIDENCE: Evidence = {
  fact: 'kubernetes.aws-node-pods',
  path: '[nodeName=ip-10-0-1-5].containers[aws-eks-nodeagent].args',
  value: '--enable-network-policy=false',
  grade: 'observed',
  source: 'GET /api/v1/namespaces/kube-system/pods',
  observedAt: '2026-11-20T08:59:58.000Z',
};

const CHECK = CATALOGUE.find(({ id }) => id === 'network-policy/node-agent-enabled') ?? CATALOGUE[0];

/** A failing node, as Security Hub, Slack and the others are told of it. */
export const announcementOf = (
  finding: Partial<Finding> = {},
  rest: Partial<Omit<Announcement, 'change'>> & { readonly kind?: ChangeKind } = {},
): Announcement => {
  if (CHECK === undefined) throw new Error('the catalogue is empty');
  const { kind = 'opened', ...others } = rest;
  const { id, title, severity, rationale, remediation, references } = CHECK;
  const resource = finding.resource ?? {
    type: 'node',
    id: 'ip-10-0-1-5.eu-west-1.compute.internal/7e0c1b2a',
    name: 'ip-10-0-1-5.eu-west-1.compute.internal',
    instanceId: 'i-0123456789abcdef0',
  };
  const whole: Finding = {
    id: findingId(finding.cluster ?? CLUSTER, id, resource),
    cluster: CLUSTER,
    check: id,
    severity,
    resource,
    status: 'open',
    firstSeenAt: '2026-11-19T07:00:00.000Z',
    lastSeenAt: '2026-11-20T09:00:00.000Z',
    openedAt: '2026-11-19T07:00:00.000Z',
    reopenCount: 0,
    takenAt: '2026-11-20T09:00:00.000Z',
    message: { key: 'disabled', values: {}, text: 'The node agent runs with network policy switched off.' },
    evidence: [EVIDENCE],
    ...finding,
  };
  const sequence = others.sequence ?? 1;
  return {
    id: `${whole.id}#${sequence}`,
    sequence,
    at: '2026-11-20T09:00:05.123Z',
    change: { kind, finding: whole },
    check: { id, title, severity, rationale, remediation, references },
    links: { report: 'https://reports.example.test/shop-prod.html' },
    ...others,
  };
};

/** Names as an attacker would choose them; they end up in every destination. */
export const HOSTILE_TEXTS: readonly string[] = [
  '</script><script>alert(1)</script>',
  '<!channel> <@U012AB3CD> <https://x.test|Click>',
  '*bold* _it_ ~st~ `code` &lt;',
  '=HYPERLINK("https://x.test")',
  '\u001b[2J\u202Egnp.exe\u0000',
  '"; DROP TABLE findings; --',
  '{{constructor.constructor("return 1")()}}',
  '\uD800 lone surrogate',
  'a'.repeat(5000),
  '__proto__',
];
