import { CORE_SCHEMA, load } from 'js-yaml';
import * as z from 'zod';
import type { KubeProxyConfig } from '../../model/facts-kubernetes-network.ts';
import { joinPath } from './expectation.ts';
import { ofKind } from './kubernetes-list.ts';
import { MalformedError } from './malformed-error.ts';
import { parse } from './parse.ts';

/** Not the bounded map of other ConfigMaps: a document that was cut is another document. */
const configMap = z.object({
  kind: ofKind('ConfigMap'),
  metadata: z.object({ name: z.string() }),
  data: z.object({ config: z.string() }),
});

/** Far above what the add-on writes (2 KB), far below what a parser would choke on. */
const MAX_CONFIG = 262_144;

const configuration = z.object({
  kind: z.literal('KubeProxyConfiguration'),
  mode: z.enum(['', 'iptables', 'ipvs', 'nftables']).nullish(),
});

const documentOf = (config: string, path: string): unknown => {
  if (config.length > MAX_CONFIG) {
    throw new MalformedError(path, `at most ${MAX_CONFIG} characters`, `${config.length} characters`);
  }
  try {
    return load(config, { schema: CORE_SCHEMA, maxAliases: 100 });
  } catch {
    // The parser's message shows the source.
    throw new MalformedError(path, 'YAML', 'other text');
  }
};

/**
 * Key `config` of ConfigMap kube-system/kube-proxy-config: a KubeProxyConfiguration, whose empty `mode` means iptables on
 * Linux (https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/). The map is the EKS add-on's own
 * (https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html).
 * @throws MalformedError also for a mode that no kube-proxy on Linux has
 */
export const normaliseKubeProxyConfig = (item: unknown, path = ''): KubeProxyConfig => {
  const { data } = parse(configMap, item, path);
  const place = joinPath(path, 'data.config');
  const { mode } = parse(configuration, documentOf(data.config, place), place);
  return { mode: mode || 'iptables' };
};
