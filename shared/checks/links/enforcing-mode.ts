import type { Observed } from '../../model/fact.ts';
import type { Container } from '../../model/facts-kubernetes.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { CNI_CONTAINER } from './aws-node.ts';
import { UNRESOLVED } from './argument.ts';
import { isUnresolved } from '../../model/unresolved-env.ts';
import { evidence, notRead, unreadable } from './evidence.ts';
import type { Link } from './link.ts';
import { atLeast, formatVersion, version, type Version } from './version.ts';

export const ENFORCING_MODE_MESSAGES = {
  'mode-valid': 'NETWORK_POLICY_ENFORCING_MODE is {mode}',
  'mode-default': 'NETWORK_POLICY_ENFORCING_MODE is not set: the default is standard',
  'mode-unset':
    'NETWORK_POLICY_ENFORCING_MODE is not set: from VPC CNI 1.19.4 pods then start without the agent being told',
  'mode-invalid': 'NETWORK_POLICY_ENFORCING_MODE is {mode}: only standard and strict enforce',
  'mode-without-agent': 'NETWORK_POLICY_ENFORCING_MODE is {mode} without an agent container: no pod can start',
  'mode-not-known': 'VPC CNI {version} has no enforcing mode yet (it came with 1.17.1): pods start open',
  'mode-undecided':
    'NETWORK_POLICY_ENFORCING_MODE is {mode} without an agent container, and the VPC CNI version is unknown',
  'mode-unresolved': 'NETWORK_POLICY_ENFORCING_MODE is set from elsewhere, and its value was not read',
} as const;

const MODE = 'NETWORK_POLICY_ENFORCING_MODE';
/** https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md (NETWORK_POLICY_ENFORCING_MODE, since v1.17.1). */
const FIRST = version(1, 17, 1);
/** From 1.19.4 any mode makes every pod start depend on the agent, before only strict: cmd/routed-eni-cni-plugin/cni.go at the tags. */
const FIRST_DEPENDENT = version(1, 19, 4);

type ModeLink = Link<keyof typeof ENFORCING_MODE_MESSAGES>;

/** @param holder the fact that holds the containers, and their path in it */
export const enforcingMode = (
  containers: { readonly cni: Container | undefined; readonly agent: Container | undefined },
  running: Version | undefined,
  holder: { readonly key: FactKey; readonly fact: Observed<unknown>; readonly path: string },
): ModeLink => {
  if (running !== undefined && !atLeast(running, FIRST)) {
    return { state: 'not-applicable', message: 'mode-not-known', values: { version: formatVersion(running) } };
  }
  const env = containers.cni?.env ?? {};
  if (isUnresolved(containers.cni, MODE)) {
    const detail = `${holder.path}[name=${CNI_CONTAINER}].env.${MODE}: ${UNRESOLVED}`;
    return { state: 'unknown', message: 'mode-unresolved', missing: [notRead(holder.key, holder.fact, detail)] };
  }
  const written = Object.hasOwn(env, MODE) ? (env[MODE] ?? '') : '';
  const at = (value: string) =>
    evidence(holder.key, holder.fact, `${holder.path}[name=${CNI_CONTAINER}].env.${MODE}`, value);
  // An empty value is read as none at all.
  if (written === '') {
    // Without an agent that is what its removal asks for: pods start, and nothing enforces (node-agent-present says so).
    const dependent = containers.agent !== undefined && running !== undefined && atLeast(running, FIRST_DEPENDENT);
    return dependent
      ? { state: 'broken', message: 'mode-unset', evidence: [at('unset')] }
      : { state: 'holds', message: 'mode-default', evidence: [at('unset')] };
  }
  // ipamd and the agent both lower-case it.
  const mode = written.toLowerCase();
  if (mode !== 'standard' && mode !== 'strict') {
    return {
      state: 'broken',
      message: 'mode-invalid',
      values: { mode: JSON.stringify(written) },
      evidence: [at(written)],
    };
  }
  if (containers.agent !== undefined)
    return { state: 'holds', message: 'mode-valid', values: { mode }, evidence: [at(written)] };
  if (mode === 'strict' || (running !== undefined && atLeast(running, FIRST_DEPENDENT))) {
    return { state: 'broken', message: 'mode-without-agent', values: { mode }, evidence: [at(written)] };
  }
  if (running === undefined) {
    const detail = `${holder.path}[name=${CNI_CONTAINER}].image: no version in the tag`;
    return {
      state: 'unknown',
      message: 'mode-undecided',
      values: { mode },
      missing: [unreadable(holder.key, holder.fact, detail)],
    };
  }
  return { state: 'holds', message: 'mode-valid', values: { mode }, evidence: [at(written)] };
};
