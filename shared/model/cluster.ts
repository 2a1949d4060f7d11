/** One EKS cluster, named so that no two clusters of any account, region or partition can be confused. */
export interface ClusterRef {
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** `arn:<partition>:eks:<region>:<account>:cluster/<name>` (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html). */
export const clusterArn = (cluster: ClusterRef): string =>
  `arn:${cluster.partition}:eks:${cluster.region}:${cluster.account}:cluster/${cluster.name}`;
