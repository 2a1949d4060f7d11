/** Wires the reading of a log group: apart from the other compositions, so that reading files loads no SDK. */
import { awsAccess } from './runtime/aws/access.ts';
import { callLog } from './runtime/aws/calls.ts';

export interface LogGroupRange {
  readonly name: string;
  readonly region: string;
  readonly profile?: string;
  /** Milliseconds. */
  readonly from: number;
  readonly to?: number;
}

/**
 * The events of a log group as one document, as `aws logs filter-log-events` prints them: page by page, so that a busy
 * group is never in memory as a whole. IAM: logs:FilterLogEvents.
 * @throws what the SDK throws
 */
export const logGroupEvents = async function* logGroupEvents(range: LogGroupRange): AsyncGenerator<Uint8Array> {
  const calls = callLog();
  const access = awsAccess(calls, () => new Date());
  const { session } = await access(range.profile === undefined ? {} : { profile: range.profile }, range.region);
  const [client, { paginateFilterLogEvents }] = await Promise.all([
    session(calls).logs(),
    import('@aws-sdk/client-cloudwatch-logs'),
  ]);
  const encoder = new TextEncoder();
  yield encoder.encode('{"events":[');
  let isFirst = true;
  const pages = paginateFilterLogEvents(
    { client },
    {
      logGroupName: range.name,
      startTime: range.from,
      ...(range.to === undefined ? {} : { endTime: range.to }),
      // Control plane logs share the group and may be a thousand times as many.
      filterPattern: '"PolicyVerdict"',
    },
  );
  for await (const { events = [] } of pages) {
    for (const event of events) {
      yield encoder.encode(`${isFirst ? '' : ','}\n${JSON.stringify(event)}`);
      isFirst = false;
    }
  }
  yield encoder.encode('\n]}\n');
};
