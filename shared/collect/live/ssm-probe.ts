import { GetCommandInvocationCommand, SendCommandCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeProbe } from '../../model/facts-aws.ts';
import type { Node } from '../../model/facts-kubernetes.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { MOUNT_COMMAND, normaliseMountAnswer } from '../normalise/mount-answer.ts';
import { oneLine } from '../normalise/one-line.ts';
import { sortedBy } from '../normalise/order.ts';
import { required, type CollectContext, type Collector } from './collector.ts';

/** AWS-RunShellScript runs as root on the node: this probe only ever sends MOUNT_COMMAND, and only to instances named. */
const DOCUMENT = 'AWS-RunShellScript';
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: InstanceIds ≤ 50. */
const MOST_INSTANCES = 50;
const POLL_MS = 1000;
/** The least that SendCommand takes: how long it waits for an agent to take the command up. */
const DELIVERY_SECONDS = 30;

const FINISHED = new Set(['Success', 'Failed', 'Cancelled', 'TimedOut']);

const silent = (nodeName: string, detail: string): NodeProbe => ({
  nodeName,
  method: 'ssm',
  bpffs: 'not-reported',
  bpfMaps: 'not-reported',
  detail: oneLine(detail),
});

/** Right after SendCommand the invocation may not exist yet; that is no answer, so it is asked again. */
const outputOf = async (
  ssm: SSMClient,
  CommandId: string,
  InstanceId: string,
  signal: AbortSignal,
): Promise<string> => {
  for (;;) {
    await delay(POLL_MS, undefined, { signal });
    try {
      const command = new GetCommandInvocationCommand({ CommandId, InstanceId });
      const answer = await ssm.send(command, { abortSignal: signal });
      if (!FINISHED.has(answer.Status ?? '')) continue;
      if (answer.Status === 'Success') return answer.StandardOutputContent ?? '';
      throw new Error(`the command ended as ${answer.Status ?? 'unknown'}: ${answer.StandardErrorContent ?? ''}`);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'InvocationDoesNotExist') throw error;
    }
  }
};

const nodeOfInstance = (nodes: readonly Node[], instanceId: string): Node | undefined =>
  nodes.find(({ providerId }) => providerId?.endsWith(`/${instanceId}`) === true);

const probe = async ({ aws, signal }: CollectContext, node: Node, instanceId: string): Promise<NodeProbe> => {
  // There SSM reaches the control container, whose mounts are not the host's.
  if (node.osImage.startsWith('Bottlerocket')) return silent(node.name, 'Bottlerocket: SSM does not reach the host');
  const ssm = await aws.ssm();
  try {
    return await aws.limit(async () => {
      const sent = await ssm.send(
        new SendCommandCommand({
          DocumentName: DOCUMENT,
          InstanceIds: [instanceId],
          Parameters: { commands: [MOUNT_COMMAND] },
          TimeoutSeconds: DELIVERY_SECONDS,
          Comment: 'netpol-warden: reads the bpffs mount and the kernel release',
        }),
        { abortSignal: signal },
      );
      const id = sent.Command?.CommandId;
      if (id === undefined) throw new MalformedError('Command.CommandId', 'command id', 'none');
      return normaliseMountAnswer(node.name, await outputOf(ssm, id, instanceId, signal));
    });
  } catch (error) {
    return silent(node.name, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
};

/** `findmnt` and `uname` on named instances, through Systems Manager. Off unless instances are named. */
export const ssmProbes = (instanceIds: readonly string[]): Collector<'nodes.probes'> => ({
  key: 'nodes.probes',
  source: 'ssm:SendCommand findmnt, uname',
  iam: [
    { action: 'ssm:SendCommand', resource: 'arn:${AWS::Partition}:ssm:*::document/AWS-RunShellScript' },
    { action: 'ssm:SendCommand', resource: 'arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:instance/*' },
    { action: 'ssm:GetCommandInvocation', resource: '*' },
  ],
  rbac: [],
  collect: async (context) => {
    const nodes = await required(context, 'kubernetes.nodes');
    const named = [...new Set(instanceIds)].slice(0, MOST_INSTANCES);
    const found = await Promise.all(
      named.flatMap((instanceId) => {
        const node = nodeOfInstance(nodes, instanceId);
        return node === undefined ? [] : [probe(context, node, instanceId)];
      }),
    );
    return sortedBy(found, ({ nodeName }) => [nodeName]);
  },
});
