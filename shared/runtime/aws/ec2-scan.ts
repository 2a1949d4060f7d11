import type { EC2Client } from '@aws-sdk/client-ec2';
import { SCANNED_ANSWERS } from './ec2-answers.ts';
import { readAnswer } from './xml-answer.ts';
import { XmlAnswerError } from './xml-cursor.ts';

/** The part of an SDK client's protocol that reads answers. */
interface AnswerReader {
  deserializeResponse: (operation: Operation, context: object, response: HttpAnswer) => Promise<object>;
}

interface Operation {
  /** With its namespace or without: `com.amazonaws.ec2#DescribeInstances`. */
  readonly name: string;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: unknown;
}

/**
 * Makes this client read the long lists of EC2 for the fields we use and no others: the SDK builds an object of every
 * element first, which is the dearest single thing a sweep does. Errors, and all other operations, take the SDK's own
 * path, so that its retries and error names stay what they are.
 *
 * A body that is not what EC2 promises makes `send` reject with an XmlAnswerError, never with a shorter list.
 */
export const scanLongLists = (client: EC2Client): EC2Client => {
  const { streamCollector } = client.config;
  // The client's constructor has made an instance of it; its declared type still allows for the class.
  const protocol = client.config.protocol as unknown as AnswerReader;
  const deserialize = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    const name = operation.name.slice(operation.name.indexOf('#') + 1);
    const shape = SCANNED_ANSWERS.get(name);
    if (shape === undefined || response.statusCode >= 300) return deserialize(operation, context, response);
    const $metadata = { httpStatusCode: response.statusCode, requestId: response.headers['x-amzn-requestid'] };
    const body = await streamCollector(response.body);
    try {
      return { ...readAnswer(body, `${name}Response`, shape), $metadata };
    } catch (error) {
      if (!(error instanceof XmlAnswerError)) throw error;
      // The metadata tells the SDK that the error is finished: it adds a hint about hidden fields to others.
      throw Object.assign(new XmlAnswerError(`ec2:${name}: ${error.message}`), { $metadata });
    }
  };
  return client;
};
