import { describeFound } from '../normalise/expectation.ts';
import { manifestDocuments } from './documents.ts';
import type { ManifestDocument, ManifestFile } from './documents.ts';
import { ManifestError } from './manifest-error.ts';
import type { Origin } from './manifest-error.ts';

export interface PlainObject {
  readonly [key: string]: unknown;
}

/** One Kubernetes object of a manifest. */
export interface ManifestObject {
  readonly origin: Origin;
  /** Where in the document it stands: empty, or `items[3]`. */
  readonly path: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly value: PlainObject;
}

export interface Objects {
  readonly objects: readonly ManifestObject[];
  /** Documents that say neither `apiVersion` nor `kind`: values files, compose files and the like. */
  readonly foreign: readonly Origin[];
}

export const isPlainObject = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const ownValue = (value: PlainObject, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

const requiredText = (value: PlainObject, key: string, origin: Origin, path: string): string => {
  const text = ownValue(value, key);
  if (typeof text === 'string' && text !== '') return text;
  throw new ManifestError(origin, path === '' ? key : `${path}.${key}`, 'text', describeFound(text));
};

const LIST = /^(?<kind>\w*)List$/;

/** The items of a `List`, or of a list of one kind, whose items need not say what they are. */
const itemsOf = (
  { origin, value }: ManifestDocument & { readonly value: PlainObject },
  apiVersion: string,
  itemKind: string,
): readonly ManifestObject[] => {
  const items = ownValue(value, 'items');
  if (items !== null && !Array.isArray(items)) {
    throw new ManifestError(origin, 'items', 'array', describeFound(items));
  }
  return (items ?? []).flatMap((item: unknown, index): readonly ManifestObject[] => {
    const path = `items[${index}]`;
    if (!isPlainObject(item)) throw new ManifestError(origin, path, 'object', describeFound(item));
    return objectsIn({
      origin,
      path,
      value: itemKind === '' ? item : { apiVersion, kind: itemKind, ...item },
    });
  });
};

const objectsIn = ({
  origin,
  path,
  value,
}: Pick<ManifestObject, 'origin' | 'path' | 'value'>): readonly ManifestObject[] => {
  const apiVersion = requiredText(value, 'apiVersion', origin, path);
  const kind = requiredText(value, 'kind', origin, path);
  const itemKind = LIST.exec(kind)?.groups?.['kind'];
  // Lists do not nest: a second one is an object of an unknown kind.
  if (itemKind !== undefined && path === '') return itemsOf({ origin, value }, apiVersion, itemKind);
  const slash = apiVersion.indexOf('/');
  return [{ origin, path, apiVersion, kind, value, group: slash === -1 ? '' : apiVersion.slice(0, slash) }];
};

/**
 * Every object of every file, lists taken apart, in the order written.
 * @throws ManifestError
 */
export const manifestObjects = (files: readonly ManifestFile[]): Objects => {
  const objects: ManifestObject[] = [];
  const foreign: Origin[] = [];
  for (const file of files) {
    for (const { origin, value } of manifestDocuments(file)) {
      const isKubernetes = isPlainObject(value) && (Object.hasOwn(value, 'kind') || Object.hasOwn(value, 'apiVersion'));
      if (!isKubernetes) foreign.push(origin);
      else for (const object of objectsIn({ origin, path: '', value })) objects.push(object);
    }
  }
  return { objects, foreign };
};
