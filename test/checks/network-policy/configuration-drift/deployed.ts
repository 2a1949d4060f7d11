import type { AwsNodePod, DaemonSet } from '../../../../shared/model/facts-kubernetes.ts';
import { agentContainer, awsNodePod, cniContainer, daemonSet } from '../../../support/cluster.ts';

export const name = 'kube-system/aws-node';
export const ON = { 'enable-network-policy-controller': 'true' };
export const OFF = { 'enable-network-policy-controller': 'false' };

export const agentArguments = 'kubernetes.aws-node:containers[name=aws-eks-nodeagent].args';
export const controllerKey = 'kubernetes.amazon-vpc-cni:enable-network-policy-controller';
export const addonKey = 'eks.vpc-cni-addon:configuration.enableNetworkPolicy';

export const agentOff = agentContainer({ args: ['--enable-network-policy=false'] });
export const daemonSetOff: DaemonSet = daemonSet({ containers: [cniContainer(), agentOff] });
export const podOff: AwsNodePod = awsNodePod({ containers: [cniContainer(), agentOff] });
