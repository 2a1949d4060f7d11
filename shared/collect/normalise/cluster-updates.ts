import * as z from 'zod';
import type { ClusterUpdate } from '../../model/facts-aws-network.ts';
import { text } from './field.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';
import { awsTime } from './time.ts';

const ids = z.object({ updateIds: z.array(text) });

/**
 * eks:ListUpdates, `{ updateIds: [id] }`, sorted
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_ListUpdates.html).
 * @throws MalformedError
 */
export const normaliseUpdateIds = (raw: unknown): readonly string[] => distinct(parse(ids, raw, '').updateIds);

const answer = z.object({ update: z.object({ id: text, type: text, status: text, createdAt: awsTime }) });

/**
 * eks:DescribeUpdate, `{ update: … }` (https://docs.aws.amazon.com/eks/latest/APIReference/API_Update.html).
 * @param subject what the update is of; the answer does not repeat it.
 * @throws MalformedError
 */
export const normaliseUpdate = (raw: unknown, subject: string): ClusterUpdate => {
  const { id, type, status, createdAt } = parse(answer, raw, '').update;
  return { id, type, status, subject, createdAt };
};
