import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseApiServices } from '../../../shared/collect/normalise/api-services.ts';
import { normaliseApplicationNetworkPolicies } from '../../../shared/collect/normalise/application-network-policies.ts';
import { normaliseAwsNodePods } from '../../../shared/collect/normalise/aws-node-pods.ts';
import { normaliseClusterNetworkPolicies } from '../../../shared/collect/normalise/cluster-network-policies.ts';
import { normaliseClusterPolicyEndpoints } from '../../../shared/collect/normalise/cluster-policy-endpoints.ts';
import { normaliseClusterRole } from '../../../shared/collect/normalise/cluster-role.ts';
import { normaliseCniNodes } from '../../../shared/collect/normalise/cninodes.ts';
import { normaliseConfigMapData } from '../../../shared/collect/normalise/config-map.ts';
import { normaliseCustomResourceDefinitions } from '../../../shared/collect/normalise/custom-resource-definitions.ts';
import { normaliseDaemonSet } from '../../../shared/collect/normalise/daemonset.ts';
import { normaliseEksCluster } from '../../../shared/collect/normalise/eks-cluster.ts';
import { normaliseEndpointSlices } from '../../../shared/collect/normalise/endpoint-slices.ts';
import { normaliseEniConfigs } from '../../../shared/collect/normalise/eniconfigs.ts';
import { normaliseEvents } from '../../../shared/collect/normalise/events.ts';
import { normaliseImages } from '../../../shared/collect/normalise/images.ts';
import { normaliseInstances } from '../../../shared/collect/normalise/instances.ts';
import { normaliseKubeProxyConfig } from '../../../shared/collect/normalise/kube-proxy-config.ts';
import { normaliseLaunchTemplateVersions } from '../../../shared/collect/normalise/launch-templates.ts';
import { MalformedError } from '../../../shared/collect/normalise/malformed-error.ts';
import { normaliseNamespaces } from '../../../shared/collect/normalise/namespaces.ts';
import { normaliseNetworkPolicies } from '../../../shared/collect/normalise/network-policies.ts';
import { normaliseNetworkWorkloads } from '../../../shared/collect/normalise/network-workloads.ts';
import { normaliseNodeClasses } from '../../../shared/collect/normalise/nodeclasses.ts';
import { normaliseNodegroup, normaliseNodegroupNames } from '../../../shared/collect/normalise/nodegroups.ts';
import { normaliseNodes } from '../../../shared/collect/normalise/nodes.ts';
import { normalisePods } from '../../../shared/collect/normalise/pods.ts';
import { normalisePolicyEndpoints } from '../../../shared/collect/normalise/policy-endpoints.ts';
import { normaliseSecurityGroupPolicies } from '../../../shared/collect/normalise/security-group-policies.ts';
import { normaliseServerVersion } from '../../../shared/collect/normalise/server-version.ts';
import { normaliseServices } from '../../../shared/collect/normalise/services.ts';
import { normaliseVpcCniAddon } from '../../../shared/collect/normalise/vpc-cni-addon.ts';

const NORMALISERS: { readonly [name: string]: (raw: unknown) => unknown } = {
  normaliseApiServices,
  normaliseAwsNodePods,
  normaliseCniNodes,
  normaliseConfigMapData,
  normaliseCustomResourceDefinitions,
  normaliseDaemonSet,
  normaliseEksCluster,
  normaliseEniConfigs,
  normaliseImages,
  normaliseInstances,
  normaliseLaunchTemplateVersions,
  normaliseNamespaces,
  normaliseNetworkPolicies,
  normaliseNetworkWorkloads: (raw) => normaliseNetworkWorkloads('DaemonSet', raw),
  normaliseNodeClasses,
  normaliseNodegroup,
  normaliseNodegroupNames,
  normaliseNodes,
  normalisePods,
  normalisePolicyEndpoints,
  normaliseSecurityGroupPolicies,
  normaliseServerVersion,
  normaliseApplicationNetworkPolicies,
  normaliseClusterNetworkPolicies,
  normaliseClusterPolicyEndpoints,
  normaliseClusterRole,
  normaliseEndpointSlices,
  normaliseEvents,
  normaliseKubeProxyConfig,
  normaliseServices,
  normaliseVpcCniAddon,
};

/** Keys that lead somewhere, so that the values get past the first door. */
const KEYS = [
  '__proto__',
  'constructor',
  'kind',
  'items',
  'metadata',
  'name',
  'namespace',
  'creationTimestamp',
  'labels',
  'annotations',
  'spec',
  'status',
  'containers',
  'conditions',
  'cluster',
  'addon',
  'nodegroup',
  'data',
  'Images',
  'Reservations',
  'Instances',
  'LaunchTemplateVersions',
];

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom('List', 'Pod', 'Node', '2026-11-20T09:00:00Z', '', 'cilium', '\u0000', null, 0, -1, 1.5, true),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('json'), { maxKeys: 6 }),
  ),
}));

describe('any JSON at all', () => {
  test.each(Object.entries(NORMALISERS))('%s reads it or says what is malformed, and nothing else', (_, normalise) => {
    fc.assert(
      fc.property(json, (value) => {
        const raw: unknown = JSON.parse(JSON.stringify(value));
        let ending: unknown;
        try {
          normalise(raw);
          ending = 'read';
        } catch (error) {
          ending = error instanceof MalformedError ? 'refused' : error;
        }
        expect(['read', 'refused']).toContain(ending);
      }),
      { numRuns: 150 },
    );
  });
});
