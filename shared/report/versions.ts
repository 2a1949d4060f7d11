import type { Snapshot } from '../model/snapshot.ts';

/** What runs where, as far as it was seen. A missing key means that nobody could look, or that there is none. */
export interface Versions {
  /** `1.33`. */
  readonly kubernetes?: string;
  /** `v1.20.4-eksbuild.1`, `v1.19.5 self-managed`, or `EKS Auto Mode`. */
  readonly cni?: string;
}

const MINOR = /^v?(\d+\.\d+)/;
const TAG = /:(v?\d[^:/@]*)(?:@|$)/;

const kubernetesVersion = ({ facts }: Snapshot): string | undefined => {
  const cluster = facts['eks.cluster'];
  if (cluster.state === 'observed') return cluster.value.version;
  const access = facts['kubernetes.access'];
  return access.state === 'observed' ? MINOR.exec(access.value.serverVersion)?.[1] : undefined;
};

const cniVersion = ({ facts }: Snapshot): string | undefined => {
  const addon = facts['eks.vpc-cni-addon'];
  if (addon.state === 'observed') return addon.value.version;
  const daemonSet = facts['kubernetes.aws-node'];
  if (daemonSet.state === 'observed') {
    const image = daemonSet.value.containers.find(({ name }) => name === 'aws-node')?.image ?? '';
    const tag = TAG.exec(image)?.[1];
    if (tag === undefined) return undefined;
    // While the add-on could not be read, nobody knows who manages the DaemonSet.
    return addon.state === 'absent' ? `${tag} self-managed` : tag;
  }
  const cluster = facts['eks.cluster'];
  // Auto Mode runs no aws-node DaemonSet: https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html
  return cluster.state === 'observed' && cluster.value.autoMode === 'enabled' && daemonSet.state === 'absent'
    ? 'EKS Auto Mode'
    : undefined;
};

export const versionsOf = (snapshot: Snapshot): Versions => {
  const kubernetes = kubernetesVersion(snapshot);
  const cni = cniVersion(snapshot);
  return { ...(kubernetes === undefined ? {} : { kubernetes }), ...(cni === undefined ? {} : { cni }) };
};
