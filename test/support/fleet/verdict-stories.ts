import { numberBelow } from './identifiers.ts';
import type { Machine } from './machines.ts';
import type { Verdict } from './verdict-forms.ts';
import type { PlacedPod } from './workloads.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
export const IMDS = '169.254.169.254';
/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const POD_IDENTITY_AGENT = '169.254.170.23';

/** The name that lumberjack gives a file which it rotates: https://github.com/natefinch/lumberjack */
export const rotatedLog = (at: string): string =>
  `network-policy-agent-${at.replaceAll(':', '-').replace('Z', '')}.log.gz`;

/** The same attempt over and over, as clients make them. */
export interface Episode {
  readonly source: string;
  readonly destination: string;
  /** Of the destination. `reply`: an ephemeral one, to which `sourcePort` answers. */
  readonly port: number | 'reply';
  readonly sourcePort?: number;
  readonly protocol?: Verdict['protocol'];
  readonly on: Machine;
  readonly direction: Verdict['direction'];
  readonly verdict?: Verdict['verdict'];
  readonly tier?: string;
  readonly from: string;
  readonly everySeconds: number;
  readonly times: number;
}

const FIRST_EPHEMERAL_PORT = 32_768;

const ephemeral = (seed: string): number => FIRST_EPHEMERAL_PORT + numberBelow(`${seed}/port`, 28_000);

export const verdictsOf = (episode: Episode): readonly Verdict[] =>
  Array.from({ length: episode.times }, (_, index) => {
    const { source, destination, port, sourcePort, on, direction } = episode;
    const seed = `${source}>${destination}:${port}/${episode.from}/${index}`;
    return {
      at: Date.parse(episode.from) + index * episode.everySeconds * 1000 + numberBelow(`${seed}/ms`, 1000),
      machine: on,
      source,
      sourcePort: sourcePort ?? ephemeral(`${seed}/source`),
      destination,
      destinationPort: port === 'reply' ? ephemeral(`${seed}/destination`) : port,
      protocol: episode.protocol ?? 'TCP',
      verdict: episode.verdict ?? 'DENY',
      direction,
      tier: episode.tier ?? 'NETWORK_POLICY',
    };
  });

/** One attempt on each of these ports, one after the other. */
export const scanOf = (
  episode: Omit<Episode, 'everySeconds' | 'port' | 'times'>,
  ports: readonly number[],
): readonly Verdict[] =>
  ports.flatMap((port, index) =>
    verdictsOf({
      ...episode,
      port,
      from: new Date(Date.parse(episode.from) + index * 400).toISOString(),
      everySeconds: 1,
      times: 1,
    }),
  );

/** Finds pods by workload (`payments/ledger`) and machine, or by ordinal. */
export const podFinder =
  (pods: readonly PlacedPod[]) =>
  (workload: string, which: number | string = 0): string => {
    const own = pods.filter(({ namespace, owner }) => `${namespace}/${owner}` === workload);
    const found = typeof which === 'number' ? own[which] : own.find(({ machine }) => machine === which);
    if (found?.address === undefined) throw new Error(`no pod ${which} of ${workload}`);
    return found.address;
  };

/** @throws Error where there is none */
export const machineNamed = (machines: readonly Machine[], key: string): Machine => {
  const found = machines.find((machine) => machine.key === key);
  if (found === undefined) throw new Error(`no machine ${key}`);
  return found;
};
