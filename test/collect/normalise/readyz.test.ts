import { describe, expect, test } from 'vitest';
import { normaliseReadyz } from '../../../shared/collect/normalise/readyz.ts';
import { refusal } from './malformed.ts';

describe('the agent’s readyz', () => {
  test('everything ok', () => {
    const answer = '[+]bpf-fs ok\n[+]bpf-maps ok\n[+]grpc-socket ok\nreadyz check passed\n';
    expect(normaliseReadyz('node-a', answer)).toEqual({
      nodeName: 'node-a',
      method: 'readyz',
      bpffs: 'mounted',
      bpfMaps: 'pinned',
      detail: 'bpf-fs ok, bpf-maps ok, grpc-socket ok',
    });
  });

  test('failed checks', () => {
    const answer =
      '[-]bpf-fs failed: reason withheld\n[-]bpf-maps failed: reason withheld\n[+]grpc-socket ok\nreadyz check failed\n';
    expect(normaliseReadyz('node-a', answer)).toMatchObject({ bpffs: 'not-mounted', bpfMaps: 'not-pinned' });
  });

  test('the same inside kubectl’s error, its line ends escaped', () => {
    const answer = String.raw`Error from server (InternalError): an error on the server ("[-]bpf-fs failed: reason withheld\n[+]bpf-maps ok\nreadyz check failed") has prevented the request from succeeding`;
    expect(normaliseReadyz('node-a', answer)).toMatchObject({ bpffs: 'not-mounted', bpfMaps: 'pinned' });
  });

  test('an agent before 1.4.1 reports neither', () => {
    expect(normaliseReadyz('node-a', '[+]ping ok\nreadyz check passed\n')).toMatchObject({
      bpffs: 'not-reported',
      bpfMaps: 'not-reported',
      detail: 'ping ok',
    });
  });

  test('a check that somebody excluded was not made', () => {
    expect(normaliseReadyz('node-a', '[+]bpf-fs excluded: ok\n[+]bpf-maps ok\n')).toMatchObject({
      bpffs: 'not-reported',
      bpfMaps: 'pinned',
    });
  });

  test.each([
    { answer: '', found: '""' },
    { answer: 'ok', found: '"ok"' },
    { answer: '<html>\u001B[2J</html>', found: String.raw`"<html>\u001b[2J</html>"` },
  ])('$found is no such answer', ({ answer, found }) => {
    expect(refusal(() => normaliseReadyz('node-a', answer))).toEqual({
      path: '',
      expected: 'verbose readyz text',
      found,
    });
  });

  test('the detail is bounded', () => {
    const answer = Array.from({ length: 500 }, (_, index) => `[+]check-${index} ok`).join('\n');
    expect(normaliseReadyz('node-a', answer).detail).toHaveLength(300);
  });
});
