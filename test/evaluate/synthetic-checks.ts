import { type Check, defineCheck } from '../../shared/model/check.ts';
import type { Fact } from '../../shared/model/fact.ts';
import type { Evidence, Resource } from '../../shared/model/outcome.ts';
import type { FactKey } from '../../shared/model/snapshot.ts';

/** What every synthetic check says about itself; none of it matters to the engine. */
export const ABOUT = {
  title: 'A condition holds',
  severity: 'high',
  rationale: 'None: this check exists to exercise the engine.',
  remediation: { text: 'Nothing to do.', command: 'true', url: 'https://kubernetes.io/docs/' },
  references: [{ standard: 'kubernetes', control: 'None', url: 'https://kubernetes.io/docs/', readOn: '2026-11-21' }],
  lifecycle: 'stable',
} as const;

export const nodeNamed = (name: string): Resource => ({ type: 'node', id: name, name });

export const clusterNamed = (name: string): Resource => ({ type: 'cluster', id: name, name });

export const evidenceOf = (fact: FactKey, looked: Fact<unknown>, value: string): Evidence => ({
  fact,
  path: 'value',
  value,
  grade: 'observed',
  source: looked.source,
  observedAt: looked.observedAt,
});

/** One outcome per node: passes where the node is ready. */
export const nodesReady: Check = defineCheck({
  ...ABOUT,
  id: 'network-policy/nodes-ready',
  resource: 'node',
  needs: { 'kubernetes.nodes': { maxAgeSeconds: 3600 } },
  uses: [],
  messages: { ready: '{node} is ready', 'not-ready': '{node} is not ready' },
  evaluate: ({ 'kubernetes.nodes': nodes }) =>
    nodes.state === 'absent'
      ? []
      : nodes.value.map((node) => ({
          resource: nodeNamed(node.name),
          status: node.ready === 'True' ? 'pass' : 'fail',
          message: node.ready === 'True' ? 'ready' : 'not-ready',
          values: { node: node.name },
          evidence: [evidenceOf('kubernetes.nodes', nodes, node.ready)],
        })),
});

/** One outcome for the cluster; needs two facts. */
export const addonActive: Check = defineCheck({
  ...ABOUT,
  id: 'fleet/addon-active',
  resource: 'cluster',
  needs: { 'eks.cluster': { maxAgeSeconds: 3600 }, 'eks.vpc-cni-addon': { maxAgeSeconds: 600 } },
  uses: [],
  messages: {
    active: 'The add-on is active',
    'not-active': 'The add-on is {status}',
    'no-addon': 'There is no add-on',
  },
  evaluate: ({ 'eks.vpc-cni-addon': addon }, cluster) => {
    const resource = clusterNamed(cluster.name);
    if (addon.state === 'absent') return [{ resource, status: 'not-applicable', message: 'no-addon' }];
    const { status } = addon.value;
    const evidence = [evidenceOf('eks.vpc-cni-addon', addon, status)] as const;
    return status === 'ACTIVE'
      ? [{ resource, status: 'pass', message: 'active', evidence }]
      : [{ resource, status: 'fail', message: 'not-active', values: { status }, evidence }];
  },
});

/** Needs one fact and merely uses another. */
export const namespacesLabelled: Check = defineCheck({
  ...ABOUT,
  id: 'fleet/namespaces-labelled',
  resource: 'namespace',
  needs: { 'kubernetes.namespaces': { maxAgeSeconds: 86_400 } },
  uses: ['kubernetes.pods'],
  messages: { labelled: '{pods} pods in sight', unlabelled: '{pods} pods in sight, no label' },
  evaluate: ({ 'kubernetes.namespaces': namespaces, 'kubernetes.pods': pods }) => {
    if (namespaces.state === 'absent') return [];
    const sighted = pods.state === 'observed' ? pods.value.length : pods.state;
    return namespaces.value.map(({ name, labels }) => {
      const labelled = Object.keys(labels).length > 0;
      return {
        resource: { type: 'namespace', id: name, name },
        status: labelled ? 'pass' : 'fail',
        message: labelled ? 'labelled' : 'unlabelled',
        values: { pods: sighted },
        evidence: [evidenceOf('kubernetes.namespaces', namespaces, JSON.stringify(labels))],
      };
    });
  },
});

/** Fails to run as soon as there is a node called `broken`. */
export const throwsOnBroken: Check = defineCheck({
  ...ABOUT,
  id: 'network-policy/throws-on-broken',
  resource: 'node',
  needs: { 'kubernetes.nodes': { maxAgeSeconds: 3600 } },
  uses: ['eks.cluster'],
  messages: { fine: 'Fine' },
  evaluate: ({ 'kubernetes.nodes': nodes }) => {
    if (nodes.state === 'absent') return [];
    return nodes.value.map(({ name }) => {
      if (name === 'broken') throw new TypeError('cannot read\u001b[31m this\nnode');
      return {
        resource: nodeNamed(name),
        status: 'pass',
        message: 'fine',
        evidence: [evidenceOf('kubernetes.nodes', nodes, name)],
      };
    });
  },
});

export const SYNTHETIC_CATALOGUE: readonly Check[] = [nodesReady, addonActive, namespacesLabelled, throwsOnBroken];
