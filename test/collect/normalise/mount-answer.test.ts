import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { MOUNT_COMMAND, normaliseMountAnswer } from '../../../shared/collect/normalise/mount-answer.ts';

describe('normaliseMountAnswer', () => {
  it('reads a node with bpffs mounted', () => {
    expect(normaliseMountAnswer('ip-10-0-1-5', 'bpffs=bpf\nkernel=5.10.230-223.885.amzn2.x86_64\n')).toEqual({
      nodeName: 'ip-10-0-1-5',
      method: 'ssm',
      bpffs: 'mounted',
      bpfMaps: 'not-reported',
      kernelRelease: '5.10.230-223.885.amzn2.x86_64',
      detail: 'findmnt: bpf at /sys/fs/bpf',
    });
  });

  it('reads a node where nothing is mounted there', () => {
    expect(normaliseMountAnswer('ip-10-0-1-5', 'bpffs=\nkernel=5.4.228\n')).toMatchObject({
      bpffs: 'not-mounted',
      detail: 'findmnt: nothing at /sys/fs/bpf',
    });
  });

  it('does not take another file system for bpffs', () => {
    expect(normaliseMountAnswer('ip-10-0-1-5', 'bpffs=tmpfs\nkernel=5.10.1\n')).toMatchObject({ bpffs: 'not-mounted' });
  });

  it.each(['', 'bpffs=bpf', 'kernel=5.10.1', 'bpffs=bpf\nkernel=', 'sh: findmnt: command not found'])(
    'refuses %j: it is not what the command prints',
    (answer) => {
      expect(() => normaliseMountAnswer('ip-10-0-1-5', answer)).toThrow('expected lines bpffs=… and kernel=…');
    },
  );

  it('is what the command really prints, on any Linux', () => {
    const printed = execFileSync('sh', ['-c', MOUNT_COMMAND], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(printed).toMatch(/^bpffs=.*\nkernel=.+\n$/);
  });
});
