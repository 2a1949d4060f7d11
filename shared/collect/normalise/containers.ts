import * as z from 'zod';
import type { Container } from '../../model/facts-kubernetes.ts';
import { bounded } from './bounded.ts';
import { listOf, text } from './field.ts';
import { distinct } from './order.ts';
import { mapOf } from './text-map.ts';

const container = z.object({
  name: text,
  image: text,
  command: listOf(text),
  args: listOf(text),
  env: listOf(z.object({ name: z.string(), value: z.string().nullish(), valueFrom: z.unknown().optional() })),
  envFrom: listOf(z.unknown()),
  volumeMounts: listOf(z.object({ name: z.string() })),
});

/** What is read of a pod's spec, and of the spec in a DaemonSet's pod template. */
export const containerSpec = z.object({
  initContainers: listOf(container),
  containers: z.array(container),
  volumes: listOf(z.object({ name: z.string(), hostPath: z.object({ path: text }).nullish() })),
});

type ContainerSpec = z.output<typeof containerSpec>;

const readEnv = ({ env, envFrom }: z.output<typeof container>): Pick<Container, 'env' | 'unresolvedEnv'> => {
  const last = new Map(env.map((entry) => [bounded(entry.name), entry]));
  const isLiteral = (name: string): boolean => (last.get(name)?.valueFrom ?? undefined) === undefined;
  const names = [...last.keys()];
  const elsewhere = names.filter((name) => !isLiteral(name)).toSorted();
  const unresolvedEnv = envFrom.length > 0 ? 'any' : elsewhere;
  return {
    env: mapOf(names.filter(isLiteral).map((name) => [name, bounded(last.get(name)?.value ?? '')] as const)),
    ...(unresolvedEnv.length === 0 ? {} : { unresolvedEnv }),
  };
};

/**
 * The containers of a pod's spec, in their order. `env` holds literal values: an entry without a value is empty text,
 * as documented (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables),
 * and of two entries with one name the last holds, which also holds against `envFrom`. `hostPathMounts` are the **node's**
 * paths that the container mounts, sorted.
 */
export const readContainers = (
  spec: ContainerSpec,
): { readonly initContainers: readonly Container[]; readonly containers: readonly Container[] } => {
  const hostPaths = new Map(spec.volumes.map(({ name, hostPath }) => [name, hostPath?.path]));
  const read = (raw: z.output<typeof container>): Container => ({
    name: raw.name,
    image: raw.image,
    args: [...raw.command, ...raw.args],
    ...readEnv(raw),
    hostPathMounts: distinct(
      raw.volumeMounts.map(({ name }) => hostPaths.get(name)).filter((path) => path !== undefined),
    ),
  });
  return { initContainers: spec.initContainers.map(read), containers: spec.containers.map(read) };
};
