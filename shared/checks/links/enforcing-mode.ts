import type { Observed } from '../../model/fact.ts';
import type { Container } from '../../model/facts-kubernetes.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { CNI_CONTAINER } from './aws-node.ts';
import { evidence } from './evidence.ts';
import type { Link } from './link.ts';
import { atLeast, version, type Version } from './version.ts';

export const ENFORCING_MODE_MESSAGES = {
  'mode-valid': 'NETWORK_POLICY_ENFORCING_MODE is {mode}',
  'mode-default': 'NETWORK_POLICY_ENFORCING_MODE is not set: the default is standard',
  'mode-invalid':
    'NETWORK_POLICY_ENFORCING_MODE is {mode}: only standard and strict are known, and ipamd refuses others',
  'mode-without-agent':
    'NETWORK_POLICY_ENFORCING_MODE is {mode} without an agent container: from VPC CNI 1.19.4 no pod can start',
  'mode-not-known': 'VPC CNI {version} has no enforcing mode yet (it came with 1.17.1): pods start open',
} as const;

const MODE = 'NETWORK_POLICY_ENFORCING_MODE';
/** https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md (NETWORK_POLICY_ENFORCING_MODE, since v1.17.1). */
const FIRST = version(1, 17, 1);
/** From 1.19.4 a mode that is set makes every pod start depend on the agent: cmd/routed-eni-cni-plugin/cni.go at that tag. */
const FIRST_DEPENDENT = version(1, 19, 4);

/** @param holder the fact that holds the containers, and their path in it */
export const enforcingMode = (
  containers: { readonly cni: Container | undefined; readonly agent: Container | undefined },
  running: Version | undefined,
  holder: { readonly key: FactKey; readonly fact: Observed<unknown>; readonly path: string },
): Link<keyof typeof ENFORCING_MODE_MESSAGES> => {
  const path = `${holder.path}[name=${CNI_CONTAINER}].env.${MODE}`;
  if (running !== undefined && !atLeast(running, FIRST)) {
    return {
      state: 'not-applicable',
      message: 'mode-not-known',
      values: { version: `${running.major}.${running.minor}.${running.patch}` },
    };
  }
  const env = containers.cni?.env ?? {};
  if (!Object.hasOwn(env, MODE)) {
    return { state: 'holds', message: 'mode-default', evidence: [evidence(holder.key, holder.fact, path, 'unset')] };
  }
  const mode = env[MODE] ?? '';
  const seen = evidence(holder.key, holder.fact, path, mode);
  if (mode !== 'standard' && mode !== 'strict') {
    return { state: 'broken', message: 'mode-invalid', values: { mode: JSON.stringify(mode) }, evidence: [seen] };
  }
  if (containers.agent === undefined && running !== undefined && atLeast(running, FIRST_DEPENDENT)) {
    return { state: 'broken', message: 'mode-without-agent', values: { mode }, evidence: [seen] };
  }
  return { state: 'holds', message: 'mode-valid', values: { mode }, evidence: [seen] };
};
