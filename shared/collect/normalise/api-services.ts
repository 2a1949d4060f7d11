import * as z from 'zod';
import type { ApiService } from '../../model/facts-kubernetes.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';

const apiService = z.object({
  kind: ofKind('APIService'),
  metadata: z.object({ name: text }),
  status: z
    .object({ conditions: listOf(z.object({ type: text, status: z.enum(['True', 'False', 'Unknown']) })) })
    .nullish(),
});

/**
 * One APIService (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/). The aggregator
 * has not judged one without an Available condition yet: `Unknown`.
 * @throws MalformedError
 */
export const normaliseApiService = (item: unknown, path = ''): ApiService => {
  const { metadata, status } = parse(apiService, item, path);
  return {
    name: metadata.name,
    available: (status?.conditions ?? []).find(({ type }) => type === 'Available')?.status ?? 'Unknown',
  };
};

/** `GET /apis/apiregistration.k8s.io/v1/apiservices`, sorted by name. */
export const normaliseApiServices = (raw: unknown): readonly ApiService[] =>
  normaliseList(raw, 'APIService', normaliseApiService, ({ name }) => [name]);
