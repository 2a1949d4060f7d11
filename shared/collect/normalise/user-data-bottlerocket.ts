import { parse as parseToml } from 'smol-toml';
import * as z from 'zod';
import { podCount, type Mention } from './user-data-mention.ts';

const userData = z.object({
  settings: z.object({ kubernetes: z.object({ 'max-pods': z.unknown().optional() }).nullish() }),
});

/**
 * Bottlerocket's settings in TOML (https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/). They say nothing of
 * bpffs: the operating system mounts it itself. Nothing where the text has no `settings`.
 */
export const readBottlerocket = (source: string): Mention | undefined => {
  let document: unknown;
  try {
    document = parseToml(source, { maxDepth: 32 });
  } catch {
    return undefined;
  }
  const read = userData.safeParse(document);
  if (!read.success) return undefined;
  const maxPods = podCount(read.data.settings.kubernetes?.['max-pods']);
  return maxPods === undefined ? {} : { settingsMaxPods: maxPods };
};
