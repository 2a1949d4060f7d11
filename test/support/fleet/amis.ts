import type { ClusterPlan } from './plan.ts';
import { ec2Id } from './identifiers.ts';

export type Architecture = 'amd64' | 'arm64';

/**
 * EKS AMI releases with the kernels and runtimes they shipped with:
 * https://github.com/awslabs/amazon-eks-ami/blob/main/CHANGELOG.md
 */
export interface Ami {
  readonly name: string;
  readonly family: 'AL2' | 'AL2023' | 'Bottlerocket';
  readonly architecture: Architecture;
  readonly osImage: string;
  readonly kernel: string;
  readonly kubelet: string;
  readonly runtime: string;
  /** As a managed node group names it. */
  readonly releaseVersion: string;
  readonly createdAt: string;
  readonly description: string;
}

const al2 = (
  minor: string,
  date: string,
  build: Pick<Ami, 'kernel' | 'kubelet' | 'runtime' | 'releaseVersion' | 'createdAt'>,
): Ami => ({
  name: `amazon-eks-node-${minor}-v${date}`,
  family: 'AL2',
  architecture: 'amd64',
  osImage: 'Amazon Linux 2',
  description: `EKS Kubernetes Worker AMI with AmazonLinux2 image, (k8s: ${build.releaseVersion.split('-')[0] ?? minor})`,
  ...build,
});

const al2023 = (
  minor: string,
  date: string,
  architecture: Architecture,
  build: Pick<Ami, 'osImage' | 'kernel' | 'kubelet' | 'runtime' | 'releaseVersion' | 'createdAt'>,
): Ami => ({
  name: `amazon-eks-node-al2023-${architecture === 'amd64' ? 'x86_64' : 'arm64'}-standard-${minor}-v${date}`,
  family: 'AL2023',
  architecture,
  description: `EKS-optimized Kubernetes node based on Amazon Linux 2023, (k8s: ${build.releaseVersion.split('-')[0] ?? minor})`,
  ...build,
});

/** The last Kubernetes minor of the EKS AMIs with kernel 5.4. */
export const AL2_1_23_20230217 = al2('1.23', '20230217', {
  kernel: '5.4.228-132.418.amzn2.x86_64',
  kubelet: 'v1.23.16-eks-48e63af',
  runtime: 'docker://20.10.17',
  releaseVersion: '1.23.16-20230217',
  createdAt: '2023-02-17T21:03:33Z',
});

export const AL2_1_24_20230728 = al2('1.24', '20230728', {
  kernel: '5.10.184-175.749.amzn2.x86_64',
  kubelet: 'v1.24.15-eks-a5565ad',
  runtime: 'containerd://1.6.19',
  releaseVersion: '1.24.15-20230728',
  createdAt: '2023-07-28T18:20:12Z',
});

export const AL2_1_27_20230513 = al2('1.27', '20230513', {
  kernel: '5.10.178-162.673.amzn2.x86_64',
  kubelet: 'v1.27.1-eks-2f008fe',
  runtime: 'containerd://1.6.19',
  releaseVersion: '1.27.1-20230513',
  createdAt: '2023-05-13T01:11:42Z',
});

export const AL2_1_27_20230728 = al2('1.27', '20230728', {
  kernel: '5.10.184-175.749.amzn2.x86_64',
  kubelet: 'v1.27.3-eks-a5565ad',
  runtime: 'containerd://1.6.19',
  releaseVersion: '1.27.3-20230728',
  createdAt: '2023-07-28T18:31:07Z',
});

export const AL2_1_31_20250620 = al2('1.31', '20250620', {
  kernel: '5.10.237-230.949.amzn2.x86_64',
  kubelet: 'v1.31.7-eks-473151a',
  runtime: 'containerd://1.7.27',
  releaseVersion: '1.31.7-20250620',
  createdAt: '2025-06-20T17:44:58Z',
});

export const AL2023_1_31_20260714 = al2023('1.31', '20260714', 'amd64', {
  osImage: 'Amazon Linux 2023.12.20260710',
  kernel: '6.1.176-221.360.amzn2023.x86_64',
  kubelet: 'v1.31.14-eks-70ce843',
  runtime: 'containerd://2.2.4',
  releaseVersion: '1.31.14-20260714',
  createdAt: '2026-07-14T19:02:26Z',
});

export const AL2023_1_32_20260714 = al2023('1.32', '20260714', 'amd64', {
  osImage: 'Amazon Linux 2023.12.20260710',
  kernel: '6.1.176-221.360.amzn2023.x86_64',
  kubelet: 'v1.32.13-eks-70ce843',
  runtime: 'containerd://2.2.4',
  releaseVersion: '1.32.13-20260714',
  createdAt: '2026-07-14T19:05:10Z',
});

/** Kubernetes 1.33 began with kernel 6.1 and went over to 6.12. */
export const AL2023_1_33_20250620 = al2023('1.33', '20250620', 'amd64', {
  osImage: 'Amazon Linux 2023.7.20250609',
  kernel: '6.1.140-154.222.amzn2023.x86_64',
  kubelet: 'v1.33.0-eks-802817d',
  runtime: 'containerd://1.7.27',
  releaseVersion: '1.33.0-20250620',
  createdAt: '2025-06-20T18:10:41Z',
});

export const AL2023_1_33_20260714_ARM = al2023('1.33', '20260714', 'arm64', {
  osImage: 'Amazon Linux 2023.12.20260710',
  kernel: '6.12.94-123.180.amzn2023.aarch64',
  kubelet: 'v1.33.13-eks-70ce843',
  runtime: 'containerd://2.2.4',
  releaseVersion: '1.33.13-20260714',
  createdAt: '2026-07-14T19:07:55Z',
});

/** Auto Mode numbers its own builds of Bottlerocket by date and shares no AMI with its customers. */
export const BOTTLEROCKET_AUTO_1_34: Ami = {
  name: 'eks-auto-standard-1.34',
  family: 'Bottlerocket',
  architecture: 'amd64',
  osImage: 'Bottlerocket (EKS Auto, Standard) 2026.10.30 (aws-k8s-1.34-standard)',
  kernel: '6.12.94',
  kubelet: 'v1.34.9-eks-70ce843',
  runtime: 'containerd://2.1.9+bottlerocket',
  releaseVersion: '',
  createdAt: '2026-10-30T08:00:00Z',
  description: '',
};

/** The same release has another id in every region. */
export const imageIdOf = (plan: ClusterPlan, ami: Ami): string => ec2Id('ami', `${plan.region}/${ami.name}`);
