import { describe, expect, it } from 'vitest';
import bpffsMounted from '../../shared/checks/network-policy/bpffs-mounted.ts';
import enforced from '../../shared/checks/network-policy/enforced.ts';
import { remediationCommand } from '../../shared/model/check.ts';

describe('the command that mends bpffs', () => {
  it.each([
    [bpffsMounted, 'bottlerocket-too-old'],
    [bpffsMounted, 'bottlerocket-not-seen'],
    [enforced, 'broken-bpffs-bottlerocket'],
  ])('of a Bottlerocket node is no mount, for there is no shell to type it into', ({ remediation }, message) => {
    expect(remediationCommand(remediation, message)).toBe(
      'aws eks update-nodegroup-version --cluster-name <cluster> --nodegroup-name <node group>',
    );
  });

  it.each([
    [bpffsMounted, 'bpffs-not-by-ami'],
    [bpffsMounted, 'bpffs-not-seen'],
    [enforced, 'broken-bpffs'],
  ])('of any other node is the mount', ({ remediation }, message) => {
    expect(remediationCommand(remediation, message)).toContain('mount -t bpf bpffs /sys/fs/bpf');
  });
});
