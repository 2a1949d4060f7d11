import { errorFile, type DumpFile } from './dump.ts';

/** What kubectl writes to standard error, as gather.sh keeps it. */

export const noResourceType = (file: string, resource: string): DumpFile =>
  errorFile(`kubernetes/${file}`, `error: the server doesn't have a resource type "${resource}"`, 1);

export const notFound = (file: string, resource: string, name: string): DumpFile =>
  errorFile(`kubernetes/${file}`, `Error from server (NotFound): ${resource} "${name}" not found`, 1);

const KUBERNETES_FILES = [
  'nodes',
  'aws-node',
  'aws-node-pods',
  'configmap-amazon-vpc-cni',
  'daemonsets',
  'deployments',
  'configmaps',
  'customresourcedefinitions',
  'apiservices',
  'namespaces',
  'pods',
  'services',
  'endpointslices',
  'configmap-kube-proxy-config',
  'serviceaccounts',
  'events',
  'clusterrole-aws-node',
  'networkpolicies',
  'policyendpoints',
  'clusternetworkpolicies',
  'applicationnetworkpolicies',
  'clusterpolicyendpoints',
  'cninodes',
  'eniconfigs',
  'securitygrouppolicies',
  'nodeclasses',
];

/** An API server that could not be reached: gather.sh finds out once and says the same of every other file. */
export const unreachable = (address: string): readonly DumpFile[] => {
  const told = `Unable to connect to the server: dial tcp ${address}: i/o timeout`;
  return [
    errorFile('kubernetes/version', told, 1),
    ...KUBERNETES_FILES.map((file) =>
      errorFile(`kubernetes/${file}`, `${told}\nnot asked again after kubernetes/version`, 1),
    ),
  ];
};
