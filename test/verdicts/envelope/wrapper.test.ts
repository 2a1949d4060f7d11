import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, unwrapEvent } from '../../../shared/verdicts/envelope/wrapper.ts';

describe('unwrapEvent', () => {
  it('finds the payload of a CloudWatch Logs event', () => {
    expect(unwrapEvent({ awslogs: { data: 'H4sI' } })).toEqual({
      payloads: [{ form: 'cloudwatch-logs', data: 'H4sI' }],
      faults: [],
    });
  });

  it('finds the payloads of Kinesis records by sequence number, the good ones beside the bad', () => {
    const event = {
      Records: [
        { eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '1', data: 'a' } },
        { kinesis: { sequenceNumber: '2' } },
        'no record',
        { kinesis: { data: 'b' } },
      ],
    };
    expect(unwrapEvent(event)).toEqual({
      payloads: [
        { form: 'kinesis', id: '1', data: 'a' },
        { form: 'kinesis', data: 'b' },
      ],
      faults: [
        { id: '2', path: '$.Records[1].kinesis.data', expected: 'base64 text' },
        { path: '$.Records[2].kinesis.data', expected: 'base64 text' },
      ],
    });
  });

  it('finds the payloads of Firehose records by record id', () => {
    expect(
      unwrapEvent({
        invocationId: 'i',
        records: [
          { recordId: 'r', data: 'a' },
          { recordId: 's', data: 7 },
        ],
      }),
    ).toEqual({
      payloads: [{ form: 'firehose', id: 'r', data: 'a' }],
      faults: [{ id: 's', path: '$.records[1].data', expected: 'base64 text' }],
    });
  });

  it.each([{}, null, 7, 'text', [], { Records: 1 }, { records: 'x' }])(
    'names what it expected instead of %j',
    (event) => {
      expect(unwrapEvent(event)).toEqual({
        payloads: [],
        faults: [{ path: '$', expected: 'awslogs, Records or records' }],
      });
    },
  );

  it('names the path of a payload that is not there', () => {
    expect(unwrapEvent({ awslogs: {} }).faults).toEqual([{ path: '$.awslogs.data', expected: 'base64 text' }]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        expect(unwrapEvent(event).payloads).toEqual([]);
      }),
    );
  });
});

describe('decodeBase64', () => {
  it('reads back any bytes, with padding or without', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(decodeBase64(text)?.equals(bytes)).toBe(true);
        expect(decodeBase64(text.replaceAll('=', ''))?.equals(bytes)).toBe(true);
      }),
    );
  });

  it.each(['no base64!', 'H4sI*AAA', 'H4sI\nAAAA', 'H4sI====', '{"awslogs":1}'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
