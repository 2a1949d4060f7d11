import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import { SWEEP_CONCURRENCY } from '../../../shared/collect/live/sweep.ts';
import { awsEnvironment } from '../../support/emulator/environment.ts';
import type { Calls } from './count-calls.ts';
import type { ClusterTarget, Measurement, Order } from './measure.ts';
import { COMPARED } from './facts.ts';
import { sweepTable, table } from './table.ts';

/**
 * What it takes to collect the facts of an audit from a fleet, with every answer coming after an injected latency:
 *
 *   npx node test/bench/fleet/bench.ts [--clusters 200] [--nodes 20] [--pods 100] [--accounts 10] [--latency 30]
 *                                      [--at-once 12] [--sample 20] [--rounds 3] [--sweep 8,12,16,24,32]
 *
 * Two routes in turn, each round of each in a process of its own: the product, and the same calls with the typed lists of
 * @kubernetes/client-node and the SDK's own reader of EC2's XML. The servers are in another process; they share the
 * machine's cores with the reader all the same. Every round of both has to end with the same facts. Compare ratios:
 * times differ from machine to machine. `--sweep` measures the product alone, at each of these many clusters at once in
 * turn: what SWEEP_CONCURRENCY was chosen by.
 */

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: '200' },
    nodes: { type: 'string', default: '20' },
    pods: { type: 'string', default: '100' },
    accounts: { type: 'string', default: '10' },
    latency: { type: 'string', default: '30' },
    'at-once': { type: 'string', default: String(SWEEP_CONCURRENCY) },
    sample: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    sweep: { type: 'string' },
  },
});

const start = (file: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess =>
  fork(new URL(file, import.meta.url), [...args], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

const messageOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the child ended with code ${code}`)));
  });

const REGION = 'us-west-2';
const accountOf = (index: number): string => `9000000000${String(index % Number(values.accounts)).padStart(2, '0')}`;
const clusters: readonly ClusterTarget[] = Array.from({ length: Number(values.clusters) }, (_, index) => ({
  name: `fleet-${index}`,
  account: accountOf(index),
  region: REGION,
}));

const server = start('server.ts', [values.clusters, values.nodes, values.pods, values.latency], process.env);
process.stderr.write('writing the answers …\n');
// server.ts sends exactly this.
const { url } = (await messageOf(server)) as { readonly url: string };
const env = { ...process.env, ...awsEnvironment(url) };

const ROUTES = [
  { name: 'netpol-warden', file: 'read-ours.ts' },
  { name: 'client-node typed lists, SDK', file: 'read-plain.ts' },
] as const;

const measured = async (file: string, atOnce: number): Promise<Measurement> => {
  const reader = start(file, [], env);
  const order: Order = { clusters, atOnce, sample: Number(values.sample) };
  reader.send(order);
  // Both readers send exactly this.
  return (await messageOf(reader)) as Measurement;
};

if (values.sweep !== undefined) {
  const counts = values.sweep.split(',').map(Number);
  const found = new Map<number, Measurement[]>(counts.map((count) => [count, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [count, list] of found) list.push(await measured(ROUTES[0].file, count));
  }
  for (const line of sweepTable(found)) console.log(line);
  server.kill();
  process.exit();
}

const rounds = new Map<string, Measurement[]>(ROUTES.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const { file, name } of ROUTES) {
    const measurement = await measured(file, Number(values['at-once']));
    rounds.get(name)?.push(measurement);
    process.stderr.write(
      `${name}: ${measurement.wallSeconds.toFixed(2)} s, CPU ${measurement.cpuSeconds.toFixed(2)} s\n`,
    );
  }
}

const counter = start('count-calls.ts', [], env);
counter.send([clusters[0], { name: 'many-namespaces', account: accountOf(0), region: REGION }]);
// count-calls.ts sends one entry for each cluster it was sent.
const [ordinary, many] = (await messageOf(counter)) as readonly [Calls, Calls];
server.kill();

const [ours = [], plain = []] = rounds.values();
const digests = new Set([...ours, ...plain].map((it) => JSON.stringify(COMPARED.map((key) => it.digests[key]))));
const differing = COMPARED.filter((key) => new Set([...ours, ...plain].map((it) => it.digests[key])).size > 1);

console.log(
  `${values.clusters} clusters of ${values.nodes} nodes and ${values.pods} pods in ${values.accounts} accounts, ` +
    `${values.latency} ms to each answer, ${values['at-once']} clusters at once, Node ${process.version}`,
);
for (const line of table(
  ROUTES.map(({ name }) => name),
  ours,
  plain,
  Number(values['at-once']),
))
  console.log(line);
const shown = ({ aws, kubernetes }: Calls): string => `${aws} AWS + ${kubernetes} Kubernetes = ${aws + kubernetes}`;
console.log(`calls of one audit: ${shown(ordinary)}`);
console.log(`with 200 namespaces, 100 nodes and 4000 pods: ${shown(many)} (target: 60 at most)`);
if (digests.size > 1) throw new Error(`the routes differ in ${differing.join(', ')}`);
console.log(`all rounds of both routes read the same ${COMPARED.length} facts`);
