import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { oneLine, UsageError, type Io } from './io.ts';

/** Which cluster kubectl talks to. */
export interface KubectlFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
}

const kubectlArguments = ({ context, kubeconfig }: KubectlFlags): readonly string[] => [
  ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ...(context === undefined ? [] : ['--context', context]),
];

/** @throws UsageError where there is no kubectl, or with its own words where it fails */
const kubectl = async (args: readonly string[], env: Io['env'], input = ''): Promise<string> => {
  const child = spawn('kubectl', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // It may end before it has read everything; its exit code says what became of it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (code === 0) return stdout;
    throw new UsageError(`kubectl ${args.join(' ')}: exit ${String(code)}: ${oneLine(stderr)}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError('kubectl cannot be started: install it, or run the commands of --dry-run where it is', {
      cause: error,
    });
  }
};

/** URL of the API server that kubectl would talk to. */
export const serverOfKubectl = async (flags: KubectlFlags, env: Io['env']): Promise<string> => {
  const query = 'jsonpath={.clusters[0].cluster.server}';
  const server = await kubectl([...kubectlArguments(flags), 'config', 'view', '--minify', '--output', query], env);
  return server.trim();
};

/** What kubectl said of each object. https://kubernetes.io/docs/reference/kubectl/generated/kubectl_apply/ */
export const applyManifest = (manifest: string, flags: KubectlFlags, env: Io['env']): Promise<string> =>
  kubectl([...kubectlArguments(flags), 'apply', '--filename', '-'], env, manifest);
