import * as z from 'zod';
import type { ClusterRef } from '../../model/cluster.ts';
import { describeFound, valueAt } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { parse } from '../normalise/parse.ts';
import { kubernetesTime } from '../normalise/time.ts';
import type { DumpDirectory, Look } from './dump-directory.ts';
import { ImportError } from './import-error.ts';
import { MARKER } from './is-dump-directory.ts';

const DESCRIBE_CLUSTER = 'aws/describe-cluster.json';

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html, `name`; ARN forms as in the service authorization reference. */
const FIELDS: {
  readonly [K in keyof ClusterRef]: { readonly pattern: RegExp; readonly expected: string; readonly gather: string };
} = {
  partition: { pattern: /^aws(?:-[a-z]+){0,3}$/, expected: 'an AWS partition', gather: 'partition' },
  account: { pattern: /^\d{12}$/, expected: 'twelve digits', gather: 'account' },
  region: { pattern: /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/, expected: 'an AWS Region', gather: 'region' },
  name: { pattern: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, expected: 'a cluster name', gather: 'cluster' },
};

const ARN = /^arn:([^:]*):eks:([^:]*):([^:]*):cluster\/(.*)$/;

const gatherFile = z.object({
  schemaVersion: z.literal(1),
  cluster: z.string().nullish(),
  region: z.string().nullish(),
  account: z.string().nullish(),
  partition: z.string().nullish(),
  gatheredAt: kubernetesTime,
});

type Gather = z.output<typeof gatherFile>;

const readGather = async (dump: DumpDirectory): Promise<Gather> => {
  const file = dump.path(MARKER);
  const look = await dump.look('gather');
  switch (look.kind) {
    case 'answered':
      try {
        return parse(gatherFile, look.value, '');
      } catch (error) {
        if (error instanceof MalformedError)
          throw new ImportError(file, error.path, error.expected, error.found, error);
        throw error;
      }
    case 'unusable':
      throw new ImportError(file, '', look.expected, look.found);
    case 'failed':
    case 'missing':
      throw new ImportError(file, '', 'the file that says which cluster was gathered and when', 'nothing');
  }
};

/** What the ARN says, or nothing where there is none that can be read. */
const fromArn = (look: Look): ClusterRef | undefined => {
  if (look.kind !== 'answered') return undefined;
  const arn = valueAt(look.value, ['cluster', 'arn']);
  const [, partition = '', region = '', account = '', name = ''] = (typeof arn === 'string' && ARN.exec(arn)) || [];
  const cluster = { partition, account, region, name };
  return isComplete(cluster) ? cluster : undefined;
};

// Object.keys of a constant typed by ClusterRef gives exactly its keys.
const KEYS = Object.keys(FIELDS) as readonly (keyof ClusterRef)[];

const isComplete = (cluster: ClusterRef): boolean => KEYS.every((key) => FIELDS[key].pattern.test(cluster[key]));

const given = (gather: Gather): ClusterRef => ({
  partition: gather.partition ?? '',
  account: gather.account ?? '',
  region: gather.region ?? '',
  name: gather.cluster ?? '',
});

const refuseContradiction = (file: string, arn: ClusterRef, gathered: ClusterRef): void => {
  const key = KEYS.find((candidate) => gathered[candidate] !== '' && gathered[candidate] !== arn[candidate]);
  if (key === undefined) return;
  const expected = `${describeFound(arn[key])}, as the ARN in ${DESCRIBE_CLUSTER} says`;
  throw new ImportError(file, FIELDS[key].gather, expected, describeFound(gathered[key]));
};

const wholeFromGather = (file: string, gathered: ClusterRef): ClusterRef => {
  const key = KEYS.find((candidate) => !FIELDS[candidate].pattern.test(gathered[candidate]));
  if (key === undefined) return gathered;
  const { expected, gather } = FIELDS[key];
  const found = gathered[key] === '' ? 'nothing' : describeFound(gathered[key]);
  throw new ImportError(file, gather, `${expected}, because ${DESCRIBE_CLUSTER} has no cluster ARN`, found);
};

/**
 * Which cluster a dump is of and when it was taken. The ARN that EKS itself gave wins; what gather.json says beside it
 * must agree, and stands alone where there is no ARN. The time is only ever gather.json's: a file's own time changes
 * with every copy.
 * @throws ImportError where either cannot be known, or the two sources contradict each other.
 */
export const identifyDump = async (
  dump: DumpDirectory,
): Promise<{ readonly cluster: ClusterRef; readonly gatheredAt: string }> => {
  const gather = await readGather(dump);
  const file = dump.path(MARKER);
  const gathered = given(gather);
  const arn = fromArn(await dump.look('aws/describe-cluster'));
  if (arn !== undefined) refuseContradiction(file, arn, gathered);
  return { cluster: arn ?? wholeFromGather(file, gathered), gatheredAt: gather.gatheredAt };
};
