import * as z from 'zod';
import type { Labels } from '../../model/facts-kubernetes.ts';
import { ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';
import { textMap } from './text-map.ts';

const configMap = z.object({ kind: ofKind('ConfigMap'), metadata: z.object({ name: z.string() }), data: textMap });

/**
 * `data` of one ConfigMap; empty where it has none, `binaryData` is not read
 * (https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/).
 * @throws MalformedError
 */
export const normaliseConfigMapData = (item: unknown, path = ''): Labels => parse(configMap, item, path).data;
