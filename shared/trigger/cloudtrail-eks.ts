import { textOf } from './envelope.ts';
import type { ApiCall } from './cloudtrail.ts';
import { clusterIn, clusterOfArn, decoded, sourceText } from './place.ts';
import { type AuditReason, forCluster, nothing, type Triggered } from './request.ts';

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html, those that can change what an audit sees. */
const CALLS: ReadonlyMap<string, AuditReason> = new Map([
  ['CreateCluster', 'cluster-changed'],
  ['DeleteCluster', 'cluster-changed'],
  ['UpdateClusterConfig', 'cluster-changed'],
  ['UpdateClusterVersion', 'cluster-changed'],
  ['CancelUpdate', 'cluster-changed'],
  ['CreateAddon', 'addon-changed'],
  ['UpdateAddon', 'addon-changed'],
  ['DeleteAddon', 'addon-changed'],
  ['CreateNodegroup', 'nodegroup-changed'],
  ['UpdateNodegroupConfig', 'nodegroup-changed'],
  ['UpdateNodegroupVersion', 'nodegroup-changed'],
  ['DeleteNodegroup', 'nodegroup-changed'],
  ['CreateFargateProfile', 'nodegroup-changed'],
  ['DeleteFargateProfile', 'nodegroup-changed'],
  ['CreateAccessEntry', 'access-changed'],
  ['UpdateAccessEntry', 'access-changed'],
  ['DeleteAccessEntry', 'access-changed'],
  ['AssociateAccessPolicy', 'access-changed'],
  ['DisassociateAccessPolicy', 'access-changed'],
  ['CreatePodIdentityAssociation', 'access-changed'],
  ['UpdatePodIdentityAssociation', 'access-changed'],
  ['DeletePodIdentityAssociation', 'access-changed'],
]);

/** Add-ons that a check reads. */
const ADDONS = new Set(['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent']);

/**
 * The cluster stands under its wire name `name`, in old records and hand-written ones under `clusterName`; it is a path
 * parameter and may be percent-encoded.
 */
export const fromEksCall = ({ event, name, request, response, source }: ApiCall): readonly Triggered[] => {
  const reason = CALLS.get(name);
  if (reason === undefined) return nothing(`${sourceText(name)} changes nothing that is audited`);
  const addon = textOf(request, 'addonName');
  if (addon !== undefined && !ADDONS.has(decoded(addon))) return nothing(`add-on ${sourceText(addon)} is not audited`);
  const text = textOf(request, 'name') ?? textOf(request, 'clusterName') ?? textOf(response, 'cluster', 'name');
  const cluster =
    text === undefined ? undefined : (clusterIn(event.place, decoded(text)) ?? clusterOfArn(decoded(text)));
  if (cluster === undefined || cluster.account !== event.place.account) {
    return nothing(`${name} names no cluster of the account`);
  }
  return forCluster(cluster, [{ do: 'audit', reason, source, at: event.time }]);
};
