import * as z from 'zod';
import { FindingMessage, MESSAGE_VERSION } from '../../shared/publish/message/finding-message.ts';

/** The message on SNS, EventBridge and webhooks as JSON Schema 2020-12. Readers must allow keys they do not know. */
export const generateFindingMessageSchema = (): string => {
  const { $schema, ...schema } = z.toJSONSchema(FindingMessage, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const document = {
    $schema,
    $id: `https://netpol-warden.dev/schema/finding-message/v${MESSAGE_VERSION}.json`,
    title: 'Netpol Warden finding change',
    description:
      'One change of one finding: the SNS message, the detail of the EventBridge event, the body of a webhook.',
    ...schema,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};
