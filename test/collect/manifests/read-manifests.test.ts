import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../shared/collect/manifests/read-manifests.ts';
import { manifests } from './manifest.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}, creationTimestamp: null}
spec:
  nodeName: node-1
  containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]
status: {podIP: 10.0.0.1}
`;

describe('objects of a manifest', () => {
  it('are read from YAML streams, whose empty documents count', () => {
    const { pods, originOf } = manifests(
      `---\n---\n${POD}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n`,
    );

    expect(pods).toMatchObject([
      {
        namespace: 'shop',
        name: 'web-1',
        podIPs: ['10.0.0.1'],
        phase: 'Running',
        hostNetwork: false,
        nodeName: 'node-1',
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      },
    ]);
    expect(originOf('pods[shop/web-1]')).toEqual({ file: 'a.yaml', document: 2 });
  });

  it('are read from JSON, from a List and from a list of one kind', () => {
    const pod = { metadata: { name: 'a', namespace: 'x' }, spec: { containers: [] } };
    const text = (value: unknown): string => JSON.stringify(value);
    const { pods, namespaces } = readManifests([
      { path: 'one.json', text: text({ apiVersion: 'v1', kind: 'PodList', items: [pod] }) },
      {
        path: 'two.json',
        text: text({
          apiVersion: 'v1',
          kind: 'List',
          items: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }],
        }),
      },
    ]);
    expect(pods.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['x/a']);
    expect(namespaces.map(({ name }) => name)).toEqual(['x']);
  });

  it('without a namespace are in default, and a namespace nobody defines gets the label of its name', () => {
    const { pods, namespaces, impliedNamespaces } = manifests(POD.replace('namespace: shop, ', ''));

    expect(pods[0]?.namespace).toBe('default');
    expect(impliedNamespaces).toEqual(['default']);
    expect(namespaces).toEqual([
      { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' }, phase: 'Active' },
    ]);
  });

  it('that are namespaces carry the label of their own name, whatever is written', () => {
    const { namespaces, impliedNamespaces } = manifests(
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: red, kubernetes.io/metadata.name: other}}\n',
    );
    expect(namespaces[0]?.labels).toEqual({ team: 'red', 'kubernetes.io/metadata.name': 'shop' });
    expect(impliedNamespaces).toEqual([]);
  });

  it('of other kinds, and of another group with the same kind, are counted and passed over', () => {
    const { skipped, networkPolicies, foreign } = manifests(
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n',
        'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: c}\n',
        'replicas: 3\n',
      ].join('---\n'),
    );
    expect(skipped).toEqual([
      { kind: 'projectcalico.org/v3 NetworkPolicy', count: 1 },
      { kind: 'v1 ConfigMap', count: 2 },
    ]);
    expect(networkPolicies).toEqual([]);
    expect(foreign).toEqual([{ file: 'a.yaml', document: 4 }]);
  });

  it('may use anchors and merge keys as kubectl does', () => {
    const { pods } = manifests(
      POD.replace('labels: {app: web}', 'labels: &l {app: web}, annotations: {<<: *l}').replace(
        'containerPort: 8080',
        'containerPort: 8081',
      ),
    );
    expect(pods[0]?.labels).toEqual({ app: 'web' });
  });

  it('keep a hostile key from reaching a prototype', () => {
    const { pods } = manifests(POD.replace('{app: web}', '{app: web, __proto__: polluted}'));
    expect(Object.keys(pods[0]?.labels ?? {})).toEqual(['app', '__proto__']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('defined twice are refused, with both places', () => {
    expect(() => manifests(POD, POD)).toThrow(
      'b.yaml: document 1: expected one Pod shop/web-1, found a second one; the first is in a.yaml: document 1',
    );
  });

  it('may be a pod that tells only its address', () => {
    const { pods } = manifests('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {podIP: 10.0.0.1}\n');
    expect(pods).toMatchObject([{ name: 'a', podIPs: ['10.0.0.1'], ports: [], phase: 'Running' }]);
  });

  it('may be a node by its name and address alone', () => {
    const { nodes } = manifests(
      'apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {addresses: [{type: InternalIP, address: 10.0.0.9}]}\n',
    );
    expect(nodes).toMatchObject([{ name: 'n', internalIPs: ['10.0.0.9'] }]);
  });
});

describe('an unreadable manifest', () => {
  it.each([
    ['a YAML error', 'a: 1\nb: [\n', 'a.yaml: expected YAML, found an error at line'],
    ['a template', 'metadata: {name: {{ .Values.name }} }', 'a.yaml: expected YAML, found an error at line 1'],
    ['a kind without apiVersion', 'kind: Pod\n', 'a.yaml: document 1: apiVersion: expected text, found nothing'],
    ['no metadata', 'apiVersion: v1\nkind: Pod\n', 'a.yaml: document 1: metadata.name: expected string, found nothing'],
    [
      'metadata of another type',
      'apiVersion: v1\nkind: Pod\nmetadata: 3\n',
      'metadata: expected object, found number 3',
    ],
    [
      'a field of another type in the second document',
      `${POD}---\n${POD.replace('web-1', 'web-2').replace('8080', '"8080"')}`,
      'a.yaml: document 2: spec.containers[0].ports[0].containerPort: expected number, found "8080"',
    ],
    [
      'an item of a list',
      'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: 3}]\n',
      'a.yaml: document 1: items[0].spec: expected object, found number 3',
    ],
    [
      'items that are none',
      'apiVersion: v1\nkind: List\nitems: 3\n',
      'a.yaml: document 1: items: expected array, found number 3',
    ],
  ])('%s names the file, the document and the field', (_, text, message) => {
    expect(() => manifests(text)).toThrow(message);
  });

  it('is told of a JSON file by the place of the error', () => {
    expect(() => readManifests([{ path: 'a.json', text: '{"kind": ' }])).toThrow('a.json: expected JSON, found');
  });

  it('whose aliases multiply is stopped', () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 10 }, () => `*l${level}`).join(', ')}]`,
    );
    const bomb = ['apiVersion: v1', 'kind: Pod', 'l0: &l0 [x, x, x, x, x, x, x, x, x, x]', ...levels, ''].join('\n');
    expect(() => manifests(bomb)).toThrow(
      'a.yaml: document 1: expected at most 10000 values once aliases are written out, found more',
    );
  });

  it('that contains itself is stopped', () => {
    expect(() => manifests('apiVersion: v1\nkind: Pod\nspec: &s {again: *s}\n')).toThrow(
      'levels of nesting, found more',
    );
  });
});
