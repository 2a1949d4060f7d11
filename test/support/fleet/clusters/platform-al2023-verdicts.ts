import type { DumpFile } from '../dump.ts';
import type { Machine } from '../machines.ts';
import type { ClusterPlan } from '../plan.ts';
import { clusterIpOf } from '../services.ts';
import { filterLogEvents, gzipped, nodeLog, type OtherLine } from '../verdict-forms.ts';
import {
  IMDS,
  machineNamed,
  podFinder,
  POD_IDENTITY_AGENT,
  rotatedLog,
  scanOf,
  verdictsOf,
} from '../verdict-stories.ts';
import type { PlacedPod } from '../workloads.ts';

/** What scanners try first. */
const SCANNED = [
  21, 22, 23, 25, 53, 80, 81, 88, 110, 111, 135, 139, 143, 389, 443, 445, 465, 514, 587, 636, 873, 993, 995, 1080, 1433,
  1521, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3000, 3128, 3306, 3389, 4040, 4369, 5000, 5432, 5601, 5672, 5900,
  5984, 6000, 6379, 6443, 7001, 8000, 8008, 8081, 8086, 8443, 8500, 8888, 9000, 9042, 9092, 9200, 9300, 10250, 11211,
  27017,
];

/** What an agent of 1.4.1 says at level info beside verdicts. */
const others: readonly OtherLine[] = [
  {
    at: Date.parse('2026-11-20T07:00:00.100Z'),
    text: '{"level":"info","ts":"%time","caller":"controllers/policyendpoints_controller.go:151","msg":"Received a new reconcile request req: billing/default-deny-2x9fj"}',
  },
  {
    at: Date.parse('2026-11-20T08:00:00.310Z'),
    text: '{"level":"info","ts":"%time","caller":"conntrack/conntrack_client.go:92","msg":"Conntrack cleanup Delete - Key: {10.50.67.9 8080 10.50.12.4 40112 6}"}',
  },
];

/** A healthy cluster's log: denials that are meant, two that a rule is missing for, and one pod that looks around. */
export const platformVerdicts = (
  cluster: ClusterPlan,
  machines: readonly Machine[],
  pods: readonly PlacedPod[],
): readonly DumpFile[] => {
  const pod = podFinder(pods);
  const [graviton1, intel1, intel2] = ['graviton-1', 'intel-1', 'intel-2'].map((key) => machineNamed(machines, key));
  if (graviton1 === undefined || intel1 === undefined || intel2 === undefined) throw new Error(cluster.name);

  const scanner = { source: pod('portal/portal', 'graviton-1'), on: intel2, direction: 'ingress' } as const;
  const target = pod('billing/invoicing', 'intel-2');
  const scan = scanOf({ ...scanner, destination: target, from: '2026-11-20T08:41:05Z' }, SCANNED);
  const ping = verdictsOf({
    ...scanner,
    destination: target,
    port: 0,
    sourcePort: 0,
    protocol: 'ICMP',
    from: '2026-11-20T08:41:01Z',
    everySeconds: 1,
    times: 3,
  });

  const invoicing = (on: Machine) => ({ source: pod('billing/invoicing', on.key), on, direction: 'egress' }) as const;
  const toLogin = (on: Machine, from: string, times: number) =>
    verdictsOf({
      ...invoicing(on),
      destination: clusterIpOf(cluster, 'identity', 'login'),
      port: 8443,
      from,
      everySeconds: 140,
      times,
    });
  const forCredentials = verdictsOf({
    ...invoicing(graviton1),
    destination: POD_IDENTITY_AGENT,
    port: 80,
    from: '2026-11-20T07:15:00Z',
    everySeconds: 300,
    times: 14,
  });

  const statements = pod('billing/statements', 'intel-1');
  const fromStatements = { source: statements, on: intel1, direction: 'egress' } as const;
  const forMetadata = verdictsOf({
    ...fromStatements,
    destination: IMDS,
    port: 80,
    from: '2026-11-20T06:58:00Z',
    everySeconds: 240,
    times: 10,
  });
  const toMail = verdictsOf({
    ...fromStatements,
    destination: '198.51.100.25',
    port: 587,
    from: '2026-11-20T07:30:00Z',
    everySeconds: 180,
    times: 16,
  });
  /** Answers of the database on connections that had been idle for too long. */
  const lateAnswers = verdictsOf({
    source: '10.50.192.14',
    sourcePort: 5432,
    destination: statements,
    port: 'reply',
    on: intel1,
    direction: 'ingress',
    from: '2026-11-20T08:05:00Z',
    everySeconds: 420,
    times: 8,
  });

  return [
    [
      `verdicts/${intel2.name}/network-policy-agent.log`,
      nodeLog('D', [...scan, ...ping, ...toLogin(intel2, '2026-11-20T07:03:00Z', 30)], others),
    ],
    gzipped(
      `verdicts/${intel1.name}/${rotatedLog('2026-11-20T09:12:40.007Z')}`,
      nodeLog('D', [...forMetadata, ...toMail, ...lateAnswers], []),
    ),
    [
      'verdicts/filter-log-events.json',
      filterLogEvents([...forCredentials, ...toLogin(graviton1, '2026-11-20T07:05:30Z', 24)], [], true),
    ],
  ];
};
