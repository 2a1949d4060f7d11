import * as z from 'zod';
import type { AmiRecommendation } from '../../model/facts-aws-network.ts';
import { listOf, text } from './field.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';

/** Where the release of an image stands beside its `image_id`: EKS calls it `release_version`, Bottlerocket `image_version`. */
const RELEASES = ['release_version', 'image_version'] as const;

const answer = z.object({ Parameters: listOf(z.object({ Name: text, Value: text })) });

/**
 * ssm:GetParameters, `{ Parameters: [{ Name, Value }] }`: each image with its release, sorted. A parameter that does not
 * exist is in `InvalidParameters`: that image is not offered for this Kubernetes version, which is no fault
 * (https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html).
 * @throws MalformedError
 */
export const normaliseAmiRecommendations = (raw: unknown): readonly AmiRecommendation[] => {
  const values = new Map(parse(answer, raw, '').Parameters.map(({ Name, Value }) => [Name, Value]));
  const found = [...values].flatMap(([name, imageId]): readonly AmiRecommendation[] => {
    if (!name.endsWith('/image_id')) return [];
    const parameter = name.slice(0, -'/image_id'.length);
    const release = RELEASES.map((field) => values.get(`${parameter}/${field}`)).find((value) => value !== undefined);
    return release === undefined ? [] : [{ parameter, imageId, release }];
  });
  return sortedBy(found, ({ parameter }) => [parameter]);
};
