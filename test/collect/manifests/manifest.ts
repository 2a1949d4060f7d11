import { readManifests } from '../../../shared/collect/manifests/read-manifests.ts';
import type { Manifests } from '../../../shared/collect/manifests/read-manifests.ts';

/** Manifests out of texts, one file each: `a.yaml`, `b.yaml`, … */
export const manifests = (...texts: readonly string[]): Manifests =>
  readManifests(texts.map((text, at) => ({ path: `${String.fromCodePoint(97 + at)}.yaml`, text })));

export const policyText = (spec: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
${spec.replaceAll(/^/gm, '  ')}
`;
