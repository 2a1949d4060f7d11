import * as z from 'zod';
import type { Image } from '../../model/facts-aws.ts';
import { given, text } from './field.ts';
import { normaliseItems } from './items.ts';
import { parse } from './parse.ts';
import { awsTime } from './time.ts';

const image = z.object({
  ImageId: text,
  Name: text,
  OwnerId: text.nullish(),
  CreationDate: awsTime.nullish(),
});

/**
 * One image of ec2:DescribeImages (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html).
 * @throws MalformedError
 */
export const normaliseImage = (item: unknown, path = ''): Image => {
  const read = parse(image, item, path);
  return {
    imageId: read.ImageId,
    name: read.Name,
    ...given({ ownerId: read.OwnerId, creationDate: read.CreationDate }),
  };
};

const answer = z.object({ Images: z.array(z.unknown()) });

/**
 * ec2:DescribeImages, `{ Images: […] }`, sorted by image id.
 * @throws MalformedError
 */
export const normaliseImages = (raw: unknown): readonly Image[] =>
  normaliseItems(parse(answer, raw, '').Images, normaliseImage, ({ imageId }) => [imageId], 'Images');
