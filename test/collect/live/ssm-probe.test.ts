import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import type { CollectContext } from '../../../shared/collect/live/collector.ts';
import { ssmProbes } from '../../../shared/collect/live/ssm-probe.ts';
import { facts, node } from '../../support/cluster.ts';

const INSTANCE = 'i-0aaaaaaaaaaaaaaa1';

interface Sent {
  readonly name: string;
  readonly input: {
    readonly InstanceIds?: readonly string[];
    readonly Parameters?: { readonly commands?: readonly string[] };
  };
}

/** A context whose SSM answers with what is given, one after the other, and remembers what it was sent. */
const contextWith = (
  answers: readonly (object | Error)[],
  nodes = [node()],
): { readonly context: CollectContext; readonly sent: Sent[] } => {
  const sent: Sent[] = [];
  const left = [...answers];
  const given = facts({ 'kubernetes.nodes': nodes });
  const ssm = {
    send: async (command: { readonly constructor: { readonly name: string }; readonly input: Sent['input'] }) => {
      sent.push({ name: command.constructor.name, input: command.input });
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const context = {
    aws: { ssm: async () => ssm as unknown as SSMClient, limit: (task: () => Promise<unknown>) => task() },
    fact: async (key: 'kubernetes.nodes') => given[key],
    signal: new AbortController().signal,
  };
  // The probe reads nothing else of the context.
  return { context: context as unknown as CollectContext, sent };
};

const named = (name: string): Error => Object.assign(new Error(`${name} happened`), { name });

describe('the SSM probe', () => {
  it('runs one fixed command on the instances named and reads what it prints', async () => {
    const { context, sent } = contextWith([
      { Command: { CommandId: 'c-1' } },
      named('InvocationDoesNotExist'),
      { Status: 'InProgress' },
      { Status: 'Success', StandardOutputContent: 'bpffs=bpf\nkernel=5.10.1\n' },
    ]);

    const probes = await ssmProbes([INSTANCE]).collect(context);

    expect(probes).toMatchObject([{ nodeName: node().name, method: 'ssm', bpffs: 'mounted', kernelRelease: '5.10.1' }]);
    expect(sent.map(({ name }) => name)).toEqual([
      'SendCommandCommand',
      'GetCommandInvocationCommand',
      'GetCommandInvocationCommand',
      'GetCommandInvocationCommand',
    ]);
    expect(sent[0]?.input.InstanceIds).toEqual([INSTANCE]);
    expect(sent[0]?.input.Parameters?.commands?.join(' ')).toContain('findmnt');
  });

  it('reports nothing, with the reason, where the command was refused', async () => {
    const { context } = contextWith([named('AccessDeniedException')]);
    expect(await ssmProbes([INSTANCE]).collect(context)).toMatchObject([
      { bpffs: 'not-reported', detail: expect.stringContaining('AccessDeniedException') },
    ]);
  });

  it('reports nothing where the output is not what the command prints', async () => {
    const { context } = contextWith([
      { Command: { CommandId: 'c-1' } },
      { Status: 'Success', StandardOutputContent: 'hello' },
    ]);
    expect(await ssmProbes([INSTANCE]).collect(context)).toMatchObject([{ bpffs: 'not-reported' }]);
  });

  it('sends nothing to Bottlerocket, whose control container is not the host', async () => {
    const { context, sent } = contextWith([], [node({ osImage: 'Bottlerocket OS 1.40.0 (aws-k8s-1.33)' })]);
    expect(await ssmProbes([INSTANCE]).collect(context)).toMatchObject([{ bpffs: 'not-reported' }]);
    expect(sent).toEqual([]);
  });

  it('sends nothing to an instance that is no node of the cluster', async () => {
    const { context, sent } = contextWith([]);
    expect(await ssmProbes(['i-0bbbbbbbbbbbbbbb2']).collect(context)).toEqual([]);
    expect(sent).toEqual([]);
  });
});
