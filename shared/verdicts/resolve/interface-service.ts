import type { NetworkInterface } from '../../model/facts-aws-network.ts';

export interface InterfaceService {
  /** The service as its vendor writes it. */
  readonly service: string;
  /** Where the vendor says that it puts interfaces of its own into a VPC. */
  readonly url: string;
}

interface Rule extends InterfaceService {
  /** `InterfaceType`. */
  readonly types?: readonly string[];
  /** Alias of the principal that created it. */
  readonly requesters?: readonly string[];
  readonly description?: RegExp;
}

/**
 * Data. The type is the surest sign, then the description that AWS services fill in, then the requester, which some share
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html). Types:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html (which writes `natGateway`; answers
 * carry `nat_gateway`). The first rule that fits wins.
 */
const RULES: readonly Rule[] = [
  {
    service: 'NAT gateway',
    types: ['nat_gateway', 'natGateway'],
    description: /^Interface for NAT Gateway /,
    url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
  },
  {
    service: 'Gateway Load Balancer endpoint',
    types: ['gateway_load_balancer_endpoint'],
    url: 'https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html',
  },
  {
    service: 'VPC endpoint',
    types: ['vpc_endpoint'],
    description: /^VPC Endpoint Interface/,
    url: 'https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html',
  },
  {
    service: 'AWS Transit Gateway',
    types: ['transit_gateway'],
    description: /^Network Interface for Transit Gateway Attachment /,
    url: 'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html',
  },
  {
    service: 'AWS Lambda',
    types: ['lambda'],
    description: /^AWS Lambda VPC ENI/,
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  },
  {
    service: 'Gateway Load Balancer',
    types: ['gateway_load_balancer'],
    description: /^ELB gwy\//,
    url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/introduction.html',
  },
  {
    service: 'Network Load Balancer',
    types: ['network_load_balancer'],
    description: /^ELB net\//,
    url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html',
  },
  {
    service: 'Application Load Balancer',
    description: /^ELB app\//,
    url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html',
  },
  {
    service: 'Elastic Load Balancing',
    types: ['load_balancer'],
    requesters: ['amazon-elb'],
    description: /^ELB /,
    url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/introduction.html',
  },
  {
    service: 'Amazon EFS',
    types: ['efs'],
    description: /^EFS mount target for /,
    url: 'https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html',
  },
  {
    service: 'Amazon RDS',
    requesters: ['amazon-rds'],
    description: /^RDSNetworkInterface$/,
    url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
  },
  {
    service: 'Amazon ElastiCache',
    requesters: ['amazon-elasticache'],
    description: /^ElastiCache /,
    url: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.EC.html',
  },
  {
    service: 'Amazon Redshift',
    requesters: ['amazon-redshift'],
    description: /^RedshiftNetworkInterface$/,
    url: 'https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html',
  },
  {
    service: 'Amazon EKS',
    description: /^Amazon EKS /,
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
  },
  {
    service: 'Amazon API Gateway',
    types: ['api_gateway_managed'],
    url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html',
  },
  {
    service: 'AWS Global Accelerator',
    types: ['global_accelerator_managed'],
    url: 'https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html',
  },
  {
    service: 'Amazon QuickSight',
    types: ['quicksight'],
    url: 'https://docs.aws.amazon.com/quicksight/latest/user/working-with-aws-vpc.html',
  },
  {
    service: 'EC2 Instance Connect Endpoint',
    types: ['ec2_instance_connect_endpoint'],
    url: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html',
  },
];

type Signs = Pick<NetworkInterface, 'type' | 'requesterId' | 'description'>;

/** Whom an interface works for, where it can be told. */
export const interfaceServiceOf = ({ type, requesterId, description }: Signs): InterfaceService | undefined => {
  const found =
    RULES.find(({ types }) => types?.includes(type) === true) ??
    RULES.find((rule) => rule.description?.test(description) === true) ??
    RULES.find(({ requesters }) => requesterId !== undefined && requesters?.includes(requesterId) === true);
  return found && { service: found.service, url: found.url };
};

/** Description of the interfaces through which an EKS control plane reaches into the VPC. */
export const CONTROL_PLANE = /^Amazon EKS (.+)$/;
