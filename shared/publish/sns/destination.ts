import type { MessageAttributeValue, SNSClient } from '@aws-sdk/client-sns';
import type { Announcement } from '../../model/announcement.ts';
import { singleLine } from '../../model/single-line.ts';
import { fitMessage, toMessage, type KeepFull } from '../message/finding-message.ts';
import type { RecordDestination } from '../port.ts';
import { sendEach } from '../send-each.ts';

/** Body and attributes together: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
const LIMIT_BYTES = 262_144;
const ATTRIBUTE_ROOM = 4096;
const ATTRIBUTE = 256;
const CONCURRENCY = 8;

export interface SnsOptions {
  readonly client: () => Promise<SNSClient>;
  /** A FIFO topic's ends in `.fifo`: then a finding's messages stay in order and a repeated one is dropped. */
  readonly topicArn: string;
  readonly keepFull?: KeepFull;
}

/** A lone surrogate cannot be sent at all, and what is not shown can match no filter that a person wrote. */
const text = (value: string): MessageAttributeValue => ({
  DataType: 'String',
  StringValue: singleLine(value, ATTRIBUTE),
});

/** For filter policies; SNS refuses an attribute without a value. */
export const attributesOf = ({ change, check, owner }: Announcement): { [name: string]: MessageAttributeValue } => {
  const { finding, kind } = change;
  return {
    severity: text(finding.severity),
    account: text(finding.cluster.account),
    region: text(finding.cluster.region),
    cluster: text(finding.cluster.name),
    check: text(check.id),
    status: text(finding.status),
    change: text(kind),
    ...(owner === undefined || owner === '' ? {} : { owner: text(owner) }),
  };
};

/** One JSON message a change: `docs/finding-message.schema.json`. */
export const snsDestination = ({ client, topicArn, keepFull }: SnsOptions): RecordDestination => ({
  kind: 'record',
  name: 'sns',
  wants: 'every-change',
  publish: (items) =>
    sendEach(items, CONCURRENCY, async (item) => {
      const fitted = await fitMessage(toMessage(item), LIMIT_BYTES - ATTRIBUTE_ROOM, keepFull);
      if (fitted === undefined) return { id: item.id, outcome: 'refused', reason: `more than ${LIMIT_BYTES} bytes` };
      const [sns, { PublishCommand }] = await Promise.all([client(), import('@aws-sdk/client-sns')]);
      const { MessageId } = await sns.send(
        new PublishCommand({
          TopicArn: topicArn,
          Message: fitted.body,
          MessageAttributes: attributesOf(item),
          ...(topicArn.endsWith('.fifo')
            ? // Only [A-Za-z0-9] and some signs, at most 128: the digest alone, and the digest with the sequence.
              { MessageGroupId: groupOf(item), MessageDeduplicationId: `${groupOf(item)}-${item.sequence}` }
            : {}),
        }),
      );
      return { id: item.id, outcome: 'delivered', ...(MessageId === undefined ? {} : { reference: MessageId }) };
    }),
});

const groupOf = ({ change }: Announcement): string => change.finding.id.slice(change.finding.id.lastIndexOf('/') + 1);
