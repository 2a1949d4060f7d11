import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { FLEET, generateFleet } from './support/fleet/generate.ts';
import {
  addressOf,
  answerOf,
  branchAddress,
  canGive,
  CniNode,
  COMMITTED,
  DaemonSet,
  filesIn,
  instanceIdOf,
  instancesOf,
  itemsOf,
  labels,
  Named,
  Node,
  NodeClass,
  Pod,
  PolicyEndpoint,
  tagOf,
  textOf,
  type Instance,
} from './support/fleet/read.ts';

const GATHER = fileURLToPath(new URL('../cli/gather.sh', import.meta.url));

const names = Object.keys(FLEET);
/** Those whose Kubernetes API answered. */
const reached = names.filter((name) => name !== 'research-private');
/** Those that run a DaemonSet aws-node. */
const withAwsNode = reached.filter((name) => name !== 'analytics-auto');
const withCniNodes = withAwsNode.filter((name) => name !== 'legacy-batch');
const withPolicyEndpoints = ['analytics-auto', 'payments-eu', 'platform-al2023'];

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fleet-test-'));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

const contents = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const files = (await filesIn(directory)).filter((file) => file !== 'README.md');
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => {
        const bytes = await readFile(join(directory, file));
        // What is inside: another zlib may write other bytes for it.
        return [file, (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')] as const;
      }),
    ),
  );
};

describe('the committed dumps', () => {
  it('are those of the generator and the page about them, and nothing else', async () => {
    expect(new Set(await readdir(COMMITTED))).toEqual(new Set([...names, 'README.md']));
  });

  it('are what the generator writes today, byte for byte', async () => {
    await generateFleet(scratch);
    expect(await contents(COMMITTED)).toEqual(await contents(scratch));
  });

  it('are written again without what is no longer theirs', async () => {
    await generateFleet(scratch);
    const before = await filesIn(scratch);
    await writeFile(join(scratch, 'shop-prod', 'kubernetes', 'left-over.json'), '{}');
    await generateFleet(scratch);
    expect(await filesIn(scratch)).toEqual(before);
  });

  it('stay small enough to read', async () => {
    const texts = Object.values(await contents(COMMITTED));
    expect(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(2_500_000);
  });

  it("name no account but AWS's documentation accounts and the one that publishes EKS images", async () => {
    const texts = Object.values(await contents(COMMITTED));
    const found = texts.flatMap((text) => [...text.matchAll(/(?:::?|"|\/\/)(\d{12})(?=[:".])/g)].map(([, id]) => id));
    expect(new Set(found)).toEqual(new Set(['111122223333', '444455556666', '602401143452']));
  });
});

const Gather = z.object({ cluster: z.string(), region: z.string(), account: z.string(), gatheredAt: z.string() });

describe.each(names)('%s', (cluster) => {
  it('is marked as the dump of itself, in the account that EKS names', async () => {
    const gather = await answerOf(cluster, 'gather', Gather);
    const described = await answerOf(
      cluster,
      'aws/describe-cluster',
      z.object({ cluster: z.object({ arn: z.string() }) }),
    );
    expect(described.cluster.arn).toBe(`arn:aws:eks:${gather.region}:${gather.account}:cluster/${cluster}`);
    expect(gather).toMatchObject({ cluster, gatheredAt: expect.stringMatching(/^2026-11-20T0[89]:\d\d:\d\dZ$/) });
  });

  it('has one answer or one error for each call that gather.sh makes to Kubernetes', async () => {
    const script = await readFile(GATHER, 'utf8');
    const asked = [...script.matchAll(/^ +kubernetes_read ([a-z-]+) /gm)].map(([, name]) => name ?? '');
    const files = await filesIn(join(COMMITTED, cluster, 'kubernetes'));
    expect(asked).toHaveLength(27);
    expect(files.map((file) => file.replace(/\.(json|error)$/, '')).toSorted()).toEqual(asked.toSorted());
  });

  it('ends every error with the exit code, as gather.sh does', async () => {
    const errors = Object.entries(await contents(join(COMMITTED, cluster))).filter(([file]) => file.endsWith('.error'));
    expect(errors.filter(([, text]) => !/\nexit: \d+\n$/.test(text))).toEqual([]);
  });

  it('holds nothing younger than itself, but for the day on which an image will be deprecated', async () => {
    const { gatheredAt } = await answerOf(cluster, 'gather', Gather);
    const late = Object.entries(await contents(join(COMMITTED, cluster))).flatMap(([file, text]) =>
      [...text.matchAll(/"(\w+)": "(20\d\d-\d\d-\d\dT[^"]*)"/g)]
        .filter(([, key, time = '']) => key !== 'DeprecationTime' && !(Date.parse(time) <= Date.parse(gatheredAt)))
        .map(([line]) => `${file} ${line}`),
    );
    expect(late).toEqual([]);
  });

  it('knows the node group, launch template and image of every instance', async () => {
    const { nodegroups } = await answerOf(
      cluster,
      'aws/list-nodegroups',
      z.object({ nodegroups: z.array(z.string()) }),
    );
    const Images = z.object({ Images: z.array(z.object({ ImageId: z.string(), Name: z.string() })) });
    const images = (await answerOf(cluster, 'aws/describe-images', Images)).Images;
    const Nodegroup = z.object({
      nodegroup: z.object({
        releaseVersion: z.string(),
        instanceTypes: z.array(z.string()),
        resources: z.object({ autoScalingGroups: z.array(z.object({ name: z.string() })) }),
      }),
    });
    const instances = await instancesOf(cluster);
    expect(instances.length).toBeGreaterThanOrEqual(3);
    expect(instances.map((instance) => tagOf(instance, `kubernetes.io/cluster/${cluster}`))).toEqual(
      instances.map(() => 'owned'),
    );
    // Nobody but AWS sees the images of Auto Mode.
    const visible = cluster === 'analytics-auto' ? [] : [...new Set(instances.map(({ ImageId }) => ImageId))];
    expect(images.map(({ ImageId }) => ImageId)).toEqual(visible);
    const groups = await Promise.all(
      nodegroups.map(async (name) => {
        const { nodegroup } = await answerOf(cluster, `aws/nodegroups/${name}`, Nodegroup);
        const released = nodegroup.releaseVersion.split('-')[1] ?? '';
        return {
          name,
          types: nodegroup.instanceTypes,
          released,
          scaling: nodegroup.resources.autoScalingGroups[0]?.name,
        };
      }),
    );
    const members = instances.filter((instance) => tagOf(instance, 'eks:nodegroup-name') !== undefined);
    const ofInstance = (instance: Instance) => ({
      name: tagOf(instance, 'eks:nodegroup-name'),
      types: [instance.InstanceType],
      released: /-v(\d{8})$/.exec(images.find(({ ImageId }) => ImageId === instance.ImageId)?.Name ?? '')?.[1],
      scaling: tagOf(instance, 'aws:autoscaling:groupName'),
    });
    expect(new Set(members.map((member) => JSON.stringify(ofInstance(member))))).toEqual(
      new Set(groups.map((group) => JSON.stringify(group))),
    );
  });
});

describe.each(reached)('%s, in Kubernetes', (cluster) => {
  it('has a node for every instance, and they agree', async () => {
    const ofInstance = (instance: Instance) => ({
      id: instance.InstanceId,
      zone: instance.Placement.AvailabilityZone,
      type: instance.InstanceType,
      address: instance.PrivateIpAddress,
      nodegroup: tagOf(instance, 'eks:nodegroup-name'),
      image: tagOf(instance, 'eks:nodegroup-name') === undefined ? undefined : instance.ImageId,
      trunk: instance.NetworkInterfaces.some(({ InterfaceType }) => InterfaceType === 'trunk'),
    });
    const ofNode = (node: Node) => ({
      id: instanceIdOf(node),
      zone: node.metadata.labels['topology.kubernetes.io/zone'],
      type: node.metadata.labels['node.kubernetes.io/instance-type'],
      address: addressOf(node),
      nodegroup: node.metadata.labels['eks.amazonaws.com/nodegroup'],
      image: node.metadata.labels['eks.amazonaws.com/nodegroup-image'],
      trunk: Object.hasOwn(node.status.allocatable, 'vpc.amazonaws.com/pod-eni'),
    });
    const nodes = await itemsOf(cluster, 'nodes', Node);
    expect(nodes.map(ofNode)).toEqual((await instancesOf(cluster)).map(ofInstance));
  });

  it('places every pod on a node, under an owner', async () => {
    const nodes = new Map((await itemsOf(cluster, 'nodes', Node)).map((node) => [node.metadata.name, addressOf(node)]));
    const pods = await itemsOf(cluster, 'pods', Pod);
    expect(pods.map(({ status }) => status.hostIP)).toEqual(pods.map(({ spec }) => nodes.get(spec.nodeName)));
    expect(pods.filter(({ metadata: { ownerReferences } }) => ownerReferences.length !== 1)).toEqual([]);
    expect(new Set(pods.map(({ metadata: { uid } }) => uid)).size).toBe(pods.length);
  });

  it('gives every pod an address that its node can give and no other pod has', async () => {
    const instances = new Map((await instancesOf(cluster)).map((instance) => [instance.PrivateIpAddress, instance]));
    const pods = await itemsOf(cluster, 'pods', Pod);
    const isPossible = (pod: Pod): boolean => {
      const { phase, podIP, podIPs, hostIP } = pod.status;
      if (podIP === undefined) return phase === 'Pending' && podIPs.length === 0;
      if (podIPs.length !== 1 || podIPs[0]?.ip !== podIP) return false;
      if (pod.spec.hostNetwork) return podIP === hostIP;
      const branch = branchAddress(pod);
      if (branch !== undefined) return branch === podIP;
      const instance = instances.get(hostIP);
      return instance !== undefined && canGive(instance, podIP);
    };
    expect(pods.filter((pod) => !isPossible(pod)).map(({ metadata: { name } }) => name)).toEqual([]);
    const own = pods.flatMap(({ spec, status }) => (spec.hostNetwork ? [] : (status.podIP ?? [])));
    expect(new Set(own).size).toBe(own.length);
  });

  it('has 8 to 20 pods of its own in 3 to 5 namespaces', async () => {
    const pods = await itemsOf(cluster, 'pods', Pod);
    const own = pods.filter(({ metadata: { namespace } }) => namespace !== 'kube-system');
    const namespaces = new Set(own.map(({ metadata: { namespace } }) => namespace));
    expect(own.length).toBeGreaterThanOrEqual(8);
    expect(own.length).toBeLessThanOrEqual(20);
    expect(namespaces.size).toBeGreaterThanOrEqual(3);
    expect(namespaces.size).toBeLessThanOrEqual(5);
    const listed = await itemsOf(cluster, 'namespaces', Named);
    expect(listed.map(({ metadata: { name } }) => name)).toEqual(expect.arrayContaining([...namespaces]));
  });
});

describe.each(withAwsNode)('%s, on its nodes', (cluster) => {
  it('runs one aws-node pod on each node, and lists it among all pods', async () => {
    const nodes = await itemsOf(cluster, 'nodes', Node);
    const agents = await itemsOf(cluster, 'aws-node-pods', Pod);
    expect(agents.map(({ spec, status }) => [spec.nodeName, status.hostIP, status.podIP])).toEqual(
      nodes.map((node) => [node.metadata.name, addressOf(node), addressOf(node)]),
    );
    const older = agents.filter(
      ({ metadata: { creationTimestamp } }, index) =>
        creationTimestamp <= (nodes[index]?.metadata.creationTimestamp ?? ''),
    );
    expect(older).toEqual([]);
    const pods = await itemsOf(cluster, 'pods', Named);
    expect(pods.map(({ metadata: { uid } }) => uid)).toEqual(
      expect.arrayContaining(agents.map(({ metadata: { uid } }) => uid)),
    );
  });

  it('has a DaemonSet aws-node of the version that the add-on installed, with true numbers', async () => {
    const { metadata, spec, status } = await answerOf(cluster, 'kubernetes/aws-node', DaemonSet);
    const Addon = z.object({ addon: z.object({ addonVersion: z.string() }) });
    const { addon } = await answerOf(cluster, 'aws/describe-addon-vpc-cni', Addon);
    const agents = await itemsOf(cluster, 'aws-node-pods', Pod);
    const isReady = (pod: Pod): boolean => pod.status.containerStatuses.every(({ ready }) => ready);
    const revisions = Object.values(
      Object.groupBy(agents, (pod) => pod.metadata.labels['controller-revision-hash'] ?? ''),
    );
    const cni = spec.template.spec.containers.find(({ name }) => name === 'aws-node');
    expect(cni?.image.split(':')[1]).toBe(addon.addonVersion);
    expect(status).toEqual({
      desiredNumberScheduled: agents.length,
      numberReady: agents.filter(isReady).length,
      updatedNumberScheduled: Math.max(...revisions.map((pods) => pods?.length ?? 0)),
    });
    const projected = await itemsOf(cluster, 'daemonsets', DaemonSet);
    expect(projected.filter(({ metadata: { name } }) => name === 'aws-node')).toMatchObject([
      { metadata: { uid: metadata.uid }, status },
    ]);
  });
});

describe.each(withCniNodes)('%s, in its CNINodes', (cluster) => {
  it('has one for each node, owned by it, with the features that the node shows', async () => {
    const nodes = await itemsOf(cluster, 'nodes', Node);
    const cniNodes = await itemsOf(cluster, 'cninodes', CniNode);
    expect(
      cniNodes.map(({ metadata, spec }) => ({
        name: metadata.name,
        owners: metadata.ownerReferences,
        instance: spec.tags['node.k8s.amazonaws.com/instance_id'],
        features: spec.features.map(({ name }) => name),
      })),
    ).toEqual(
      nodes.map((node) => ({
        name: node.metadata.name,
        owners: [{ kind: 'Node', name: node.metadata.name, uid: node.metadata.uid }],
        instance: instanceIdOf(node),
        features: Object.hasOwn(node.status.allocatable, 'vpc.amazonaws.com/pod-eni') ? ['SecurityGroupsForPods'] : [],
      })),
    );
  });
});

describe.each(withPolicyEndpoints)('%s, in its PolicyEndpoints', (cluster) => {
  it('lists the pods that there are, under the policies that there are', async () => {
    const pods = await itemsOf(cluster, 'pods', Pod);
    const policies = await itemsOf(cluster, 'networkpolicies', Named);
    const endpoints = await itemsOf(cluster, 'policyendpoints', PolicyEndpoint);
    expect(
      endpoints.map(({ metadata, spec }) => [
        spec.policyRef.namespace,
        spec.policyRef.name,
        metadata.ownerReferences[0]?.uid,
      ]),
    ).toEqual(policies.map(({ metadata: { namespace, name, uid } }) => [namespace, name, uid]));
    const listed = endpoints.map(({ spec }) => spec.podSelectorEndpoints);
    expect(listed.filter((list) => list.length === 0)).toEqual([]);
    const known = pods.map(({ metadata: { namespace, name }, status }) => ({
      hostIP: status.hostIP,
      name,
      namespace,
      podIP: status.podIP,
    }));
    expect(known).toEqual(expect.arrayContaining(listed.flat()));
  });
});

/** `--enable-network-policy=…` of each running agent, in the order of the nodes. */
const switches = async (cluster: string): Promise<readonly (string | undefined)[]> =>
  (await itemsOf(cluster, 'aws-node-pods', Pod)).map(({ spec }) =>
    spec.containers
      .find(({ name }) => name === 'aws-eks-nodeagent')
      ?.args.find((argument) => argument.startsWith('--enable-network-policy=')),
  );

const configurationOf = async (cluster: string): Promise<string | undefined> => {
  const Addon = z.object({ addon: z.object({ configurationValues: z.string().optional() }) });
  return (await answerOf(cluster, 'aws/describe-addon-vpc-cni', Addon)).addon.configurationValues;
};

const ConfigMap = z.object({ data: labels });

describe('the stories', () => {
  it('shop-prod: policies are there, every switch is off', async () => {
    expect(await configurationOf('shop-prod')).toBeUndefined();
    expect(await switches('shop-prod')).toEqual(Array.from({ length: 4 }, () => '--enable-network-policy=false'));
    const { data } = await answerOf('shop-prod', 'kubernetes/configmap-amazon-vpc-cni', ConfigMap);
    expect(data['enable-network-policy-controller']).toBe('false');
    expect(await itemsOf('shop-prod', 'networkpolicies', Named)).toHaveLength(2);
    expect(await itemsOf('shop-prod', 'policyendpoints', Named)).toEqual([]);
  });

  it('legacy-batch: no agent, an old kernel, a missing trunk, ENIConfigs named after no zone', async () => {
    expect(await switches('legacy-batch')).toEqual([undefined, undefined, undefined]);
    const nodes = await itemsOf('legacy-batch', 'nodes', Node);
    expect(
      nodes.map(({ metadata, status }) => [
        status.nodeInfo.kernelVersion.split('-')[0],
        metadata.labels['vpc.amazonaws.com/has-trunk-attached'],
      ]),
    ).toEqual([
      ['5.10.184', 'true'],
      ['5.10.184', 'true'],
      ['5.4.228', 'false'],
    ]);
    const configs = await itemsOf('legacy-batch', 'eniconfigs', Named);
    expect(configs.map(({ metadata: { name } }) => name)).toEqual(['subnet-a', 'subnet-b', 'subnet-c']);
    expect(await textOf('legacy-batch', 'kubernetes/policyendpoints.error')).toBe(
      'error: the server doesn\'t have a resource type "policyendpoints"\nexit: 1\n',
    );
  });

  it('legacy-batch: the launch template of its last node keeps bpffs away', async () => {
    const last = (await instancesOf('legacy-batch')).at(-1);
    const id = last === undefined ? '' : tagOf(last, 'aws:ec2launchtemplate:id');
    const Versions = z.object({
      LaunchTemplateVersions: z.array(
        z.object({ VersionNumber: z.number(), LaunchTemplateData: z.object({ UserData: z.string() }) }),
      ),
    });
    const { LaunchTemplateVersions } = await answerOf('legacy-batch', `aws/launch-templates/${id}`, Versions);
    const [used] = LaunchTemplateVersions;
    expect(String(used?.VersionNumber)).toBe(last === undefined ? '' : tagOf(last, 'aws:ec2launchtemplate:version'));
    expect(Buffer.from(used?.LaunchTemplateData.UserData ?? '', 'base64').toString()).toContain('--mount-bpf-fs false');
  });

  it('payments-eu: one agent of the old revision, one crashing, and Calico not gone', async () => {
    const on = '--enable-network-policy=true';
    expect(await switches('payments-eu')).toEqual([on, '--enable-network-policy=false', on, on, on]);
    const waiting = (await itemsOf('payments-eu', 'aws-node-pods', Pod)).map(({ status }) =>
      status.containerStatuses.filter(({ state }) => Object.hasOwn(state, 'waiting')).map(({ name }) => name),
    );
    expect(waiting).toEqual([[], [], [], [], ['aws-eks-nodeagent']]);
    const nodes = await itemsOf('payments-eu', 'nodes', Node);
    const marked = nodes.map(({ status }) => status.conditions.some(({ reason }) => reason === 'CalicoIsUp'));
    expect(marked).toEqual([true, true, false, false, false]);
    const deployments = await itemsOf('payments-eu', 'deployments', Named);
    expect(deployments.map(({ metadata: { name } }) => name)).toContain('tigera-operator');
  });

  it('platform-al2023: every agent is on, and says so itself', async () => {
    expect(await switches('platform-al2023')).toEqual(Array.from({ length: 4 }, () => '--enable-network-policy=true'));
    const nodes = await itemsOf('platform-al2023', 'nodes', Node);
    expect(nodes.map(({ status }) => status.nodeInfo.architecture)).toEqual(['arm64', 'arm64', 'amd64', 'amd64']);
    const ready = '[+]bpf-fs ok\n[+]bpf-maps ok\n[+]grpc-socket ok\nhealthz check passed\n';
    expect(await contents(join(COMMITTED, 'platform-al2023', 'probes'))).toEqual(
      Object.fromEntries(nodes.map(({ metadata: { name } }) => [`readyz/${name}.txt`, ready])),
    );
  });

  it('analytics-auto: no add-on and no aws-node, and a NodeClass instead', async () => {
    expect(await textOf('analytics-auto', 'aws/describe-addon-vpc-cni.error')).toContain('(ResourceNotFoundException)');
    expect(await textOf('analytics-auto', 'kubernetes/aws-node.error')).toBe(
      'Error from server (NotFound): daemonsets.apps "aws-node" not found\nexit: 1\n',
    );
    expect(await itemsOf('analytics-auto', 'aws-node-pods', Named)).toEqual([]);
    const classes = await itemsOf('analytics-auto', 'nodeclasses', NodeClass);
    expect(classes.map(({ metadata: { name }, spec }) => [name, spec])).toEqual([
      ['default', { networkPolicy: 'DefaultAllow', networkPolicyEventLogs: 'Enabled' }],
    ]);
  });

  it('research-private: AWS answered, the Kubernetes API did not', async () => {
    expect(await configurationOf('research-private')).toBe('{"enableNetworkPolicy":"true"}');
    const texts = Object.values(await contents(join(COMMITTED, 'research-private', 'kubernetes')));
    const told = /^Unable to connect to the server: dial tcp 10\.70\.\d+\.\d+:443: i\/o timeout\n/;
    expect(texts.filter((text) => !told.test(text))).toEqual([]);
  });
});
