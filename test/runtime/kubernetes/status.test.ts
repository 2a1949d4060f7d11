import { describe, expect, it } from 'vitest';
import { readStatus } from '../../../shared/runtime/kubernetes/status.ts';
import { goldenJson, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

describe('readStatus', () => {
  it('reads the same from both encodings', () => {
    const expected = {
      message: 'The provided continue parameter is too old to display a consistent list result.',
      reason: 'Expired',
      name: 'x',
      continueToken: 'eyJpbmNvbnNpc3RlbnQiOnRydWV9',
      retryAfterSeconds: 3,
    };
    expect(readStatus(goldenProtobuf('status-gone'), PROTOBUF)).toEqual(expected);
    expect(readStatus(Buffer.from(goldenJson('status-gone')), 'application/json; charset=utf-8')).toEqual(expected);
  });

  it('takes nothing else for a Status', () => {
    expect(readStatus(Buffer.from('404 page not found\n'), 'text/plain; charset=utf-8')).toBeUndefined();
    expect(readStatus(Buffer.from('{"kind":"PodList","message":"x"}'), 'application/json')).toBeUndefined();
    expect(readStatus(Buffer.from('{"kind":"Status","message":{}}'), 'application/json')).toBeUndefined();
    expect(readStatus(goldenProtobuf('pod-list'), PROTOBUF)).toBeUndefined();
    expect(readStatus(Buffer.from('k8s'), PROTOBUF)).toBeUndefined();
    expect(readStatus(goldenProtobuf('status-gone').subarray(0, 40), PROTOBUF)).toBeUndefined();
  });

  it('reads a Status that says nothing', () => {
    const nothing = { message: '', reason: '', name: '', continueToken: '', retryAfterSeconds: 0 };
    expect(readStatus(Buffer.from('{"kind":"Status"}'), undefined)).toEqual(nothing);
  });
});
