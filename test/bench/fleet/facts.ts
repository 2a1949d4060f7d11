import { CATALOGUE } from '../../../shared/checks/catalogue.generated.ts';
import { FACT_KEYS, type FactKey } from '../../../shared/model/snapshot.ts';

/** What an audit with every check asks for, apart from probes, which are off. */
export const AUDIT_FACTS: readonly FactKey[] = FACT_KEYS.filter((key) =>
  CATALOGUE.some(({ needs, uses }) => needs[key] !== undefined || uses.includes(key)),
);

/** The facts that both routes are compared on: `kubernetes.access` is our own account of the answers. */
export const COMPARED = [
  'eks.cluster',
  'eks.vpc-cni-addon',
  'eks.nodegroups',
  'ec2.instances',
  'ec2.images',
  'ec2.launch-templates',
  'kubernetes.nodes',
  'kubernetes.aws-node',
  'kubernetes.aws-node-pods',
  'kubernetes.amazon-vpc-cni',
  'kubernetes.network-workloads',
  'kubernetes.crds',
  'kubernetes.api-services',
  'kubernetes.pods',
  'kubernetes.network-policies',
  'kubernetes.policy-endpoints',
  'kubernetes.cninodes',
  'kubernetes.security-group-policies',
  'kubernetes.nodeclasses',
] as const satisfies readonly FactKey[];
