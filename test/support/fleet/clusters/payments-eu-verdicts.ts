import type { DumpFile } from '../dump.ts';
import type { Machine } from '../machines.ts';
import type { ClusterPlan } from '../plan.ts';
import { CLUSTER_DNS, clusterIpOf } from '../services.ts';
import { filterLogEvents, gzipped, nodeLog, type OtherEvent, type Verdict } from '../verdict-forms.ts';
import { machineNamed, podFinder, rotatedLog, verdictsOf } from '../verdict-stories.ts';
import type { PlacedPod } from '../workloads.ts';

/** The group is the control plane's, too; and one line of an agent arrived without its end. */
const others = (on: Machine): readonly OtherEvent[] => [
  {
    at: Date.parse('2026-11-20T07:02:11.320Z'),
    stream: 'kube-apiserver-audit-5b1c3f0c9d9f4c3d8f7f3f4c1b2a9e77',
    message:
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","stage":"ResponseComplete","verb":"list","requestURI":"/apis/networking.k8s.aws/v1alpha1/policyendpoints"}',
  },
  {
    at: Date.parse('2026-11-20T08:40:00.004Z'),
    stream: 'authenticator-5b1c3f0c9d9f4c3d8f7f3f4c1b2a9e77',
    message: 'time="2026-11-20T08:40:00Z" level=info msg="access granted" client="127.0.0.1:40112"',
  },
  {
    at: Date.parse('2026-11-20T08:55:09.771Z'),
    stream: 'aws-network-policy-agent-audit-cut',
    message: `Node: ${on.name};SIP: 10.40.7.11;SPORT: 41112;DIP: 10.40`,
  },
];

/** What three agents of 1.1.5 sent to CloudWatch Logs, and a file that one of them rotated the evening before. */
export const paymentsEuVerdicts = (
  cluster: ClusterPlan,
  machines: readonly Machine[],
  pods: readonly PlacedPod[],
): readonly DumpFile[] => {
  const pod = podFinder(pods);
  const [old1, new1, new2] = ['old-1', 'new-1', 'new-2'].map((key) => machineNamed(machines, key));
  if (old1 === undefined || new1 === undefined || new2 === undefined) throw new Error(cluster.name);
  const authoriser = pod('cards/authoriser', 'new-2');
  const database = pod('ledger/postgres', 'new-1');

  /** The rule that lets the tokeniser be asked was written; the one that lets the authoriser ask was not. */
  const tokenising = (from: string, times: number): readonly Verdict[] =>
    verdictsOf({
      source: authoriser,
      destination: clusterIpOf(cluster, 'cards', 'tokeniser'),
      port: 8443,
      on: new2,
      direction: 'egress',
      from,
      everySeconds: 95,
      times,
    });

  const toCardScheme = ['203.0.113.20', '203.0.113.21', '203.0.113.24', '203.0.113.29'].flatMap((destination, index) =>
    verdictsOf({
      source: authoriser,
      destination,
      port: 443,
      on: new2,
      direction: 'egress',
      from: `2026-11-20T06:1${index}:20Z`,
      everySeconds: 900,
      times: 6,
    }),
  );

  /** Answers of the cluster's DNS to questions that the agent had forgotten. */
  const lateAnswers = verdictsOf({
    source: CLUSTER_DNS,
    sourcePort: 53,
    destination: authoriser,
    port: 'reply',
    protocol: 'UDP',
    on: new2,
    direction: 'ingress',
    from: '2026-11-20T06:31:07Z',
    everySeconds: 600,
    times: 9,
  });

  const past = pod('gateway/gateway', 'old-1');
  const aroundTheAuthoriser = verdictsOf({
    source: past,
    destination: pod('cards/tokeniser', 'new-1'),
    port: 8443,
    on: new1,
    direction: 'ingress',
    from: '2026-11-20T07:44:00Z',
    everySeconds: 240,
    times: 12,
  });

  /** Policy ledger/database allows just this. */
  const fromLedger = {
    source: pod('ledger/ledger-api', 'new-2'),
    destination: database,
    port: 5432,
    on: new1,
    direction: 'ingress',
  } as const;
  const wrongly = verdictsOf({ ...fromLedger, from: '2026-11-20T08:12:30Z', everySeconds: 13, times: 17 });
  const rightly = verdictsOf({
    ...fromLedger,
    verdict: 'ACCEPT',
    from: '2026-11-20T06:00:30Z',
    everySeconds: 400,
    times: 15,
  });
  const questions = verdictsOf({
    source: authoriser,
    destination: CLUSTER_DNS,
    port: 53,
    protocol: 'UDP',
    on: new2,
    direction: 'egress',
    verdict: 'ACCEPT',
    from: '2026-11-20T06:05:00Z',
    everySeconds: 350,
    times: 12,
  });
  const toGateway = verdictsOf({
    source: pod('gateway/gateway', 'new-1'),
    destination: pod('cards/tokeniser', 'old-1'),
    port: 8443,
    on: old1,
    direction: 'ingress',
    from: '2026-11-20T08:01:00Z',
    everySeconds: 700,
    times: 4,
  });

  const sent = [
    ...tokenising('2026-11-20T06:02:00Z', 36),
    ...toCardScheme,
    ...lateAnswers,
    ...aroundTheAuthoriser,
    ...toGateway,
    ...wrongly,
    ...rightly,
    ...questions,
  ];
  return [
    ['verdicts/filter-log-events.json', filterLogEvents(sent, others(new1), false)],
    gzipped(
      `verdicts/${new2.name}/${rotatedLog('2026-11-19T22:41:55.102Z')}`,
      nodeLog('B', tokenising('2026-11-19T18:20:00Z', 80), [
        {
          at: Date.parse('2026-11-19T18:19:58Z'),
          text: '{"level":"info","ts":"%time","logger":"setup","caller":"zapr@v1.3.0/zapr.go:130","msg":"Starting manager"}',
        },
      ]),
    ),
  ];
};
