import { CORE_SCHEMA, loadAll } from 'js-yaml';
import * as z from 'zod';
import { podCount, type Mention } from './user-data-mention.ts';

const nodeConfig = z.object({
  apiVersion: z.string().startsWith('node.eks.aws/'),
  kind: z.literal('NodeConfig'),
  spec: z
    .object({
      kubelet: z
        .object({
          config: z.object({ maxPods: z.unknown().optional() }).nullish(),
          flags: z.array(z.string()).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

type NodeConfig = z.output<typeof nodeConfig>;

/** A kubelet flag wins over the kubelet's configuration file (https://kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file/). */
const maxPodsOf = ({ spec }: NodeConfig): number | undefined => {
  const flag = (spec?.kubelet?.flags ?? []).map((text) => /^--max-pods=(\d{1,6})$/.exec(text)?.[1]).findLast(Boolean);
  return podCount(flag) ?? podCount(spec?.kubelet?.config?.maxPods);
};

/**
 * nodeadm's NodeConfig, one or several YAML documents, merged in order
 * (https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/). Nothing where the text is no NodeConfig.
 */
export const readNodeConfig = (source: string): Mention | undefined => {
  let documents: readonly unknown[];
  try {
    documents = loadAll(source, { schema: CORE_SCHEMA, maxAliases: 0 });
  } catch {
    return undefined;
  }
  const configs = documents.map((document) => nodeConfig.safeParse(document)).filter(({ success }) => success);
  if (configs.length === 0) return undefined;
  const maxPods = configs.flatMap(({ data }) => (data === undefined ? [] : [maxPodsOf(data)])).findLast(Boolean);
  return maxPods === undefined ? {} : { settingsMaxPods: maxPods };
};
