import { fieldOf, textOf, type WireEvent } from './envelope.ts';
import { fromAutoScalingCall } from './cloudtrail-auto-scaling.ts';
import { fromEc2Call } from './cloudtrail-ec2.ts';
import { fromEksCall } from './cloudtrail-eks.ts';
import { sourceText } from './place.ts';
import { nothing, type Triggered } from './request.ts';

/** One recorded call. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export interface ApiCall {
  readonly event: WireEvent;
  readonly name: string;
  readonly request: unknown;
  readonly response: unknown;
  /** For people. */
  readonly source: string;
}

export const CLOUDTRAIL = 'AWS API Call via CloudTrail';

/**
 * Somebody asked for a change. A refused call changed nothing; one that only reads never does. An accepted one may still
 * be under way: the audit sees that, and is asked for again.
 */
export const fromCloudTrail = (event: WireEvent): readonly Triggered[] => {
  const { detail } = event;
  const name = textOf(detail, 'eventName');
  const service = textOf(detail, 'eventSource');
  if (name === undefined || service === undefined) return nothing('a CloudTrail record without a name');
  const error = textOf(detail, 'errorCode');
  if (error !== undefined) return nothing(`${sourceText(name)} was refused: ${sourceText(error)}`);
  const readOnly = fieldOf(detail, 'readOnly');
  if (readOnly === true || readOnly === 'true') return nothing(`${sourceText(name)} only reads`);
  const call: ApiCall = {
    event,
    name,
    request: fieldOf(detail, 'requestParameters'),
    response: fieldOf(detail, 'responseElements'),
    source: sourceText(event.source, name, textOf(detail, 'eventID') ?? event.id),
  };
  switch (service) {
    case 'eks.amazonaws.com':
      return fromEksCall(call);
    case 'autoscaling.amazonaws.com':
      return fromAutoScalingCall(call);
    case 'ec2.amazonaws.com':
      return fromEc2Call(call);
    default:
      return nothing(`calls of ${sourceText(service)} change no node`);
  }
};
