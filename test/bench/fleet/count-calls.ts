import { collectLive } from '../../../shared/compose-live.ts';
import { AUDIT_FACTS } from './facts.ts';
import type { ClusterTarget } from './measure.ts';

export interface Calls {
  readonly aws: number;
  readonly kubernetes: number;
}

/** Counts the calls of one audit on its own, that is with its two calls to STS. */
const count = async ({ account, name, region }: ClusterTarget): Promise<Calls> => {
  const { aws, kubernetesCalls } = await collectLive({
    target: { clusterName: name, region, roleArn: `arn:aws:iam::${account}:role/warden`, externalId: 'bench' },
    keys: AUDIT_FACTS,
    extent: 'lean',
    probes: { kind: 'off' },
    deadlineSeconds: 300,
    userAgent: 'netpol-warden/bench',
    onFact: () => undefined,
  });
  return { aws: [...aws.counts().values()].reduce((sum, each) => sum + each, 0), kubernetes: kubernetesCalls };
};

process.once('message', (clusters) => {
  const answer = async (): Promise<void> => {
    // bench.ts sends exactly this.
    process.send?.(await Promise.all((clusters as readonly ClusterTarget[]).map((cluster) => count(cluster))));
    process.disconnect();
  };
  // A rejection ends the process, which the parent sees.
  void answer();
});
