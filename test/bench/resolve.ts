/**
 * Builds the address book of a cluster of 150,000 pods on 5,000 nodes and looks 100,000 addresses up.
 * `node test/bench/resolve.ts`; the aim is about a second of processor time for both together.
 */
import { observed, unobserved } from '../../shared/model/fact.ts';
import type { Node, Pod } from '../../shared/model/facts-kubernetes.ts';
import { FACT_KEYS } from '../../shared/model/snapshot.ts';
import type { Facts } from '../../shared/model/snapshot.ts';
import { addressBook } from '../../shared/verdicts/resolve/index.ts';

const PODS = 150_000;
const NODES = 5000;
const LOOK_UPS = 100_000;
const AT = '2026-11-20T09:00:00Z';
const print = (what: string, value: string): void => void process.stdout.write(`${what.padEnd(34)}${value}\n`);

/** Wall clock, and processor time of all threads: on a shared machine only the second one is comparable. */
const timed = <T>(what: string, run: () => T): T => {
  const began = performance.now();
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  print(what, `${Math.round(performance.now() - began)} ms, processor ${Math.round((user + system) / 1000)} ms`);
  return result;
};

const address = (network: number, index: number): string =>
  `${network}.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

const nodes = Array.from({ length: NODES }, (_, index): Node => ({
  name: `ip-node-${index}.ec2.internal`,
  uid: `node-${index}`,
  createdAt: '2026-11-01T00:00:00Z',
  providerId: `aws:///us-west-2a/i-${index.toString(16).padStart(17, '0')}`,
  labels: {},
  annotations: {},
  operatingSystem: 'linux',
  architecture: 'amd64',
  osImage: '',
  kernelVersion: '',
  kubeletVersion: '',
  ready: 'True',
  conditions: [],
  allocatable: {},
  internalIPs: [address(11, index)],
  taints: [],
}));

const pods = Array.from({ length: PODS }, (_, index): Pod => ({
  namespace: `team-${index % 500}`,
  name: `web-${index}`,
  uid: `pod-${index}`,
  createdAt: '2026-11-10T00:00:00Z',
  nodeName: `ip-node-${index % NODES}.ec2.internal`,
  phase: 'Running',
  hostNetwork: false,
  podIPs: [address(10, index)],
  hostIP: address(11, index % NODES),
  labels: { app: 'web', 'pod-template-hash': '7d9f8c6b5' },
  owner: { kind: 'ReplicaSet', name: `web-${index % 1000}-7d9f8c6b5` },
  ports: [],
  branchEni: 'none',
}));

const nothing = FACT_KEYS.map((key) => [key, unobserved('not-collected', 'nobody asked', 'bench', AT)] as const);
const facts: Facts = {
  // FACT_KEYS holds every key.
  ...(Object.fromEntries(nothing) as unknown as Facts),
  'kubernetes.pods': observed(pods, 'bench', AT),
  'kubernetes.nodes': observed(nodes, 'bench', AT),
  'kubernetes.services': observed([], 'bench', AT),
};
const at = Date.parse(AT) - 60_000;
// One in ten is nobody's, and every one is a string of its own as in a decoded line.
const wanted = Array.from({ length: LOOK_UPS }, (_, index) =>
  address(10, ((index * 7919) % PODS) + (index % 10 === 0 ? PODS : 0)),
);

const book = timed('build the book', () => addressBook({ facts }));
const certainties = timed('look addresses up', () =>
  wanted.map((text, index) => book.resolve(text, at, { node: `ip-node-${index % NODES}.ec2.internal` }).certainty),
);
print(
  'exact, others',
  `${certainties.filter((one) => one === 'exact').length}, ${certainties.filter((one) => one !== 'exact').length}`,
);
print('peak RSS', `${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
