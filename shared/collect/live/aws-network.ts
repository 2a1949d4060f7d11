import type { AwsNetworkFactValues } from '../../model/facts-aws-network.ts';
import { amiRecommendations } from './aws-ami-recommendations.ts';
import { autoScalingGroups } from './aws-auto-scaling.ts';
import type { Collector } from './collector.ts';
import { addonSchema, addonVersions } from './aws-eks-addon-catalogue.ts';
import { podIdentityAssociations } from './aws-eks-pod-identity.ts';
import { clusterUpdates } from './aws-eks-updates.ts';
import { iamRoles } from './aws-iam-roles.ts';
import { instanceTypes } from './aws-instance-types.ts';
import { logGroups } from './aws-logs.ts';
import { serviceAccounts } from './aws-service-accounts.ts';
import { networkInterfaces, securityGroups, subnets } from './aws-vpc.ts';

/** How the facts about the network, the roles and the logs around a cluster are read live. */
export const AWS_NETWORK_COLLECTORS: { readonly [K in keyof AwsNetworkFactValues]: Collector<K> } = {
  'eks.addon-schema': addonSchema,
  'eks.addon-versions': addonVersions,
  'eks.updates': clusterUpdates,
  'eks.pod-identity-associations': podIdentityAssociations,
  'autoscaling.groups': autoScalingGroups,
  'ec2.subnets': subnets,
  'ec2.network-interfaces': networkInterfaces,
  'ec2.security-groups': securityGroups,
  'ec2.instance-types': instanceTypes,
  'iam.roles': iamRoles,
  'logs.log-groups': logGroups,
  'ssm.ami-recommendations': amiRecommendations,
  'kubernetes.service-accounts': serviceAccounts,
};
