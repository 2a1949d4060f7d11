import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evidence,
  isUnobserved,
  items,
  missing,
  notRead,
  printable,
  tooEarly,
  unreadable,
} from '../../../shared/checks/links/evidence.ts';
import { absent, observed, unobserved } from '../../../shared/model/fact.ts';

const AT = '2026-11-20T09:00:00Z';

describe('printable', () => {
  it('leaves plain text, and letters of any script, as they are', () => {
    expect(printable('aws-node=true')).toBe('aws-node=true');
    expect(printable('Größe 大きさ')).toBe('Größe 大きさ');
  });

  it('replaces line breaks: one value is one line', () => {
    expect(printable('a\r\nb\tc')).toBe('a\uFFFD\uFFFDb\uFFFDc');
  });

  it('replaces the escape that drives a terminal', () => {
    expect(printable('\u001b[2Jgone')).toBe('\uFFFD[2Jgone');
  });

  it('replaces the C1 control that drives a terminal in one character', () => {
    expect(printable('\u009b31mred')).toBe('\uFFFD31mred');
  });

  it('replaces what reverses the order of text', () => {
    expect(printable('safe\u202Eexe.\u2066x\u2069')).toBe('safe\uFFFDexe.\uFFFDx\uFFFD');
  });

  it('replaces what hides in text: zero width and byte order mark', () => {
    expect(printable('kube\u200Bsystem\uFEFF')).toBe('kube\uFFFDsystem\uFFFD');
  });

  it('keeps 200 characters whole', () => {
    expect(printable('x'.repeat(200))).toBe('x'.repeat(200));
  });

  it('cuts the 201st with a mark that it was cut', () => {
    expect(printable('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
  });

  it('is bounded and without control characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const shown = printable(text);
        expect(shown.length).toBeLessThanOrEqual(200);
        expect(shown).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('evidence', () => {
  it('tells fact, path, value, source and time, and is observed unless said otherwise', () => {
    const fact = observed([], 'GET /api/v1/nodes', AT);
    expect(evidence('kubernetes.nodes', fact, '[name=a].kernelVersion', '6.12.40')).toEqual({
      fact: 'kubernetes.nodes',
      path: '[name=a].kernelVersion',
      value: '6.12.40',
      grade: 'observed',
      source: 'GET /api/v1/nodes',
      observedAt: AT,
    });
  });

  it('takes an absent fact: that something is not there is evidence', () => {
    const fact = absent('GET /apis/apps/v1/namespaces/kube-system/daemonsets/aws-node', AT);
    expect(evidence('kubernetes.aws-node', fact, '', 'not found', 'declared').grade).toBe('declared');
  });

  it('cleans path and value: both come from the cluster', () => {
    const fact = observed([], 'GET /api/v1/nodes', AT);
    const made = evidence('kubernetes.nodes', fact, '[name=a\u001b]', 'b\u202E');
    expect(made.path).toBe('[name=a\uFFFD]');
    expect(made.value).toBe('b\uFFFD');
  });
});

describe('missing and unreadable', () => {
  it('a fact that could not be read keeps its reason', () => {
    const fact = unobserved('denied', 'nodes is forbidden\nfor us', 'GET /api/v1/nodes', AT);
    expect(missing('kubernetes.nodes', fact)).toEqual({
      fact: 'kubernetes.nodes',
      reason: 'denied',
      detail: 'nodes is forbidden\uFFFDfor us',
      source: 'GET /api/v1/nodes',
    });
  });

  it('a fact that was read and not understood is malformed', () => {
    const fact = observed({}, 'eks:DescribeCluster', AT);
    expect(unreadable('eks.cluster', fact, 'version: expected <major>.<minor>, found latest')).toEqual({
      fact: 'eks.cluster',
      reason: 'malformed',
      detail: 'version: expected <major>.<minor>, found latest',
      source: 'eks:DescribeCluster',
    });
  });
});

describe('tooEarly and notRead', () => {
  const read = observed([], 'GET /api/v1/nodes', '2026-11-20T09:00:00Z');

  it('says how long after the join it was read, and from when it counts', () => {
    expect(tooEarly('kubernetes.nodes', read, 60)).toEqual({
      fact: 'kubernetes.nodes',
      reason: 'too-early',
      detail: 'read 60 s after the node joined; it counts from 300 s on',
      source: 'GET /api/v1/nodes',
    });
  });

  it('says which value was not part of what was read', () => {
    expect(notRead('kubernetes.aws-node', read, 'env.A\u0000: elsewhere')).toEqual({
      fact: 'kubernetes.aws-node',
      reason: 'not-collected',
      detail: 'env.A\uFFFD: elsewhere',
      source: 'GET /api/v1/nodes',
    });
  });
});

describe('items and isUnobserved', () => {
  it('an API that is not served has no items', () => {
    expect(items(absent('GET /apis/eks.amazonaws.com/v1/nodeclasses', AT))).toEqual([]);
    expect(items(observed(['a'], 'GET /api/v1/nodes', AT))).toEqual(['a']);
  });

  it('absent was looked at; only unobserved was not', () => {
    expect(isUnobserved(absent('GET /api/v1/nodes', AT))).toBe(false);
    expect(isUnobserved(observed([], 'GET /api/v1/nodes', AT))).toBe(false);
    expect(isUnobserved(unobserved('throttled', '', 'GET /api/v1/nodes', AT))).toBe(true);
  });
});
