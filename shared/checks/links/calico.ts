import type { Looked } from '../../model/fact.ts';
import type { ApiService, CustomResourceDefinition, NetworkWorkload, Node } from '../../model/facts-kubernetes.ts';
import type { Evidence } from '../../model/outcome.ts';
import { evidence, items } from './evidence.ts';

export const CALICO_MESSAGES = {
  'no-calico': 'Nothing of Calico is left',
  'calico-running': 'Calico still runs ({count} traces): {examples}',
  'calico-left-over': '{count} left-overs of Calico: {examples}',
} as const;

export interface CalicoTrace {
  readonly kind: 'running' | 'left-over' | 'node';
  readonly name: string;
  readonly evidence: Evidence;
}

/** Calico's and Tigera's API groups: https://docs.tigera.io/calico/latest/reference/installation/api */
const GROUP = /(^|\.)(projectcalico\.org|tigera\.io)$/;

const WORKLOAD = /^(calico-|tigera-operator$|canal$|canal-config$|goldmane$|whisker$)/;

const workloadTraces = (workloads: Looked<readonly NetworkWorkload[]>): CalicoTrace[] =>
  items(workloads)
    .filter(({ name }) => WORKLOAD.test(name))
    .map(({ kind, namespace, name, ready }) => ({
      kind: ready > 0 ? 'running' : 'left-over',
      name: `${kind} ${namespace}/${name}`,
      evidence: evidence(
        'kubernetes.network-workloads',
        workloads,
        `[${kind} ${namespace}/${name}].ready`,
        String(ready),
      ),
    }));

const crdTraces = (crds: Looked<readonly CustomResourceDefinition[]>): CalicoTrace[] =>
  items(crds)
    .filter(({ group }) => GROUP.test(group))
    .map(({ name, createdAt, finalizers }) => ({
      kind: 'left-over',
      name: `CRD ${name}`,
      evidence: evidence(
        'kubernetes.crds',
        crds,
        `[name=${name}]`,
        `created ${createdAt}; finalizers ${finalizers.join(', ') || 'none'}`,
      ),
    }));

const apiServiceTraces = (services: Looked<readonly ApiService[]>): CalicoTrace[] =>
  items(services)
    .filter(({ name }) => GROUP.test(name))
    .map(({ name, available }) => ({
      kind: 'left-over',
      name: `APIService ${name}`,
      evidence: evidence('kubernetes.api-services', services, `[name=${name}].available`, available),
    }));

/** calico-node writes its annotations and the condition reason CalicoIsUp on the Node; only a new node is free of them. */
const nodeTraces = (nodes: Looked<readonly Node[]>): CalicoTrace[] =>
  items(nodes).flatMap((node) => {
    const annotation = Object.keys(node.annotations).find((key) => key.startsWith('projectcalico.org/'));
    const condition = node.conditions.find(({ reason }) => reason.startsWith('Calico'));
    if (annotation === undefined && condition === undefined) return [];
    const path =
      annotation === undefined ? `conditions[type=${condition?.type ?? ''}].reason` : `annotations.${annotation}`;
    const value = annotation === undefined ? (condition?.reason ?? '') : (node.annotations[annotation] ?? '');
    return [
      {
        kind: 'node' as const,
        name: `node ${node.name} (created ${node.createdAt})`,
        evidence: evidence('kubernetes.nodes', nodes, `[name=${node.name}].${path}`, value),
      },
    ];
  });

/** Everything that Calico leaves behind and the Kubernetes API shows, running workloads first. */
export const calicoTraces = (facts: {
  readonly 'kubernetes.network-workloads': Looked<readonly NetworkWorkload[]>;
  readonly 'kubernetes.crds': Looked<readonly CustomResourceDefinition[]>;
  readonly 'kubernetes.api-services': Looked<readonly ApiService[]>;
  readonly 'kubernetes.nodes': Looked<readonly Node[]>;
}): readonly CalicoTrace[] => {
  const workloads = workloadTraces(facts['kubernetes.network-workloads']);
  return [
    ...workloads.filter(({ kind }) => kind === 'running'),
    ...nodeTraces(facts['kubernetes.nodes']),
    ...workloads.filter(({ kind }) => kind !== 'running'),
    ...apiServiceTraces(facts['kubernetes.api-services']),
    ...crdTraces(facts['kubernetes.crds']),
  ];
};
