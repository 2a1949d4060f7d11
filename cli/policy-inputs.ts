import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { originText } from '../shared/collect/manifests/manifest-error.ts';
import { readManifestFiles } from '../shared/collect/manifests/read-files.ts';
import { readManifests, type Manifests } from '../shared/collect/manifests/read-manifests.ts';
import { offline } from '../shared/compose.ts';
import type { EndpointSlice, Service } from '../shared/model/facts-kubernetes-network.ts';
import { buildPolicyIndex } from '../shared/policy/build-policy-index.ts';
import type { EnforcingMode, PolicyIndex, PolicyInputs } from '../shared/policy/policy-index.ts';
import { PolicyInputError } from '../shared/policy/policy-input-error.ts';
import { oneLine, UsageError, type Io } from './io.ts';
import { inputsOfSnapshot, type Told } from './policy-inputs-snapshot.ts';
import { findPlaces, readPlace } from './snapshots.ts';

/** A cluster that policies can be judged on, from a snapshot or from manifests. */
export interface PolicySource {
  readonly index: PolicyIndex;
  /** Empty where a snapshot did not read them. */
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  /** What was taken for granted on the way, a sentence each; names in it are escaped. */
  readonly notes: readonly string[];
}

export interface SourceFlags {
  readonly enforcingMode?: EnforcingMode;
  readonly assumeNoClusterPolicies?: true;
}

export const withSourceFlags = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--enforcing-mode <mode>',
        'NETWORK_POLICY_ENFORCING_MODE; a snapshot knows its own, manifests default to standard',
      ).choices(['standard', 'strict']),
    )
    .option(
      '--assume-no-cluster-policies',
      'judge a snapshot that could not read the EKS policy kinds as if it had none',
    );

const told = ({ enforcingMode, assumeNoClusterPolicies }: SourceFlags): Told => ({
  ...(enforcingMode === undefined ? {} : { mode: enforcingMode }),
  assumeNone: assumeNoClusterPolicies === true,
});

const NAMES = 5;

const some = (names: readonly string[]): string => {
  const shown = names.slice(0, NAMES).map((name) => oneLine(name, 120));
  return `${shown.join(', ')}${names.length > NAMES ? ` and ${names.length - NAMES} more` : ''}`;
};

const notesOf = ({ impliedNamespaces, templatePods, skipped, foreign }: Manifests): readonly string[] => [
  ...(impliedNamespaces.length === 0
    ? []
    : [`namespaces used but not defined, taken with the label of their name alone: ${some(impliedNamespaces)}`]),
  ...(templatePods.length === 0
    ? []
    : [`workloads without a listed pod, judged by their template and without an address: ${some(templatePods)}`]),
  ...(skipped.length === 0
    ? []
    : [`kinds passed over: ${some(skipped.map(({ kind, count }) => `${kind} (${count})`))}`]),
  ...(foreign.length === 0 ? [] : [`documents that are no Kubernetes objects: ${some(foreign.map(originText))}`]),
];

/** The engine names a value by its path in the cluster; people look for it in a file. */
const indexOf = (inputs: PolicyInputs, place: (path: string) => string): PolicyIndex => {
  try {
    return buildPolicyIndex(inputs);
  } catch (error) {
    if (error instanceof PolicyInputError) throw new UsageError(oneLine(`${place(error.path)}: ${error.message}`));
    throw error;
  }
};

/** `networkPolicies[shop/web]` of `networkPolicies[shop/web].ingress[0].peers[1].cidr`. */
const OBJECT = /^\w+\[[^\]]*\]/;

const fromManifests = async (paths: readonly string[], flags: SourceFlags, cwd: string): Promise<PolicySource> => {
  const manifests = readManifests(await readManifestFiles(paths, cwd));
  const { namespaces, pods, nodes, networkPolicies, clusterPolicies, applicationPolicies } = manifests;
  const mode = flags.enforcingMode ?? 'standard';
  const inputs = { namespaces, pods, nodes, networkPolicies, clusterPolicies, applicationPolicies, mode };
  const index = indexOf(inputs, (path) => {
    const origin = manifests.originOf(OBJECT.exec(path)?.[0] ?? '');
    return origin === undefined ? paths.join(', ') : originText(origin);
  });
  const { services, endpointSlices } = manifests;
  return { index, services, endpointSlices, notes: notesOf(manifests) };
};

const fromSnapshot = async (pattern: string, flags: SourceFlags, cwd: string): Promise<PolicySource> => {
  const [place, ...others] = await findPlaces([pattern], cwd);
  if (place === undefined || others.length > 0) {
    throw new UsageError(`${pattern}: expected one snapshot, found ${others.length + 1}; name one of its files`);
  }
  const snapshot = await readPlace(place);
  const index = indexOf(inputsOfSnapshot(pattern, snapshot, told(flags)), () => pattern);
  const { 'kubernetes.services': services, 'kubernetes.endpoint-slices': slices } = snapshot.facts;
  return {
    index,
    services: services.state === 'observed' ? services.value : [],
    endpointSlices: slices.state === 'observed' ? slices.value : [],
    notes: [
      ...(services.state === 'unobserved' ? [`Services were not read: ${oneLine(services.detail, 120)}`] : []),
      ...(flags.assumeNoClusterPolicies === true ? ['policies of the EKS kinds taken as none where not read'] : []),
    ],
  };
};

const HEAD_BYTES = 4096;

const beginsAsSnapshot = async (path: string): Promise<boolean> => {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).includes('"schemaVersion"');
  } finally {
    await handle.close();
  }
};

const isSnapshot = async (path: string): Promise<boolean> => {
  if ((await stat(path)).isDirectory()) return offline.isDumpDirectory(path);
  return path.endsWith('.gz') || (path.endsWith('.json') && (await beginsAsSnapshot(path)));
};

/** Manifests, or one snapshot: what the first path is, it tells itself. */
export const readEither = async (paths: readonly string[], flags: SourceFlags, io: Io): Promise<PolicySource> => {
  const [first = '', ...others] = paths;
  const snapshot = await isSnapshot(resolve(io.cwd, first)).catch(() => {
    throw new UsageError(`${first}: expected a readable file or directory of manifests, or a snapshot`);
  });
  if (!snapshot) return fromManifests(paths, flags, io.cwd);
  if (others.length > 0) throw new UsageError(`${first} is a snapshot: expected it alone, found ${others.length} more`);
  return fromSnapshot(first, flags, io.cwd);
};

export interface Given extends SourceFlags {
  readonly snapshot?: string;
  readonly manifests?: readonly string[];
}

/** @throws UsageError, ManifestError, SnapshotError, ImportError */
export const readPolicySource = async (given: Given, io: Io): Promise<PolicySource> => {
  const { snapshot, manifests } = given;
  if ((snapshot === undefined) === (manifests === undefined)) {
    throw new UsageError('expected either --snapshot or --manifests');
  }
  return manifests === undefined
    ? fromSnapshot(snapshot ?? '', given, io.cwd)
    : fromManifests(manifests, given, io.cwd);
};

export const tellNotes = (notes: readonly string[], io: Io): void => {
  for (const note of notes) io.stderr(`note: ${note}\n`);
};
