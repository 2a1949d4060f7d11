import * as z from 'zod';
import type { ClusterRef } from '../../model/cluster.ts';
import type { Fact } from '../../model/fact.ts';
import type { FactKey, FactValues } from '../../model/snapshot.ts';
import type { Difference, Nothing } from './type-difference.ts';
import { eksCluster, image, instance, launchTemplateVersion, nodegroup, nodeProbe, vpcCniAddon } from './schema-aws.ts';
import { applicationNetworkPolicy, clusterNetworkPolicy, clusterPolicyEndpoint } from './schema-cluster-policies.ts';
import {
  apiService,
  awsNodePod,
  cniNode,
  configMapData,
  customResourceDefinition,
  daemonSet,
  eniConfig,
  kubernetesAccess,
  namespace,
  networkWorkload,
  node,
  nodeClass,
  pod,
} from './schema-kubernetes.ts';
import { deniedTraffic } from './schema-denied-traffic.ts';
import { clusterRole, endpointSlice, kubeProxyConfig, kubernetesEvents, service } from './schema-kubernetes-network.ts';
import { networkPolicy, policyEndpoint, securityGroupPolicy } from './schema-policies.ts';
import { awsNetworkValues } from './schema-aws-network.ts';
import { list, time, unobservedReason } from './values.ts';

/** The one version that this program writes and reads. */
export const SCHEMA_VERSION = 1;

const absentFact = z
  .object({ state: z.literal('absent'), source: z.string(), observedAt: time })
  .meta({ id: 'Absent', description: 'We looked, and it is not there' });

const unobservedFact = z
  .object({
    state: z.literal('unobserved'),
    reason: unobservedReason,
    detail: z.string(),
    source: z.string(),
    observedAt: time,
  })
  .meta({ id: 'Unobserved', description: 'We could not look: neither a pass nor a fail' });

const fact = <S extends z.ZodType>(value: S) =>
  z.discriminatedUnion('state', [
    z.object({ state: z.literal('observed'), value, source: z.string(), observedAt: time }),
    absentFact,
    unobservedFact,
  ]);

const facts = {
  'eks.cluster': fact(eksCluster),
  'eks.vpc-cni-addon': fact(vpcCniAddon),
  'eks.nodegroups': fact(list(nodegroup)),
  'ec2.instances': fact(list(instance)),
  'ec2.images': fact(list(image)),
  'ec2.launch-templates': fact(list(launchTemplateVersion)),
  'kubernetes.access': fact(kubernetesAccess),
  'kubernetes.nodes': fact(list(node)),
  'kubernetes.aws-node': fact(daemonSet),
  'kubernetes.aws-node-pods': fact(list(awsNodePod)),
  'kubernetes.amazon-vpc-cni': fact(configMapData),
  'kubernetes.network-workloads': fact(list(networkWorkload)),
  'kubernetes.crds': fact(list(customResourceDefinition)),
  'kubernetes.api-services': fact(list(apiService)),
  'kubernetes.namespaces': fact(list(namespace)),
  'kubernetes.pods': fact(list(pod)),
  'kubernetes.network-policies': fact(list(networkPolicy)),
  'kubernetes.policy-endpoints': fact(list(policyEndpoint)),
  'kubernetes.cninodes': fact(list(cniNode)),
  'kubernetes.eniconfigs': fact(list(eniConfig)),
  'kubernetes.security-group-policies': fact(list(securityGroupPolicy)),
  'kubernetes.nodeclasses': fact(list(nodeClass)),
  'kubernetes.services': fact(list(service)),
  'kubernetes.endpoint-slices': fact(list(endpointSlice)),
  'kubernetes.kube-proxy-config': fact(kubeProxyConfig),
  'kubernetes.cluster-network-policies': fact(list(clusterNetworkPolicy)),
  'kubernetes.application-network-policies': fact(list(applicationNetworkPolicy)),
  'kubernetes.cluster-policy-endpoints': fact(list(clusterPolicyEndpoint)),
  'kubernetes.aws-node-cluster-role': fact(clusterRole),
  'kubernetes.events': fact(kubernetesEvents),
  'nodes.probes': fact(list(nodeProbe)),
  'verdicts.denied-traffic': fact(deniedTraffic),
  'eks.addon-schema': fact(awsNetworkValues['eks.addon-schema']),
  'eks.addon-versions': fact(awsNetworkValues['eks.addon-versions']),
  'eks.updates': fact(awsNetworkValues['eks.updates']),
  'eks.pod-identity-associations': fact(awsNetworkValues['eks.pod-identity-associations']),
  'autoscaling.groups': fact(awsNetworkValues['autoscaling.groups']),
  'ec2.subnets': fact(awsNetworkValues['ec2.subnets']),
  'ec2.network-interfaces': fact(awsNetworkValues['ec2.network-interfaces']),
  'ec2.security-groups': fact(awsNetworkValues['ec2.security-groups']),
  'ec2.instance-types': fact(awsNetworkValues['ec2.instance-types']),
  'iam.roles': fact(awsNetworkValues['iam.roles']),
  'logs.log-groups': fact(awsNetworkValues['logs.log-groups']),
  'ssm.ami-recommendations': fact(awsNetworkValues['ssm.ami-recommendations']),
  'kubernetes.service-accounts': fact(awsNetworkValues['kubernetes.service-accounts']),
} as const satisfies { readonly [K in FactKey]: z.ZodType<Fact<FactValues[K]>> };

const clusterRef = z
  .object({
    partition: z.string().min(1),
    account: z.string().regex(/^\d{12}$/, 'twelve digits'),
    region: z.string().min(1),
    name: z.string().min(1),
  })
  .meta({ id: 'ClusterRef', description: 'The cluster that the snapshot is of' });

const allOptional = <const S extends { readonly [key: string]: z.ZodType }>(
  shape: S,
): { readonly [K in keyof S]: z.ZodExactOptional<S[K]> } =>
  // Every entry of S is wrapped and none is added, which is what the mapped type states.
  Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, z.exactOptional(schema)])) as {
    readonly [K in keyof S]: z.ZodExactOptional<S[K]>;
  };

/** The published file. A fact that is missing was not collected; unknown keys, at any level, are ignored. */
export const snapshotFile = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  cluster: clusterRef,
  takenAt: time,
  facts: z.object(allOptional(facts)),
});

export type SnapshotFile = z.output<typeof snapshotFile>;

type Differences = {
  [K in FactKey]: Difference<z.output<(typeof facts)[K]>, Fact<FactValues[K]>>;
}[FactKey];

/** What the file holds is what the model says: otherwise this names the fields that differ and does not compile. */
export type FactsAreTheModels = Nothing<Differences>;
export type ClusterIsTheModels = Nothing<Difference<z.output<typeof clusterRef>, ClusterRef>>;
