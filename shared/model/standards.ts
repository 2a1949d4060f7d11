/** The closed registry of what checks may refer to. A reference names one of these and nothing else. */
export interface Standard {
  readonly title: string;
  readonly version: string;
  /** Every reference to this standard must begin with one of these. */
  readonly urls: readonly [string, ...string[]];
}

export const STANDARDS = {
  'eks-user-guide': {
    title: 'Amazon EKS User Guide',
    version: 'rolling',
    urls: ['https://docs.aws.amazon.com/eks/latest/userguide/'],
  },
  'eks-best-practices': {
    title: 'Amazon EKS Best Practices Guide',
    version: 'rolling',
    urls: ['https://docs.aws.amazon.com/eks/latest/best-practices/', 'https://aws.github.io/aws-eks-best-practices/'],
  },
  'vpc-cni': {
    title: 'amazon-vpc-cni-k8s documentation and source',
    version: 'v1.23.0',
    urls: ['https://github.com/aws/amazon-vpc-cni-k8s/'],
  },
  'network-policy-agent': {
    title: 'aws-network-policy-agent documentation and source',
    version: 'v1.4.1',
    urls: ['https://github.com/aws/aws-network-policy-agent'],
  },
  'vpc-resource-controller': {
    title: 'amazon-vpc-resource-controller-k8s documentation and source',
    version: 'v1.7.19',
    urls: ['https://github.com/aws/amazon-vpc-resource-controller-k8s/'],
  },
  'eks-ami': {
    title: 'Amazon EKS AMI releases and source',
    version: 'v20260723',
    urls: ['https://github.com/awslabs/amazon-eks-ami/'],
  },
  bottlerocket: {
    title: 'Bottlerocket releases and source',
    version: 'rolling',
    urls: ['https://github.com/bottlerocket-os/bottlerocket'],
  },
  calico: {
    title: 'Calico documentation',
    version: 'rolling',
    urls: ['https://docs.tigera.io/calico/', 'https://github.com/projectcalico/calico/'],
  },
  kubernetes: {
    title: 'Kubernetes documentation',
    version: 'rolling',
    urls: ['https://kubernetes.io/docs/'],
  },
  'cis-eks': {
    title: 'CIS Amazon EKS Benchmark',
    version: '1.7.0',
    urls: ['https://www.cisecurity.org/benchmark/'],
  },
} as const satisfies { readonly [key: string]: Standard };

export type StandardKey = keyof typeof STANDARDS;
