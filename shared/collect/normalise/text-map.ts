import * as z from 'zod';
import type { Labels } from '../../model/facts-kubernetes.ts';
import { bounded, MAX_ANNOTATION, MAX_TEXT } from './bounded.ts';

/**
 * Builds a map that no key can harm: without a prototype, so that `__proto__` is a key like any other and
 * `constructor` is found only where somebody wrote it.
 */
export const mapOf = <T>(entries: Iterable<readonly [string, T]>): { readonly [key: string]: T } => {
  // Object.create gives `any`; a fresh object without prototype is an empty map of whatever is put in next.
  const map = Object.create(null) as { [key: string]: T };
  for (const [key, value] of entries) map[key] = value;
  return map;
};

const boundedMap = (max: number, drop: ReadonlySet<string>) =>
  z
    .unknown()
    .optional()
    .transform((raw, context): Labels => {
      if (raw === undefined || raw === null) return mapOf<string>([]);
      if (typeof raw !== 'object' || Array.isArray(raw)) {
        context.issues.push({ code: 'custom', message: 'object of strings', input: raw });
        return z.NEVER;
      }
      const entries: [string, string][] = [];
      for (const [key, value] of Object.entries(raw)) {
        if (typeof value !== 'string') {
          context.issues.push({ code: 'custom', message: 'string', input: raw, path: [key] });
          return z.NEVER;
        }
        if (!drop.has(key)) entries.push([bounded(key), bounded(value, max)]);
      }
      return mapOf(entries);
    });

/** Labels, ConfigMap data, quantities: string to string; missing or null is empty. */
export const textMap = boundedMap(MAX_TEXT, new Set());

/**
 * Annotations without kubectl's copy of the whole object, which would carry anything that object ever held.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-last-applied-configuration
 */
export const annotationMap = boundedMap(MAX_ANNOTATION, new Set(['kubectl.kubernetes.io/last-applied-configuration']));
