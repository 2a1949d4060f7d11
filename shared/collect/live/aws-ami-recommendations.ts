import { GetParametersCommand, type Parameter } from '@aws-sdk/client-ssm';
import { normaliseAmiRecommendations } from '../normalise/ami-recommendations.ts';
import { required, type Collector } from './collector.ts';
import { chunks } from './aws-pages.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const NAMES = 10;

const ARCHITECTURES = ['x86_64', 'arm64'] as const;

/** Neuron is for Inferentia and Trainium, which no Graviton instance has. */
const AL2023_IMAGES = ['x86_64/standard', 'x86_64/nvidia', 'x86_64/neuron', 'arm64/standard', 'arm64/nvidia'] as const;

/**
 * https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html. Image and release of each stand
 * side by side, so that no chunk parts them.
 */
const parametersOf = (version: string): readonly string[] => {
  const al2023 = AL2023_IMAGES.map((image) => `eks/optimized-ami/${version}/amazon-linux-2023/${image}`);
  const bottlerocket = ['', '-nvidia', '-fips'].flatMap((flavour) =>
    ARCHITECTURES.map((architecture) => `bottlerocket/aws-k8s-${version}${flavour}/${architecture}`),
  );
  return [
    ...al2023.flatMap((image) =>
      ['image_id', 'release_version'].map((field) => `/aws/service/${image}/recommended/${field}`),
    ),
    ...bottlerocket.flatMap((image) =>
      ['image_id', 'image_version'].map((field) => `/aws/service/${image}/latest/${field}`),
    ),
  ];
};

export const amiRecommendations: Collector<'ssm.ami-recommendations'> = {
  key: 'ssm.ami-recommendations',
  source: 'ssm:GetParameters',
  iam: ['eks/optimized-ami/*', 'bottlerocket/*'].map((path) => ({
    action: 'ssm:GetParameters',
    resource: `arn:\${AWS::Partition}:ssm:*::parameter/aws/service/${path}`,
  })),
  rbac: [],
  collect: async (context) => {
    const { aws, signal } = context;
    const { version } = await required(context, 'eks.cluster');
    const ssm = await aws.ssm();
    const found = await Promise.all(
      chunks(parametersOf(version), NAMES).map(async (Names): Promise<readonly Parameter[]> => {
        const answer = await aws.limit(() => ssm.send(new GetParametersCommand({ Names }), { abortSignal: signal }));
        return answer.Parameters ?? [];
      }),
    );
    return normaliseAmiRecommendations({ Parameters: found.flat() });
  },
};
