import { observed, unobserved, type Fact } from '../../model/fact.ts';
import type { LaunchTemplateVersion } from '../../model/facts-aws.ts';
import { normaliseLaunchTemplateVersions } from '../normalise/launch-templates.ts';
import { oneLine } from '../normalise/one-line.ts';
import type { DumpDirectory } from './dump-directory.ts';
import { answerOf, readFact, unusable, type Origin } from './fact-of.ts';

const FOLDER = 'aws/launch-templates';

/** `lt-0abc.json` and `lt-0abc.error` are one call; other files are none. */
const callsIn = (names: readonly string[]): readonly string[] => [
  ...new Set(names.flatMap((name) => /^(.+)\.(?:json|error)$/.exec(name)?.[1] ?? [])),
];

/**
 * One file for each launch template. The folder is there only where somebody asked for it, because it comes from user
 * data; an empty one says as little as none.
 */
export const importLaunchTemplates = async (
  dump: DumpDirectory,
  gatheredAt: string,
): Promise<Fact<readonly LaunchTemplateVersion[]>> => {
  const origin: Origin = { source: 'ec2:DescribeLaunchTemplateVersions', gatheredAt };
  const folder = await dump.names(FOLDER);
  if (folder.kind === 'unusable') return unusable(FOLDER, folder, origin);
  const calls = folder.kind === 'names' ? callsIn(folder.names) : [];
  if (calls.length === 0) {
    return unobserved('not-collected', `${FOLDER} is not in the dump`, origin.source, gatheredAt);
  }

  const facts: Fact<readonly LaunchTemplateVersion[]>[] = [];
  for (const call of calls) {
    const look = await dump.look(`${FOLDER}/${call}`);
    const answer = answerOf(look, origin, 'api-error');
    facts.push(
      answer.kind === 'fact'
        ? answer.fact
        : readFact(look.file, origin, () => normaliseLaunchTemplateVersions(answer.value)),
    );
  }
  const [firstFailed, ...failed] = facts.filter((fact) => fact.state === 'unobserved');
  if (firstFailed === undefined) {
    return observed(
      facts.flatMap((fact) => (fact.state === 'observed' ? fact.value : [])),
      origin.source,
      gatheredAt,
    );
  }
  // The same failure of every call is that failure; some of them failing leaves a list with holes.
  const isUniform = failed.length + 1 === facts.length && failed.every(({ reason }) => reason === firstFailed.reason);
  if (isUniform || firstFailed.reason === 'malformed') return firstFailed;
  const detail = `${failed.length + 1} of ${facts.length} launch templates were not read: ${firstFailed.detail}`;
  return unobserved('partial', oneLine(detail), origin.source, gatheredAt);
};
