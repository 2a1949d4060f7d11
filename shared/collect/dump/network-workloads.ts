import { observed, type Fact } from '../../model/fact.ts';
import type { NetworkWorkload } from '../../model/facts-kubernetes.ts';
import { mergeNetworkWorkloads, normaliseNetworkWorkloads } from '../normalise/network-workloads.ts';
import type { DumpDirectory } from './dump-directory.ts';
import { answerOf, readFact } from './fact-of.ts';

const LISTS = [
  { kind: 'DaemonSet', name: 'kubernetes/daemonsets', source: 'GET /apis/apps/v1/daemonsets' },
  { kind: 'Deployment', name: 'kubernetes/deployments', source: 'GET /apis/apps/v1/deployments' },
  { kind: 'ConfigMap', name: 'kubernetes/configmaps', source: 'GET /api/v1/configmaps' },
] as const satisfies readonly {
  readonly kind: NetworkWorkload['kind'];
  readonly name: string;
  readonly source: string;
}[];

/** All three lists, or the first reason why not: a product that is missing from two lists may stand in the third. */
export const importNetworkWorkloads = async (
  dump: Pick<DumpDirectory, 'look'>,
  gatheredAt: string,
): Promise<Fact<readonly NetworkWorkload[]>> => {
  const found: (readonly NetworkWorkload[])[] = [];
  for (const { kind, name, source } of LISTS) {
    const look = await dump.look(name);
    const answer = answerOf(look, { source, gatheredAt }, 'api-error');
    if (answer.kind === 'fact') return answer.fact;
    const read = readFact(look.file, { source, gatheredAt }, () => normaliseNetworkWorkloads(kind, answer.value));
    if (read.state !== 'observed') return read;
    found.push(read.value);
  }
  return observed(mergeNetworkWorkloads(...found), LISTS.map(({ source }) => source).join(', '), gatheredAt);
};
