import type { NetworkWorkload } from '../../model/facts-kubernetes.ts';

type Kind = NetworkWorkload['kind'];

/**
 * Names by which another CNI or policy engine is known, present or left behind. In any namespace: the same product
 * stands in `kube-system`, in one of its own, or wherever a chart was told to put it.
 */
const NAMES: { readonly [K in Kind]: ReadonlySet<string> } = {
  DaemonSet: new Set([
    // https://docs.tigera.io/calico/latest/reference/architecture/overview
    'calico-node',
    // https://docs.tigera.io/calico/latest/getting-started/kubernetes/flannel/install-for-flannel
    'canal',
    // https://docs.cilium.io/en/stable/overview/component-overview/
    'cilium',
    // https://github.com/flannel-io/flannel/blob/master/Documentation/kubernetes.md
    'kube-flannel-ds',
    // https://github.com/weaveworks/weave/blob/master/site/kubernetes/kube-addon.md
    'weave-net',
    // https://www.kube-router.io/docs/generic/
    'kube-router',
    // https://antrea.io/docs/main/docs/design/architecture/
    'antrea-agent',
    // https://github.com/k8snetworkplumbingwg/multus-cni/blob/master/docs/quickstart.md
    'kube-multus-ds',
  ]),
  Deployment: new Set([
    // https://docs.tigera.io/calico/latest/reference/architecture/overview
    'calico-typha',
    'calico-kube-controllers',
    'calico-apiserver',
    // https://docs.tigera.io/calico/latest/getting-started/kubernetes/managed-public-cloud/eks
    'tigera-operator',
    // https://docs.cilium.io/en/stable/overview/component-overview/
    'cilium-operator',
  ]),
  ConfigMap: new Set([
    // https://docs.tigera.io/calico/latest/reference/configure-cni-plugins
    'calico-config',
    'canal-config',
    // https://docs.cilium.io/en/stable/network/kubernetes/configuration/
    'cilium-config',
    // https://github.com/flannel-io/flannel/blob/master/Documentation/kubernetes.md
    'kube-flannel-cfg',
    // https://github.com/weaveworks/weave/blob/master/site/kubernetes/kube-addon.md
    'weave-net',
  ]),
};

/** Older Flannel has one DaemonSet per architecture: `kube-flannel-ds-amd64`. */
const FLANNEL_BY_ARCHITECTURE = /^kube-flannel-ds-[a-z0-9]+$/;

export const isNetworkWorkload = (kind: Kind, name: string): boolean =>
  NAMES[kind].has(name) || (kind === 'DaemonSet' && FLANNEL_BY_ARCHITECTURE.test(name));
