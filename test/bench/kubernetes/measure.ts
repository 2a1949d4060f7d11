import type { Node, Pod } from '../../../shared/model/facts-kubernetes.ts';
import { peakRssKilobytes } from '../peak-rss.ts';

/** What one way of reading took, in its own process. */
export interface Measurement {
  readonly nodes: number;
  readonly pods: number;
  /** User and system, of all threads, from the first request to the last item. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Of the whole process since its start. */
  readonly peakRssMegabytes: number;
  readonly requests: number;
  readonly wireMegabytes?: number;
  readonly bodyMegabytes?: number;
}

export interface Target {
  readonly url: string;
  readonly certificateAuthority: string;
}

export interface Read {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly requests: number;
  /** Where the reader can tell. */
  readonly bytes?: { readonly wire: number; readonly body: number };
}

const measure = async (read: () => Promise<Read>): Promise<Measurement> => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { bytes, nodes, pods, requests } = await read();
  const wallSeconds = (performance.now() - start) / 1000;
  const { system, user } = process.cpuUsage(cpu);
  return {
    nodes: nodes.length,
    pods: pods.length,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds,
    peakRssMegabytes: peakRssKilobytes() / 1024,
    requests,
    ...(bytes === undefined ? {} : { wireMegabytes: bytes.wire / 1e6, bodyMegabytes: bytes.body / 1e6 }),
  };
};

/** What the parent asks for. */
export interface Order {
  readonly target: Target;
  readonly encoding: 'protobuf' | 'json';
}

/** Waits for the parent's order, measures `read` on it and sends the measurement back. */
export const answerOrder = (read: (order: Order) => Promise<Read>): void => {
  const answer = async (order: Order): Promise<void> => {
    process.send?.(await measure(() => read(order)));
    process.disconnect();
  };
  // bench.ts sends exactly this; a rejection ends the process, which the parent sees.
  process.once('message', (order) => void answer(order as Order));
};
