/**
 * Attributes 100,000 flows on a cluster of 50,000 pods and 5,000 policies and prints time and memory.
 * `node test/bench/policy/bench.ts`; the aim is 5 s on one core and 512 MB, building the index included.
 */
import { buildPolicyIndex } from '../../../shared/policy/build-policy-index.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { explain } from '../../../shared/policy/explain.ts';
import { syntheticCluster, syntheticFlows } from './synthetic-cluster.ts';
import { peakRssKilobytes } from '../peak-rss.ts';

const FLOWS = 100_000;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
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

const inputs = syntheticCluster();
const flows = syntheticFlows(inputs, FLOWS);
print(
  'namespaces, pods, policies, flows',
  [inputs.namespaces, inputs.pods, inputs.networkPolicies, flows].map((list) => list.length).join(', '),
);
print('RSS with the cluster in memory', megabytes(process.memoryUsage.rss()));

const { index, attributed } = timed('index and decisions together', () => {
  const built = timed('build the index', () => buildPolicyIndex(inputs));
  const decided = timed('decide every flow', () =>
    flows.map((flow) => {
      const { allowed, egress, ingress } = decide(built, flow);
      return { allowed, policies: [...egress.isolatedBy, ...ingress.isolatedBy] };
    }),
  );
  return { index: built, attributed: decided };
});
print('distinct groups of pods', String(new Set(index.pods.map(({ group }) => group)).size));
for (const verdict of ['allowed', 'denied', 'unknown'] as const) {
  print(verdict, String(attributed.filter(({ allowed }) => allowed === verdict).length));
}
print('policies named', String(attributed.reduce((sum, { policies }) => sum + policies.length, 0)));

print('peak RSS so far', megabytes(peakRssKilobytes() * 1024));

const denied = flows.find((flow) => flow.to.kind === 'pod' && decide(index, flow).allowed === 'denied');
if (denied !== undefined) {
  const explanation = timed('explain one denied flow', () => explain(index, denied));
  print('suggestions', String(explanation.suggestions.length));
}
print('peak RSS with the explanation', megabytes(peakRssKilobytes() * 1024));
