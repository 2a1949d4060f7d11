import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findEvents,
  isControlPlaneStream,
  readHead,
  walkSegment,
} from '../../../shared/verdicts/envelope/subscription.ts';
import type { LogEvent } from '../../../shared/verdicts/envelope/subscription.ts';
import { AGENT_STREAM, subscriptionDocument } from '../../support/verdict-lines.ts';

const walk = (text: string): { events: (LogEvent | undefined)[]; after: string | undefined } => {
  const events: (LogEvent | undefined)[] = [];
  const after = walkSegment(text, (event) => events.push(event));
  return { events, after };
};

describe('findEvents', () => {
  it.each(['{"a":1,"logEvents":[', '{"logEvents" : [', '{"logEvents":\n[', '{"logGroup":"logEvents","logEvents":['])(
    'finds the beginning of the events in %j',
    (text) => {
      expect(findEvents(Buffer.from(`${text}{}]}`))).toBe(text.length);
    },
  );

  it.each(['', '{}', '{"logEvents":{', '{"x":"logEvents"}', '\u001f\u008b'])('finds none in %j', (text) => {
    expect(findEvents(Buffer.from(text))).toBeUndefined();
  });
});

describe('readHead', () => {
  it('reads what stands before the events and what stands after them', () => {
    const before = '{"messageType":"DATA_MESSAGE","owner":"111122223333","subscriptionFilters":["a","b"],"logEvents":[';
    const after = '],"logGroup":"/aws/eks/prod-1/cluster","logStream":"s","policyLevel":"ACCOUNT_LEVEL_POLICY"}';
    expect(readHead(before, after)).toEqual({
      isWhole: true,
      head: {
        messageType: 'DATA_MESSAGE',
        owner: '111122223333',
        logGroup: '/aws/eks/prod-1/cluster',
        logStream: 's',
        policyLevel: 'ACCOUNT_LEVEL_POLICY',
        subscriptionFilters: ['a', 'b'],
      },
    });
  });

  it('reads what stands before the events where the document breaks off', () => {
    expect(readHead('{"owner":"1","logEvents":[', undefined)).toEqual({
      isWhole: false,
      head: { owner: '1', subscriptionFilters: [] },
    });
  });

  it('reads nothing of a damaged head, and no field that is not text', () => {
    expect(readHead('{"owner":1","logEvents":[', ']}')).toEqual({ isWhole: false, head: { subscriptionFilters: [] } });
    expect(readHead('{"owner":1,"subscriptionFilters":[1,"a"],"logEvents":[', ']}')).toEqual({
      isWhole: true,
      head: { subscriptionFilters: ['a'] },
    });
  });
});

describe('walkSegment', () => {
  it('reads of good documents the events that JSON.parse reads, and what follows them', () => {
    const event = fc.record(
      {
        id: fc.stringMatching(/^\d{56}$/),
        timestamp: fc.nat(),
        message: fc.string({ unit: 'binary' }),
        extractedFields: fc.dictionary(fc.string(), fc.string()),
      },
      { requiredKeys: ['id', 'timestamp', 'message'] },
    );
    fc.assert(
      fc.property(fc.array(event), fc.constantFrom(0, 2), (all, indent) => {
        const text = JSON.stringify(all, null, indent).slice(1);
        const { events, after } = walk(`${text},"owner":"1"}`);
        expect(events).toEqual(all.map(({ id, timestamp, message }) => ({ id, timestamp, message })));
        expect(after).toBe('],"owner":"1"}');
      }),
    );
  });

  it('gives one undefined for an event without a text message, and reads on', () => {
    expect(walk('{"id":"1"},{"message":7},{"message":"m"},[1],{"message":"n"}').events).toEqual([
      undefined,
      undefined,
      { timestamp: undefined, message: 'm' },
      undefined,
    ]);
  });

  it.each(['{"message":"m', '{"message":"m"', 'garbage', '{"a":{}'])('gives one undefined for %s and stops', (text) => {
    expect(walk(text)).toEqual({ events: [undefined], after: undefined });
  });

  it('is not misled by braces, brackets and escaped quotes in a message', () => {
    const message = '}],"\\"{[\\\\';
    expect(walk(`${JSON.stringify({ message })}]}`)).toEqual({
      events: [{ timestamp: undefined, message }],
      after: ']}',
    });
  });
});

describe('isControlPlaneStream', () => {
  it.each([
    'kube-apiserver-0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    'kube-apiserver-audit-0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    'authenticator-0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    'kube-controller-manager-0a1b',
    'kube-scheduler-0a1b',
    'cloud-controller-manager-0a1b',
  ])('knows %s', (stream) => {
    expect(isControlPlaneStream(stream)).toBe(true);
  });

  it.each([AGENT_STREAM, '7d3f8a52-6c0e-4f2b-9b60-6a4d1c2e9f10', 'my-kube-apiserver-x', ''])('passes %j', (stream) => {
    expect(isControlPlaneStream(stream)).toBe(false);
  });
});

describe('the mark between events', () => {
  it('is in a document once less than there are events, whatever the messages hold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(',{"id":"')), { minLength: 1 }), (messages) => {
        const events = messages.map((message) => ({ id: '1', timestamp: 1, message }));
        expect(subscriptionDocument(events).split(',{"id":"')).toHaveLength(messages.length);
      }),
    );
  });
});
