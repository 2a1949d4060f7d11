import type { NodeProbe } from '../../model/facts-aws.ts';
import { bounded, MAX_LINE } from './bounded.ts';
import { describeFound } from './expectation.ts';
import { MalformedError } from './malformed-error.ts';

/** More than any health endpoint prints. */
const MAX_ANSWER = 65_536;

/** `[+]ping ok`, `[-]bpf-fs failed: reason withheld`, `[+]bpf-maps excluded: ok`. */
const LINE = /\[([+-])\]([\w.-]{1,63}) (ok|failed|excluded)/g;

/**
 * The network policy agent's verbose `/readyz`
 * (`GET /api/v1/namespaces/kube-system/pods/<pod>:8163/proxy/readyz?verbose`). Agents from 1.4.1 have the checks `bpf-fs`
 * and `bpf-maps` (https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/healthcheck.go); older ones answer
 * without them: `not-reported`. A failed check is answered with status 500, and kubectl then prints the same text, its
 * line ends escaped, inside an error: both are read.
 * @throws MalformedError where the text holds no check at all.
 */
export const normaliseReadyz = (nodeName: string, answer: string): NodeProbe => {
  const checks = [...answer.slice(0, MAX_ANSWER).matchAll(LINE)].map(([, sign, name, word]) => ({
    name,
    state: word === 'excluded' ? 'excluded' : sign === '+' ? 'ok' : 'failed',
  }));
  if (checks.length === 0) throw new MalformedError('', 'verbose readyz text', describeFound(answer));
  const stateOf = (name: string): string | undefined => checks.find((check) => check.name === name)?.state;
  const bpffs = stateOf('bpf-fs');
  const bpfMaps = stateOf('bpf-maps');
  return {
    nodeName: bounded(nodeName),
    method: 'readyz',
    bpffs: bpffs === 'ok' ? 'mounted' : bpffs === 'failed' ? 'not-mounted' : 'not-reported',
    bpfMaps: bpfMaps === 'ok' ? 'pinned' : bpfMaps === 'failed' ? 'not-pinned' : 'not-reported',
    detail: bounded(checks.map(({ name, state }) => `${name} ${state}`).join(', '), MAX_LINE),
  };
};
