import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Measurement, Target } from './measure.ts';

/**
 * How much CPU and memory it takes to read the nodes and pods of a large cluster over TLS:
 *
 *   npx node test/bench/kubernetes/bench.ts [--nodes 5000] [--pods 150000] [--rounds 3] [--without-client-node]
 *                                           [--semi-space 16]
 *
 * V8 sizes its young generation by the machine: semi-spaces of 16 MB at most in a Lambda function with 1 GB, of 64 MB on a
 * computer with 24 GB, where the same work then takes 80 MB more. All readers get those of the Lambda function;
 * `--semi-space 0` leaves it to V8.
 *
 * The server and each reader have a process of their own. All readers end with the same arrays of the model's Node and
 * Pod. Times differ from machine to machine and from run to run: compare the rows of one run.
 */

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '5000' },
    pods: { type: 'string', default: '150000' },
    rounds: { type: 'string', default: '3' },
    'semi-space': { type: 'string', default: '16' },
    'without-client-node': { type: 'boolean', default: false },
  },
});

const start = (file: string, args: readonly string[], execArgv: readonly string[]): ChildProcess =>
  fork(new URL(file, import.meta.url), [...args], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

const messageOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the child ended with code ${code}`)));
  });

const server = start('server.ts', [values.nodes, values.pods], []);
process.stderr.write(`making lists of ${values.nodes} nodes and ${values.pods} pods …\n`);
// server.ts sends exactly this.
const target = (await messageOf(server)) as Target;

const semiSpace = values['semi-space'] === '0' ? [] : [`--max-semi-space-size=${values['semi-space']}`];

const READERS = [
  { name: 'netpol-warden, protobuf', file: 'read-ours.ts', encoding: 'protobuf' },
  { name: 'netpol-warden, JSON', file: 'read-ours.ts', encoding: 'json' },
  { name: '@kubernetes/client-node, typed lists', file: 'read-client-node.ts', encoding: 'json' },
] as const;

const shown = (value: number | undefined, places: number): string => value?.toFixed(places) ?? '-';

const row = (name: string, it: Measurement): string =>
  [
    name.padEnd(38),
    shown(it.cpuSeconds, 2).padStart(8),
    shown(it.wallSeconds, 2).padStart(8),
    shown(it.peakRssMegabytes, 0).padStart(9),
    shown(it.requests, 0).padStart(9),
    shown(it.wireMegabytes, 1).padStart(9),
    shown(it.bodyMegabytes, 0).padStart(9),
  ].join('');

console.log(`${values.nodes} nodes, ${values.pods} pods, Node ${process.version} ${semiSpace.join(' ')}`);
console.log(`${''.padEnd(38)}   CPU s  wall s  peak MB requests   MB gz  MB raw`);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const { encoding, file, name } of READERS) {
    if (file === 'read-client-node.ts' && values['without-client-node']) continue;
    const reader = start(file, [], semiSpace);
    reader.send({ target, encoding });
    // Both readers send exactly this.
    const measurement = (await messageOf(reader)) as Measurement;
    if (measurement.nodes !== Number(values.nodes) || measurement.pods !== Number(values.pods)) {
      throw new Error(`${name} read ${measurement.nodes} nodes and ${measurement.pods} pods`);
    }
    console.log(row(name, measurement));
  }
}
server.kill();
