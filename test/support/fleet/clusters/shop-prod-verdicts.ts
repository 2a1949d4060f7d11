import type { DumpFile } from '../dump.ts';
import type { Machine } from '../machines.ts';
import type { ClusterPlan } from '../plan.ts';
import { CLUSTER_DNS } from '../services.ts';
import { gzipped, nodeLog, type OtherLine, type Verdict } from '../verdict-forms.ts';
import { IMDS, machineNamed, podFinder, rotatedLog, verdictsOf } from '../verdict-stories.ts';
import type { PlacedPod } from '../workloads.ts';

/** When enforcement was on. */
const MORNING = '2026-11-20T06:4';

/** What an agent of 1.0.1 says beside verdicts, and a line that was cut when somebody copied the file. */
const others = (from: string): readonly OtherLine[] => {
  const at = Date.parse(from);
  return [
    { at, text: '{"level":"info","timestamp":"%time","logger":"setup","msg":"starting manager"}' },
    {
      at: at + 900,
      text: '{"level":"info","timestamp":"%time","logger":"controllers.policyEndpoints","msg":"Received a new reconcile request","req":{"name":"default-deny-4kq7x","namespace":"payments"}}',
    },
    {
      at: at + 301_000,
      text: '{"level":"info","timestamp":"%time","logger":"ebpf-client","msg":"Check for any stale entries in the conntrack map"}',
    },
    {
      at: at + 2_100_000,
      text: '{"level":"info","timestamp":"%time","logger":"ebpf-client","msg":"Flow Info:  ","Src IP":"10.20.7',
    },
  ];
};

/**
 * Half an hour of enforcement on the morning of the dump, as it lies on three of the nodes. An agent of 1.0.1 cannot be
 * told to be silent: it logs every flow, allowed or not, and gives no direction.
 */
export const shopProdVerdicts = (
  cluster: ClusterPlan,
  machines: readonly Machine[],
  pods: readonly PlacedPod[],
): readonly DumpFile[] => {
  const pod = podFinder(pods);
  const [general1, general2, peak1] = ['general-1', 'general-2', 'peak-1'].map((key) => machineNamed(machines, key));
  if (general1 === undefined || general2 === undefined || peak1 === undefined) throw new Error(cluster.name);

  /** The payments API of one node cannot pay, resolve, or ask who it is, and nobody reaches it. */
  const ofApi = (on: Machine, database: number): readonly Verdict[] => {
    const api = pod('payments/payments-api', on.key);
    const fromApi = { source: api, on, direction: 'egress' } as const;
    const toApi = { destination: api, port: 8443, on, direction: 'ingress', everySeconds: 47, times: 22 } as const;
    return [
      ...verdictsOf({
        ...fromApi,
        destination: CLUSTER_DNS,
        port: 53,
        protocol: 'UDP',
        from: `${MORNING}1:02Z`,
        everySeconds: 31,
        times: 40,
      }),
      ...verdictsOf({
        ...fromApi,
        destination: pod('payments/ledger', database),
        port: 5432,
        from: `${MORNING}1:10Z`,
        everySeconds: 60,
        times: 24,
      }),
      ...verdictsOf({ ...fromApi, destination: IMDS, port: 80, from: `${MORNING}3:30Z`, everySeconds: 120, times: 9 }),
      ...verdictsOf({ ...toApi, source: pod('checkout/checkout', 'general-1'), from: `${MORNING}1:20Z` }),
      ...verdictsOf({ ...toApi, source: pod('checkout/checkout', 'peak-2'), from: `${MORNING}1:33Z` }),
    ].flat();
  };

  const checkout = pod('checkout/checkout', 'general-1');
  const toCheckout = { destination: checkout, port: 8443, on: general1, direction: 'ingress' } as const;
  const ofCheckout: readonly Verdict[] = [
    ...verdictsOf({ ...toCheckout, source: general1.address, from: `${MORNING}0:41Z`, everySeconds: 20, times: 18 }),
    ...verdictsOf({
      ...toCheckout,
      source: pod('storefront/web', 'peak-1'),
      verdict: 'ACCEPT',
      from: `${MORNING}1:00Z`,
      everySeconds: 75,
      times: 20,
    }),
  ];

  return [
    [`verdicts/${general1.name}/network-policy-agent.log`, nodeLog('A', ofCheckout, others(`${MORNING}0:31Z`))],
    [`verdicts/${general2.name}/network-policy-agent.log`, nodeLog('A', ofApi(general2, 0), others(`${MORNING}0:34Z`))],
    gzipped(
      `verdicts/${peak1.name}/${rotatedLog('2026-11-20T07:20:12.481Z')}`,
      nodeLog('A', ofApi(peak1, 1), others(`${MORNING}0:37Z`)),
    ),
  ];
};
