import { describe, expect, it } from 'vitest';
import { awsNodePodOf, booleanFlag, containerOf, networkingOf } from '../../../shared/checks/links/aws-node.ts';
import { agentContainer, awsNodePod, cniContainer, daemonSet, node } from '../../support/cluster.ts';

const FLAG = 'enable-network-policy';
const NOT_SET = { is: 'off', written: '--enable-network-policy not set (default false)' };

describe('booleanFlag', () => {
  it('reads a value', () => {
    const container = agentContainer({ args: ['--enable-network-policy=true'] });
    expect(booleanFlag(container, FLAG)).toEqual({ is: 'on', written: '--enable-network-policy=true' });
  });

  it('takes a bare flag for true, whatever word stands behind it', () => {
    const container = agentContainer({ args: ['--enable-network-policy', 'false'] });
    expect(booleanFlag(container, FLAG)).toEqual({ is: 'on', written: '--enable-network-policy' });
  });

  it('lets the last of several win', () => {
    const off = agentContainer({ args: ['--enable-network-policy=true', '--x=1', '--enable-network-policy=false'] });
    expect(booleanFlag(off, FLAG)).toEqual({ is: 'off', written: '--enable-network-policy=false' });
    const on = agentContainer({ args: ['--enable-network-policy=false', '--enable-network-policy'] });
    expect(booleanFlag(on, FLAG)).toEqual({ is: 'on', written: '--enable-network-policy' });
  });

  it('takes for true what Go takes for true', () => {
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=1'] }), FLAG).is).toBe('on');
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=t'] }), FLAG).is).toBe('on');
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=True'] }), FLAG).is).toBe('on');
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=TRUE'] }), FLAG).is).toBe('on');
  });

  it('takes for false what Go would not start with', () => {
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=tRUE'] }), FLAG).is).toBe('off');
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=on'] }), FLAG).is).toBe('off');
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy=true\n'] }), FLAG).is).toBe('off');
    expect(booleanFlag(agentContainer({ args: ['--enable-network-policy='] }), FLAG).is).toBe('off');
  });

  it('reads a variable of the container as kubelet replaces it', () => {
    const args = ['--enable-network-policy=$(ON)'];
    expect(booleanFlag(agentContainer({ args, env: { ON: 'true' } }), FLAG)).toEqual({ is: 'on', written: args[0] });
    expect(booleanFlag(agentContainer({ args, env: { ON: 'no' } }), FLAG)).toEqual({ is: 'off', written: args[0] });
  });

  it('is unknown where the variable was not read', () => {
    const unread = agentContainer({ args: ['--enable-network-policy=$(ON)'], env: {} });
    expect(booleanFlag(unread, FLAG)).toEqual({ is: 'unknown', written: '--enable-network-policy=$(ON)' });
    const whole = agentContainer({ args: ['$(FLAGS)'], env: {} });
    expect(booleanFlag(whole, FLAG)).toEqual({ is: 'unknown', written: '$(FLAGS)' });
  });

  it('is known all the same where a later argument says it, or the variable is another flag’s', () => {
    const later = agentContainer({ args: ['$(FLAGS)', '--enable-network-policy=true'], env: {} });
    expect(booleanFlag(later, FLAG).is).toBe('on');
    const other = agentContainer({ args: ['--enable-network-policy=true', '--log-level=$(LEVEL)'], env: {} });
    expect(booleanFlag(other, FLAG).is).toBe('on');
  });

  it('is off by the default of the program where nothing sets it', () => {
    expect(booleanFlag(agentContainer({ args: [] }), FLAG)).toEqual(NOT_SET);
  });

  it('does not confuse it with longer, shorter, positional or three-dashed words', () => {
    const args = [
      '/controller',
      'enable-network-policy=true',
      '---enable-network-policy=true',
      '--enable-network-policy-logs=true',
      '--enable-network=true',
    ];
    expect(booleanFlag(agentContainer({ args }), FLAG)).toEqual(NOT_SET);
  });
});

describe('networkingOf', () => {
  it('is the VPC CNI on a Linux node that says nothing else', () => {
    expect(networkingOf(node({ labels: {} }))).toBe('vpc-cni');
    expect(networkingOf(node({ labels: { 'eks.amazonaws.com/compute-type': 'ec2' } }))).toBe('vpc-cni');
  });

  it('follows the compute type', () => {
    expect(networkingOf(node({ labels: { 'eks.amazonaws.com/compute-type': 'fargate' } }))).toBe('fargate');
    expect(networkingOf(node({ labels: { 'eks.amazonaws.com/compute-type': 'hybrid' } }))).toBe('hybrid');
    expect(networkingOf(node({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } }))).toBe('auto-mode');
  });

  it('is Windows before anything else', () => {
    const labels = { 'eks.amazonaws.com/compute-type': 'hybrid' };
    expect(networkingOf(node({ operatingSystem: 'windows', labels }))).toBe('windows');
  });
});

describe('awsNodePodOf', () => {
  const older = awsNodePod({ name: 'older', createdAt: '2026-11-01T00:00:00Z' });
  const younger = awsNodePod({ name: 'younger', createdAt: '2026-11-20T08:59:00Z' });

  it('takes the younger of two, in whichever order they are listed', () => {
    expect(awsNodePodOf(node(), [older, younger])?.name).toBe('younger');
    expect(awsNodePodOf(node(), [younger, older])?.name).toBe('younger');
  });

  it('passes over pods that have ended and pods of other nodes', () => {
    const failed = awsNodePod({ ...younger, phase: 'Failed' });
    const succeeded = awsNodePod({ ...younger, phase: 'Succeeded' });
    const elsewhere = awsNodePod({ ...younger, nodeName: 'ip-10-0-2-6.us-west-2.compute.internal' });
    expect(awsNodePodOf(node(), [failed, succeeded, elsewhere, older])?.name).toBe('older');
    expect(awsNodePodOf(node(), [failed, succeeded, elsewhere])).toBeUndefined();
  });
});

describe('containerOf', () => {
  it('finds a container by its name', () => {
    expect(containerOf(daemonSet(), 'aws-node')).toEqual(cniContainer());
    expect(containerOf(daemonSet(), 'constructor')).toBeUndefined();
  });
});
