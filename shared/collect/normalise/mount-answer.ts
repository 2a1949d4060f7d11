import type { NodeProbe } from '../../model/facts-aws.ts';
import { bounded, MAX_LINE } from './bounded.ts';
import { describeFound } from './expectation.ts';
import { MalformedError } from './malformed-error.ts';

/**
 * What MOUNT_COMMAND prints on a node: the file system type of `/sys/fs/bpf` (nothing where nothing is mounted there) and
 * the kernel's release.
 */
export const MOUNT_COMMAND = 'echo "bpffs=$(findmnt -n -o FSTYPE --mountpoint /sys/fs/bpf)"; echo "kernel=$(uname -r)"';

const line = (answer: string, name: string): string | undefined =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(answer)?.[1]?.trim();

/**
 * The output of MOUNT_COMMAND as SSM returns it, at most 24,000 characters
 * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html).
 * @throws MalformedError where the lines are not there: another program ran, or the output was cut
 */
export const normaliseMountAnswer = (nodeName: string, answer: string): NodeProbe => {
  const type = line(answer, 'bpffs');
  const kernel = line(answer, 'kernel');
  if (type === undefined || kernel === undefined || kernel === '') {
    throw new MalformedError('StandardOutputContent', 'lines bpffs=… and kernel=…', describeFound(answer));
  }
  const mounted = type === 'bpf';
  return {
    nodeName: bounded(nodeName),
    method: 'ssm',
    bpffs: mounted ? 'mounted' : 'not-mounted',
    bpfMaps: 'not-reported',
    kernelRelease: bounded(kernel, MAX_LINE),
    detail: bounded(
      mounted ? 'findmnt: bpf at /sys/fs/bpf' : `findmnt: ${type === '' ? 'nothing' : type} at /sys/fs/bpf`,
      MAX_LINE,
    ),
  };
};
