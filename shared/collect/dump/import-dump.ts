import { unobserved, type Fact } from '../../model/fact.ts';
import type { FactValues, Snapshot } from '../../model/snapshot.ts';
import { endingOf, importAccess, type Ending } from './access.ts';
import { importAwsNetwork } from './aws-network.ts';
import { openDump, type DumpDirectory } from './dump-directory.ts';
import { answerOf, readFact, type Origin } from './fact-of.ts';
import { identifyDump } from './identity.ts';
import { importLaunchTemplates } from './launch-templates.ts';
import { importNetworkWorkloads } from './network-workloads.ts';
import { importNodegroups } from './nodegroups.ts';
import { refuseOtherCluster } from './other-cluster.ts';
import { importProbes } from './probes.ts';
import { SINGLE_FILES, type SingleKey } from './single-files.ts';

export { ImportError } from './import-error.ts';
export { isDumpDirectory } from './is-dump-directory.ts';

/** The dump, remembering how each call to the API server ended. */
const remembering = (dump: DumpDirectory, endings: Map<string, Ending>): DumpDirectory => ({
  ...dump,
  look: async (name) => {
    const look = await dump.look(name);
    const ending = endingOf(look);
    if (ending !== undefined) endings.set(name, ending);
    return look;
  },
});

/**
 * Builds a snapshot from a directory of raw `kubectl` and `aws` output, as cli/gather.sh writes it. Files are read one
 * after the other, so that only one large list is in memory as JSON. A file that is missing, damaged, too large, of
 * another kind or behind a link that leaves the directory costs its own fact and no other.
 * @throws ImportError where nobody can tell which cluster the dump is of, or of when.
 */
export const importDump = async (dir: string): Promise<Snapshot> => {
  const endings = new Map<string, Ending>();
  const dump = remembering(await openDump(dir), endings);
  const { cluster, gatheredAt } = await identifyDump(dump);

  const single = async <K extends SingleKey>(key: K): Promise<Fact<FactValues[K]>> => {
    const { name, source, notFound, read } = SINGLE_FILES[key];
    const origin: Origin = { source, gatheredAt };
    const look = await dump.look(name);
    const answer = answerOf(look, origin, notFound);
    if (answer.kind === 'fact') return answer.fact;
    return readFact(look.file, origin, () => {
      if (key === 'eks.vpc-cni-addon') refuseOtherCluster(answer.value, 'addon', cluster.name);
      return read(answer.value);
    });
  };

  const facts = {
    'eks.cluster': await single('eks.cluster'),
    'eks.vpc-cni-addon': await single('eks.vpc-cni-addon'),
    'eks.nodegroups': await importNodegroups(dump, cluster.name, gatheredAt),
    'ec2.instances': await single('ec2.instances'),
    'ec2.images': await single('ec2.images'),
    'ec2.launch-templates': await importLaunchTemplates(dump, gatheredAt),
    'kubernetes.nodes': await single('kubernetes.nodes'),
    'kubernetes.aws-node': await single('kubernetes.aws-node'),
    'kubernetes.aws-node-pods': await single('kubernetes.aws-node-pods'),
    'kubernetes.amazon-vpc-cni': await single('kubernetes.amazon-vpc-cni'),
    'kubernetes.network-workloads': await importNetworkWorkloads(dump, gatheredAt),
    'kubernetes.crds': await single('kubernetes.crds'),
    'kubernetes.api-services': await single('kubernetes.api-services'),
    'kubernetes.namespaces': await single('kubernetes.namespaces'),
    'kubernetes.pods': await single('kubernetes.pods'),
    'kubernetes.network-policies': await single('kubernetes.network-policies'),
    'kubernetes.policy-endpoints': await single('kubernetes.policy-endpoints'),
    'kubernetes.cninodes': await single('kubernetes.cninodes'),
    'kubernetes.eniconfigs': await single('kubernetes.eniconfigs'),
    'kubernetes.security-group-policies': await single('kubernetes.security-group-policies'),
    'kubernetes.nodeclasses': await single('kubernetes.nodeclasses'),
    'kubernetes.services': await single('kubernetes.services'),
    'kubernetes.endpoint-slices': await single('kubernetes.endpoint-slices'),
    'kubernetes.kube-proxy-config': await single('kubernetes.kube-proxy-config'),
    'kubernetes.cluster-network-policies': await single('kubernetes.cluster-network-policies'),
    'kubernetes.application-network-policies': await single('kubernetes.application-network-policies'),
    'kubernetes.cluster-policy-endpoints': await single('kubernetes.cluster-policy-endpoints'),
    'kubernetes.aws-node-cluster-role': await single('kubernetes.aws-node-cluster-role'),
    'kubernetes.events': await single('kubernetes.events'),
    'nodes.probes': await importProbes(dump, gatheredAt),
    'verdicts.denied-traffic': unobserved(
      'not-collected',
      'no verdict logs were read',
      'network policy agent verdict logs',
      gatheredAt,
    ),
    ...(await importAwsNetwork(dump, cluster.name, gatheredAt)),
  };
  const version = await dump.look('kubernetes/version');
  endings.delete('kubernetes/version');
  return {
    cluster,
    takenAt: gatheredAt,
    // Last, when every other call of the dump has been looked at.
    facts: { ...facts, 'kubernetes.access': importAccess(version, endings, gatheredAt) },
  };
};
