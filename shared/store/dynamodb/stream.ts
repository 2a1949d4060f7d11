import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { ClusterRef } from '../../model/cluster.ts';
import type { Change } from '../../model/finding.ts';
import { parseStored } from '../stored-record.ts';
import { FINDING, findingIn } from './finding-item.ts';
import { Kind } from './partition.ts';

/** One change as the outbox gives it. */
export interface CommittedChange {
  readonly change: Change;
  /**
   * Higher with every change of the finding, also after it was forgotten and found again: with the finding's id it
   * tells a destination what it has had.
   */
  readonly sequence: number;
  readonly cluster: ClusterRef;
  /** When it was committed, RFC 3339. */
  readonly at: string;
}

const ChangedItem = z
  .object({ pk: z.string(), sk: z.string(), version: z.int().positive(), change: Kind, changedAt: z.iso.datetime() })
  .catchall(z.union([z.string(), z.number(), z.instanceof(Uint8Array)]));

/**
 * The change in the `NewImage` of a stream record, which has one exactly for each change of each commit. Undefined for
 * records of anything else: other items, and the removal of an expired finding, which has no new image.
 * `refreshed` and `backdated` come too: what an expired exception or a finding that can be looked at again needs comes as
 * one. Other items of the table need not wake anybody: `{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"FINDING#"}]}}}}`.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 *
 * `image` has bytes as Uint8Array or, as Lambda's event has them, in base64.
 * Throws StoreError where an image is that of a finding and cannot be understood.
 */
export const changeFromStreamImage = (
  image: { readonly [attribute: string]: StreamValue } | undefined,
): CommittedChange | undefined => {
  const sk = image?.['sk']?.S;
  if (image === undefined || sk === undefined || !sk.startsWith(FINDING)) return undefined;
  const item = parseStored(ChangedItem, `stream image of ${sk}`, unmarshall(withBytes(image)));
  const finding = findingIn('stream image', item);
  return {
    change: { kind: item.change, finding },
    sequence: item.version,
    cluster: finding.cluster,
    at: item.changedAt,
  };
};

/** As the SDK gives it and as Lambda's event has it. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html */
export interface StreamValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: Uint8Array | string | undefined;
}

const withBytes = (image: { readonly [attribute: string]: StreamValue }): { [attribute: string]: AttributeValue } =>
  Object.fromEntries(
    Object.entries(image).flatMap(([name, { S, N, B }]): readonly (readonly [string, AttributeValue])[] => {
      if (S !== undefined) return [[name, { S }]];
      if (N !== undefined) return [[name, { N }]];
      if (B === undefined) return [];
      return [[name, { B: typeof B === 'string' ? Buffer.from(B, 'base64') : B }]];
    }),
  );
