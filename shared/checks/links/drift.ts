import type { Looked, Observed } from '../../model/fact.ts';
import type { JsonObject, VpcCniAddon } from '../../model/facts-aws.ts';
import type { AwsNodePod, Container, DaemonSet, Labels } from '../../model/facts-kubernetes.ts';
import type { Evidence } from '../../model/outcome.ts';
import { AGENT_CONTAINER, booleanFlag, CNI_CONTAINER, containerOf } from './aws-node.ts';
import { isUnresolved } from '../../model/unresolved-env.ts';
import { evidence, items, unreadable } from './evidence.ts';
import type { Link } from './link.ts';
import { addonSwitch, isControllerOn } from './switches.ts';
import { compareVersions, imageVersion, parseVersion } from './version.ts';

export const DRIFT_MESSAGES = {
  'in-agreement': 'Add-on, ConfigMap, DaemonSet and {pods} running pods agree: NetworkPolicy is {state}',
  drifted: 'Not in agreement: {differences}',
  'agent-flag-unresolved': 'DaemonSet aws-node runs the agent with {flag}, and the value of that variable was not read',
  'addon-unreadable': 'The add-on configuration cannot be read, so nothing can be compared with it',
} as const;

interface Difference {
  readonly text: string;
  readonly evidence: Evidence;
}

const onOff = (on: boolean): 'on' | 'off' => (on ? 'on' : 'off');

const argv = ({ args }: Container): string => JSON.stringify(args.toSorted());

/**
 * Whether a pod runs what the template says: image, arguments, and every variable of the template. Admission webhooks
 * add variables to pods (roles for service accounts, Pod Identity), so what a pod has beyond the template says nothing.
 */
const runsTemplate = (pod: AwsNodePod, template: DaemonSet): boolean =>
  [CNI_CONTAINER, AGENT_CONTAINER].every((name) => {
    const wanted = containerOf(template, name);
    const found = containerOf(pod, name);
    if (wanted === undefined || found === undefined) return wanted === found;
    return (
      wanted.image === found.image &&
      argv(wanted) === argv(found) &&
      Object.entries(wanted.env).every(([key, value]) => Object.hasOwn(found.env, key) && found.env[key] === value)
    );
  });

const envDifferences = (
  configured: JsonObject,
  addon: Observed<VpcCniAddon>,
  container: Container | undefined,
): Difference[] => {
  const env = Object.hasOwn(configured, 'env') ? configured['env'] : undefined;
  if (typeof env !== 'object' || env === null || Array.isArray(env)) return [];
  return Object.entries(env).flatMap(([name, value]) => {
    const wanted = typeof value === 'string' ? value : JSON.stringify(value);
    const found =
      container !== undefined && Object.hasOwn(container.env, name) ? (container.env[name] ?? '') : undefined;
    if (found === wanted) return [];
    const has = found ?? (isUnresolved(container, name) ? 'one from elsewhere' : 'none');
    const text = `the add-on sets ${name} to ${wanted}, the DaemonSet has ${has}`;
    return [{ text, evidence: evidence('eks.vpc-cni-addon', addon, `configuration.env.${name}`, wanted, 'declared') }];
  });
};

const addonDifferences = (
  addon: Observed<VpcCniAddon>,
  daemonSet: Observed<DaemonSet>,
  agentOn: boolean | undefined,
): Difference[] => {
  const differences: Difference[] = [];
  const wanted = addonSwitch(addon.value.configuration);
  // What cannot be read disagrees with nothing.
  if (wanted.is !== 'unreadable' && agentOn !== undefined && (wanted.is === 'on') !== agentOn) {
    differences.push({
      text: `the add-on says enableNetworkPolicy ${wanted.written}, the DaemonSet runs the agent ${onOff(agentOn)}`,
      evidence: evidence('eks.vpc-cni-addon', addon, 'configuration.enableNetworkPolicy', wanted.written, 'declared'),
    });
  }
  const cni = containerOf(daemonSet.value, CNI_CONTAINER);
  const installed = parseVersion(addon.value.version);
  const running = cni === undefined ? undefined : imageVersion(cni.image);
  if (installed !== undefined && running !== undefined && compareVersions(installed, running) !== 0) {
    differences.push({
      text: `the add-on is ${addon.value.version}, the DaemonSet runs ${cni?.image.split('/').at(-1) ?? ''}`,
      evidence: evidence('eks.vpc-cni-addon', addon, 'version', addon.value.version, 'declared'),
    });
  }
  const { configuration } = addon.value;
  return configuration.form === 'values'
    ? [...differences, ...envDifferences(configuration.values, addon, cni)]
    : differences;
};

/** Compares what is declared with what is deployed and with what runs. */
export const drift = (
  daemonSet: Observed<DaemonSet>,
  pods: Looked<readonly AwsNodePod[]>,
  configMap: Looked<Labels>,
  addon: Looked<VpcCniAddon>,
): Link<keyof typeof DRIFT_MESSAGES> => {
  const agent = containerOf(daemonSet.value, AGENT_CONTAINER);
  const flag = agent === undefined ? undefined : booleanFlag(agent, 'enable-network-policy');
  const agentOn = flag?.is === 'unknown' ? undefined : flag?.is === 'on';
  const controllerOn = isControllerOn(configMap);
  const differences: Difference[] = [];
  if (agentOn !== undefined && agentOn !== controllerOn) {
    differences.push({
      text: `the ConfigMap switches the controller ${onOff(controllerOn)}, the DaemonSet the agent ${onOff(agentOn)}`,
      evidence: evidence(
        'kubernetes.amazon-vpc-cni',
        configMap,
        'enable-network-policy-controller',
        onOff(controllerOn),
      ),
    });
  }
  if (addon.state === 'observed') differences.push(...addonDifferences(addon, daemonSet, agentOn));
  const running = items(pods).filter(({ phase }) => phase !== 'Failed' && phase !== 'Succeeded');
  const older = running.filter((pod) => !runsTemplate(pod, daemonSet.value));
  const first = older[0];
  if (first !== undefined) {
    differences.push({
      text: `${older.length} of ${running.length} aws-node pods run another revision than the DaemonSet (${first.name} on ${first.nodeName})`,
      evidence: evidence(
        'kubernetes.aws-node-pods',
        pods,
        `[name=${first.name}]`,
        `controller-revision-hash ${first.revision}`,
      ),
    });
  }
  const [head, ...rest] = differences;
  if (head !== undefined) {
    const text = differences.map(({ text }) => text).join('; ');
    return {
      state: 'broken',
      message: 'drifted',
      values: { differences: text },
      evidence: [head.evidence, ...rest.map((difference) => difference.evidence)],
    };
  }
  if (agentOn === undefined) {
    const written = flag?.written ?? '';
    const detail = `containers[name=${AGENT_CONTAINER}].args: ${written} takes its value from a variable that was not read`;
    return {
      state: 'unknown',
      message: 'agent-flag-unresolved',
      values: { flag: written },
      missing: [unreadable('kubernetes.aws-node', daemonSet, detail)],
    };
  }
  if (addon.state === 'observed' && addon.value.configuration.form === 'unreadable') {
    const { detail } = addon.value.configuration;
    return { state: 'unknown', message: 'addon-unreadable', missing: [unreadable('eks.vpc-cni-addon', addon, detail)] };
  }
  return {
    state: 'holds',
    message: 'in-agreement',
    values: { pods: running.length, state: onOff(agentOn) },
    evidence: [
      evidence('kubernetes.aws-node', daemonSet, `containers[name=${AGENT_CONTAINER}].args`, `agent ${onOff(agentOn)}`),
      evidence('kubernetes.amazon-vpc-cni', configMap, 'enable-network-policy-controller', onOff(controllerOn)),
    ],
  };
};
