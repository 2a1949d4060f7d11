import { observed, unobserved, type Fact } from '../../model/fact.ts';
import type { Nodegroup } from '../../model/facts-aws.ts';
import { describeFound } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { normaliseNodegroup, normaliseNodegroupNames } from '../normalise/nodegroups.ts';
import { oneLine } from '../normalise/one-line.ts';
import type { DumpDirectory } from './dump-directory.ts';
import { answerOf, readFact, type Origin } from './fact-of.ts';
import { refuseOtherCluster } from './other-cluster.ts';

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html; above all, no name leads out of a folder. */
const NAME = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/;

const readOne = (name: string, cluster: string, value: unknown): Nodegroup => {
  refuseOtherCluster(value, 'nodegroup', cluster);
  const nodegroup = normaliseNodegroup(value);
  if (nodegroup.name !== name) {
    throw new MalformedError('nodegroup.nodegroupName', describeFound(name), describeFound(nodegroup.name));
  }
  return nodegroup;
};

/** The names of the list, then one file for each: all of them, or the list is partial. Files of others are ignored. */
export const importNodegroups = async (
  dump: DumpDirectory,
  cluster: string,
  gatheredAt: string,
): Promise<Fact<readonly Nodegroup[]>> => {
  const listed: Origin = { source: 'eks:ListNodegroups', gatheredAt };
  const list = await dump.look('aws/list-nodegroups');
  const answer = answerOf(list, listed, 'api-error');
  if (answer.kind === 'fact') return answer.fact;
  const names = readFact(list.file, listed, () => normaliseNodegroupNames(answer.value));
  if (names.state !== 'observed') return names;

  const origin: Origin = { source: 'eks:DescribeNodegroup', gatheredAt };
  const partial = (detail: string): Fact<never> =>
    unobserved('partial', oneLine(detail), origin.source, origin.gatheredAt);
  const nodegroups: Nodegroup[] = [];
  for (const name of names.value) {
    if (!NAME.test(name)) return partial(`${list.file}: ${describeFound(name)} is no node group's name`);
    const look = await dump.look(`aws/nodegroups/${name}`);
    const described = answerOf(look, origin, 'api-error');
    if (described.kind === 'fact') {
      const { fact } = described;
      if (fact.state !== 'unobserved' || fact.reason === 'malformed') return fact;
      return partial(`node group ${name} was not read: ${fact.reason}: ${fact.detail}`);
    }
    const read = readFact(look.file, origin, () => readOne(name, cluster, described.value));
    if (read.state !== 'observed') return read;
    nodegroups.push(read.value);
  }
  return observed(nodegroups, origin.source, origin.gatheredAt);
};
