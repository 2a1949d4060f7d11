import * as z from 'zod';
import type { EksCluster } from '../../model/facts-aws.ts';
import { given, listOf, text } from './field.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';
import { awsTime } from './time.ts';

/** PEM in base64 is 1.5 kB; one that is cut is worthless, so a longer one is refused instead. */
const MAX_CERTIFICATE = 65_536;

const answer = z.object({
  cluster: z.object({
    arn: text,
    version: text,
    platformVersion: text,
    status: text,
    endpoint: text.nullish(),
    roleArn: text.nullish(),
    createdAt: awsTime.nullish(),
    certificateAuthority: z.object({ data: z.string().max(MAX_CERTIFICATE).nullish() }).nullish(),
    resourcesVpcConfig: z.object({
      endpointPublicAccess: z.boolean(),
      endpointPrivateAccess: z.boolean(),
      vpcId: text.nullish(),
      subnetIds: listOf(text),
      securityGroupIds: listOf(text),
      clusterSecurityGroupId: text.nullish(),
    }),
    kubernetesNetworkConfig: z
      .object({
        ipFamily: z.enum(['ipv4', 'ipv6']).nullish(),
        serviceIpv4Cidr: text.nullish(),
        serviceIpv6Cidr: text.nullish(),
      })
      .nullish(),
    logging: z
      .object({ clusterLogging: listOf(z.object({ types: listOf(text), enabled: z.boolean().nullish() })) })
      .nullish(),
    accessConfig: z.object({ authenticationMode: text.nullish() }).nullish(),
    computeConfig: z.object({ enabled: z.boolean().nullish() }).nullish(),
  }),
});

/**
 * eks:DescribeCluster, `{ cluster: … }` as the command line and the SDK give it
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html).
 *
 * Documented defaults taken: `ipFamily` is ipv4 unless the cluster was made with ipv6
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigResponse.html); without `computeConfig`
 * the cluster is not Auto Mode (https://docs.aws.amazon.com/eks/latest/APIReference/API_ComputeConfigResponse.html);
 * a log type that is not switched on is off
 * (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html).
 * @throws MalformedError
 */
export const normaliseEksCluster = (raw: unknown): EksCluster => {
  const { cluster } = parse(answer, raw, '');
  const network = cluster.kubernetesNetworkConfig;
  const ipFamily = network?.ipFamily ?? 'ipv4';
  const enabled = (cluster.logging?.clusterLogging ?? []).filter((group) => group.enabled === true);
  return {
    arn: cluster.arn,
    version: cluster.version,
    platformVersion: cluster.platformVersion,
    status: cluster.status,
    ipFamily,
    endpointPublicAccess: cluster.resourcesVpcConfig.endpointPublicAccess,
    endpointPrivateAccess: cluster.resourcesVpcConfig.endpointPrivateAccess,
    subnetIds: distinct(cluster.resourcesVpcConfig.subnetIds),
    securityGroupIds: distinct(cluster.resourcesVpcConfig.securityGroupIds),
    autoMode: cluster.computeConfig?.enabled === true ? 'enabled' : 'disabled',
    enabledLogTypes: distinct(enabled.flatMap((group) => group.types)),
    ...given({
      serviceCidr: ipFamily === 'ipv6' ? network?.serviceIpv6Cidr : network?.serviceIpv4Cidr,
      authenticationMode: cluster.accessConfig?.authenticationMode,
      endpoint: cluster.endpoint,
      certificateAuthorityData: cluster.certificateAuthority?.data,
      vpcId: cluster.resourcesVpcConfig.vpcId,
      clusterSecurityGroupId: cluster.resourcesVpcConfig.clusterSecurityGroupId,
      roleArn: cluster.roleArn,
      createdAt: cluster.createdAt,
    }),
  };
};
