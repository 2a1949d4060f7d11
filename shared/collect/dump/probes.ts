import { observed, unobserved, type Fact } from '../../model/fact.ts';
import type { NodeProbe } from '../../model/facts-aws.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { bounded } from '../normalise/bounded.ts';
import { oneLine } from '../normalise/one-line.ts';
import { sortedBy } from '../normalise/order.ts';
import { normaliseReadyz } from '../normalise/readyz.ts';
import { classifyError } from './classify-error.ts';
import type { DumpDirectory } from './dump-directory.ts';
import { malformed, unusable, type Origin } from './fact-of.ts';

const FOLDER = 'probes/readyz';

/** A probe that told nothing about its node: other evidence has to. */
const silent = (nodeName: string, detail: string): NodeProbe => ({
  nodeName: bounded(nodeName),
  method: 'readyz',
  bpffs: 'not-reported',
  bpfMaps: 'not-reported',
  detail: oneLine(detail),
});

/** An error may carry the answer: the agent's failed checks come with status 500, which kubectl reports as an error. */
const readProbe = (nodeName: string, ending: string, text: string): NodeProbe => {
  try {
    return normaliseReadyz(nodeName, text);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    if (ending === 'txt') return silent(nodeName, error.message);
    const failure = classifyError(text);
    return silent(nodeName, `${failure.kind === 'absent' ? 'api-error' : failure.reason}: ${failure.detail}`);
  }
};

/** One file for each node that was probed; a probe that failed is listed and reports nothing. */
export const importProbes = async (dump: DumpDirectory, gatheredAt: string): Promise<Fact<readonly NodeProbe[]>> => {
  const origin: Origin = {
    source: 'GET /api/v1/namespaces/kube-system/pods/{aws-node}:8163/proxy/readyz',
    gatheredAt,
  };
  const folder = await dump.names(FOLDER);
  if (folder.kind === 'unusable') return unusable(FOLDER, folder, origin);
  const files = (folder.kind === 'names' ? folder.names : []).flatMap((file) => {
    const [, nodeName, ending] = /^(.+)\.(txt|error)$/.exec(file) ?? [];
    return nodeName === undefined || ending === undefined ? [] : [{ file, nodeName, ending }];
  });
  if (files.length === 0) {
    return unobserved('not-collected', `${FOLDER} is not in the dump`, origin.source, gatheredAt);
  }

  const probes = new Map<string, NodeProbe>();
  for (const { file, nodeName, ending } of files) {
    if (probes.has(nodeName))
      return malformed(`${FOLDER}/${file}`, 'a probe either answers or fails, not both', origin);
    const content = await dump.text(`${FOLDER}/${file}`);
    probes.set(
      nodeName,
      content.kind === 'text'
        ? readProbe(nodeName, ending, content.text)
        : silent(
            nodeName,
            content.kind === 'unusable' ? `expected ${content.expected}, found ${content.found}` : 'no file',
          ),
    );
  }
  return observed(
    sortedBy(probes.values(), (probe) => [probe.nodeName]),
    origin.source,
    gatheredAt,
  );
};
