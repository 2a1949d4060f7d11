import type { Looked, Observed } from '../../model/fact.ts';
import type { AddonConfiguration, JsonObject, VpcCniAddon } from '../../model/facts-aws.ts';
import type { Labels } from '../../model/facts-kubernetes.ts';
import { GO_TRUE } from './aws-node.ts';
import { evidence, unreadable } from './evidence.ts';
import type { Link } from './link.ts';

export const ADDON_CONFIGURATION_MESSAGES = {
  'addon-on': 'The vpc-cni add-on is configured with enableNetworkPolicy {written}',
  'addon-off': 'The vpc-cni add-on is configured with enableNetworkPolicy {written}',
  'addon-unset': 'The vpc-cni add-on {version} has no enableNetworkPolicy in its configuration: the default is off',
  'addon-unreadable': 'The configuration of the vpc-cni add-on cannot be read: {detail}',
  'self-managed': 'The VPC CNI is not an EKS add-on here: it is configured in the cluster',
} as const;

export type Switch = 'on' | 'off' | 'unset' | 'unreadable';

const own = (values: JsonObject, key: string): JsonObject[string] | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined;

/** `enableNetworkPolicy` is a string by the add-on's schema ("true"), but people and YAML write booleans: both are taken. */
export const addonSwitch = (configuration: AddonConfiguration): { readonly is: Switch; readonly written: string } => {
  switch (configuration.form) {
    case 'none':
      return { is: 'unset', written: 'unset' };
    case 'unreadable':
      return { is: 'unreadable', written: configuration.detail };
    case 'values': {
      const value = own(configuration.values, 'enableNetworkPolicy');
      if (value === undefined || value === null) return { is: 'unset', written: 'unset' };
      return {
        is: GO_TRUE.has(typeof value === 'string' ? value : JSON.stringify(value)) ? 'on' : 'off',
        written: JSON.stringify(value),
      };
    }
  }
};

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html */
export const addonConfiguration = (addon: Looked<VpcCniAddon>): Link<keyof typeof ADDON_CONFIGURATION_MESSAGES> => {
  if (addon.state === 'absent') return { state: 'not-applicable', message: 'self-managed' };
  const { is, written } = addonSwitch(addon.value.configuration);
  const seen = evidence('eks.vpc-cni-addon', addon, 'configuration.enableNetworkPolicy', written, 'declared');
  switch (is) {
    case 'on':
      return { state: 'holds', message: 'addon-on', values: { written }, evidence: [seen] };
    case 'off':
      return { state: 'broken', message: 'addon-off', values: { written }, evidence: [seen] };
    case 'unset':
      return { state: 'broken', message: 'addon-unset', values: { version: addon.value.version }, evidence: [seen] };
    case 'unreadable':
      return {
        state: 'unknown',
        message: 'addon-unreadable',
        values: { detail: written },
        missing: [unreadable('eks.vpc-cni-addon', addon, written)],
      };
  }
};

export const CONTROLLER_ENABLED_MESSAGES = {
  'controller-on': 'ConfigMap amazon-vpc-cni has enable-network-policy-controller {written}',
  'controller-off':
    'ConfigMap amazon-vpc-cni has enable-network-policy-controller {written}: no PolicyEndpoint is made',
  'controller-unset': 'ConfigMap amazon-vpc-cni has no enable-network-policy-controller: the default is off',
  'no-config-map': 'There is no ConfigMap amazon-vpc-cni: the network policy controller is off by default',
} as const;

const CONTROLLER_KEY = 'enable-network-policy-controller';

/** The control plane's switch: without it no PolicyEndpoints are made, whatever the agents are told. */
export const controllerEnabled = (configMap: Looked<Labels>): Link<keyof typeof CONTROLLER_ENABLED_MESSAGES> => {
  const at = (path: string, value: string) => evidence('kubernetes.amazon-vpc-cni', configMap, path, value);
  if (configMap.state === 'absent') {
    return { state: 'broken', message: 'no-config-map', evidence: [at('', 'ConfigMap not found')] };
  }
  if (!Object.hasOwn(configMap.value, CONTROLLER_KEY)) {
    return { state: 'broken', message: 'controller-unset', evidence: [at(CONTROLLER_KEY, 'unset')] };
  }
  const raw = configMap.value[CONTROLLER_KEY] ?? '';
  const written = JSON.stringify(raw);
  // The controller compares with exactly this word: pkg/utils/configmap of amazon-network-policy-controller-k8s.
  const on = raw === 'true';
  return {
    state: on ? 'holds' : 'broken',
    message: on ? 'controller-on' : 'controller-off',
    values: { written },
    evidence: [at(CONTROLLER_KEY, written)],
  };
};

/** Whether the ConfigMap's switch is on; absent is off. */
export const isControllerOn = (configMap: Observed<Labels> | Looked<Labels>): boolean =>
  controllerEnabled(configMap).state === 'holds';
