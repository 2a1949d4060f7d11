import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../shared/verdicts/decode/event.ts';
import { PayloadDecoder } from '../../../shared/verdicts/decode/payload.ts';
import { subscriptionDocument } from '../../support/verdict-lines.ts';

const payload = (source: string, fields = {}): string =>
  gzipSync(
    subscriptionDocument(
      [
        {
          id: '3'.repeat(56),
          timestamp: 1_787_393_730_512,
          message: `Node: n;SIP: ${source};SPORT: 41022;DIP: 10.0.40.9;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY`,
        },
      ],
      fields,
    ),
  ).toString('base64');

const probe = gzipSync(JSON.stringify({ messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logEvents: [] }));

const kinesis = (...data: readonly unknown[]): unknown => ({
  Records: data.map((it, i) => ({ eventSource: 'aws:kinesis', kinesis: { sequenceNumber: `s${i}`, data: it } })),
});

describe('decodeEvent', () => {
  it('reads the one payload of CloudWatch Logs', async () => {
    const { records, faults, lostIds } = await decodeEvent(
      { awslogs: { data: payload('10.0.0.1') } },
      new PayloadDecoder(),
    );
    expect(records).toMatchObject([{ form: 'cloudwatch-logs', batch: { counts: { denied: 1 } } }]);
    expect(records[0]).not.toHaveProperty('id');
    expect({ faults, lostIds }).toEqual({ faults: [], lostIds: [] });
  });

  it('reads every record of Kinesis that can be read, and names the others by sequence number', async () => {
    const cut = Buffer.from(payload('10.0.0.3'), 'base64').subarray(0, -20).toString('base64');
    const event = kinesis(
      payload('10.0.0.1'),
      'no base64!',
      undefined,
      Buffer.from('no gzip').toString('base64'),
      gzipSync('{"hello":1}').toString('base64'),
      probe.toString('base64'),
      cut,
      payload('10.0.0.2', { owner: '444455556666' }),
    );
    const { records, faults, lostIds } = await decodeEvent(event, new PayloadDecoder());
    expect(records.map(({ id, batch }) => [id, batch.counts.denied, batch.problems.map(({ kind }) => kind)])).toEqual([
      ['s0', 1, []],
      ['s1', 0, ['bad-base64']],
      ['s3', 0, ['not-gzip']],
      ['s4', 0, ['not-an-envelope']],
      ['s5', 0, []],
      ['s6', expect.any(Number), ['truncated']],
      ['s7', 1, []],
    ]);
    expect(records[4]?.batch.kind).toBe('control');
    expect(faults).toEqual([{ id: 's2', path: '$.Records[2].kinesis.data', expected: 'base64 text' }]);
    // Of the one that was cut the head was read, so it is not lost.
    expect(lostIds.toSorted()).toEqual(['s1', 's2', 's3', 's4']);
  });

  it('names the records of Firehose by their id, and reads what Firehose has decompressed', async () => {
    const plain = Buffer.from(Buffer.from(subscriptionDocument([]))).toString('base64');
    const event = {
      records: [
        { recordId: 'a', data: payload('10.0.0.1') },
        { recordId: 'b', data: plain },
        { recordId: 'c', data: '%' },
      ],
    };
    const { records, lostIds } = await decodeEvent(event, new PayloadDecoder());
    expect(records.map(({ form, batch }) => [form, batch.counts.denied])).toEqual([
      ['firehose', 1],
      ['firehose', 0],
      ['firehose', 0],
    ]);
    expect(lostIds).toEqual(['c']);
  });

  it.each([undefined, null, 7, 'x', {}, { Records: 'x' }])('finds nothing in %j, and says so', async (event) => {
    const { records, faults } = await decodeEvent(event, new PayloadDecoder());
    expect(records).toEqual([]);
    expect(faults).toEqual([{ path: '$', expected: 'awslogs, Records or records' }]);
  });
});
