import { loadAll } from 'js-yaml';
import * as z from 'zod';

import type { SuggestedChange } from '../../../shared/model/denied-traffic.ts';
import type { NetworkPolicyManifest } from '../../../shared/policy/manifest.ts';
import type { PatchOperation, PolicyChange } from '../../../shared/policy/policy-change.ts';

/** Reads a suggestion as an administrator's shell and kubectl would: manifests from YAML, patches from their command. */

const COMMAND =
  /^(?:# also run: )?kubectl patch networkpolicy (\S+) --namespace (\S+) --type=json --patch='((?:[^']|'\\'')*)'$/;

const word = (text: string): string => text.replaceAll(/^'|'$/g, '').replaceAll(String.raw`'\''`, "'");

const Step = z.object({ op: z.string(), path: z.string(), value: z.unknown() });

const patchFrom = (line: string): PolicyChange | undefined => {
  const [, name, namespace, json] = COMMAND.exec(line) ?? [];
  if (name === undefined || namespace === undefined || json === undefined) return undefined;
  const steps = z.array(Step).parse(JSON.parse(json.replaceAll(String.raw`'\''`, "'")));
  const [, direction, rule, field] = /^\/spec\/(\w+)\/(\d+)\/(\w+)\/-$/.exec(steps.at(-1)?.path ?? '') ?? [];
  if (direction !== 'ingress' && direction !== 'egress') throw new Error(`no rule in ${line}`);
  return {
    kind: 'patch',
    direction,
    policy: { kind: 'NetworkPolicy', namespace: word(namespace), name: word(name) },
    ruleIndex: Number(rule),
    list: field === 'ports' ? 'ports' : 'peers',
    // Applying it checks every step's path, and a value of another form changes nothing that the flow needs.
    patch: steps as readonly PatchOperation[],
  };
};

const Manifest = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .max(63),
    namespace: z.string(),
  }),
  spec: z.looseObject({ policyTypes: z.array(z.enum(['Ingress', 'Egress'])) }),
});

const createFrom = (document: unknown): PolicyChange => {
  Manifest.parse(document);
  // Just checked as far as the test reads it; peers and ports are read by `policyFrom`.
  const manifest = document as NetworkPolicyManifest;
  return { kind: 'create', direction: manifest.spec.egress === undefined ? 'ingress' : 'egress', manifest };
};

export const changesFrom = ({ manifest }: SuggestedChange): readonly PolicyChange[] => {
  const patches = manifest.split('\n').flatMap((line) => patchFrom(line) ?? []);
  const yaml = manifest
    .split('\n')
    .filter((line) => !COMMAND.test(line))
    .join('\n');
  return [...patches, ...(yaml.trim() === '' ? [] : loadAll(yaml).map(createFrom))];
};
