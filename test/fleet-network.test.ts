import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { FLEET } from './support/fleet/generate.ts';
import { answerOf, instancesOf, itemsOf, Pod } from './support/fleet/read.ts';

const names = Object.keys(FLEET);
const reached = names.filter((name) => name !== 'research-private');

const Interfaces = z.object({
  NetworkInterfaces: z.array(
    z.object({
      Description: z.string(),
      PrivateIpAddress: z.string(),
      SubnetId: z.string(),
      Attachment: z.object({ InstanceId: z.string() }).optional(),
    }),
  ),
});
const Subnets = z.object({ Subnets: z.array(z.object({ SubnetId: z.string() })) });

const Slice = z.object({
  metadata: z.object({ namespace: z.string(), labels: z.record(z.string(), z.string()) }),
  endpoints: z.array(
    z.object({
      addresses: z.array(z.string()),
      nodeName: z.string().optional(),
      targetRef: z.object({ name: z.string(), namespace: z.string() }).optional(),
    }),
  ),
});
const Service = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  spec: z.object({ clusterIP: z.string(), selector: z.record(z.string(), z.string()).optional() }),
});

const controlPlaneOf = async (cluster: string): Promise<readonly string[]> => {
  const { NetworkInterfaces } = await answerOf(cluster, 'aws/describe-network-interfaces', Interfaces);
  return NetworkInterfaces.filter(({ Description }) => Description === `Amazon EKS ${cluster}`).map(
    ({ PrivateIpAddress }) => PrivateIpAddress,
  );
};

describe.each(names)('%s, around its nodes', (cluster) => {
  it('has the interfaces of its instances and two of its control plane, in subnets that are described', async () => {
    const { NetworkInterfaces } = await answerOf(cluster, 'aws/describe-network-interfaces', Interfaces);
    const { Subnets: subnets } = await answerOf(cluster, 'aws/describe-subnets', Subnets);
    const known = new Set(subnets.map(({ SubnetId }) => SubnetId));
    expect(NetworkInterfaces.filter(({ SubnetId }) => !known.has(SubnetId))).toEqual([]);
    const attached = NetworkInterfaces.flatMap(({ Attachment, PrivateIpAddress }) =>
      Attachment === undefined ? [] : [[Attachment.InstanceId, PrivateIpAddress]],
    );
    const instances = await instancesOf(cluster);
    expect(attached).toEqual(
      instances.flatMap(({ InstanceId, NetworkInterfaces: cards }) =>
        cards.map(({ PrivateIpAddresses: [first] }) => [InstanceId, first?.PrivateIpAddress]),
      ),
    );
    expect(await controlPlaneOf(cluster)).toHaveLength(2);
  });
});

describe.each(reached)('%s, behind its Services', (cluster) => {
  it('has endpoints that are pods of the selector, with their addresses; the control plane behind its own', async () => {
    const pods = await itemsOf(cluster, 'pods', Pod);
    const services = await itemsOf(cluster, 'services', Service);
    const slices = await itemsOf(cluster, 'endpointslices', Slice);
    const backends = slices.map(({ metadata: { namespace, labels }, endpoints }) => ({
      service: `${namespace}/${labels['kubernetes.io/service-name']}`,
      addresses: endpoints.flatMap(({ addresses }) => addresses).toSorted(),
    }));
    const selected = services.map(({ metadata: { namespace, name }, spec: { selector } }) => ({
      service: `${namespace}/${name}`,
      addresses: pods
        .filter(
          ({ metadata }) =>
            selector !== undefined &&
            metadata.namespace === namespace &&
            Object.entries(selector).every(([key, value]) => metadata.labels[key] === value),
        )
        .flatMap(({ status: { podIP } }) => podIP ?? [])
        .toSorted(),
    }));
    const controlPlane = { service: 'default/kubernetes', addresses: (await controlPlaneOf(cluster)).toSorted() };
    expect(backends).toEqual(selected.map((one) => (one.service === controlPlane.service ? controlPlane : one)));
    const targets = slices.flatMap(({ endpoints }) => endpoints.flatMap(({ targetRef }) => targetRef?.name ?? []));
    expect(pods.map(({ metadata: { name } }) => name)).toEqual(expect.arrayContaining(targets));
  });

  it('has a ClusterIP of its own for each', async () => {
    const services = await itemsOf(cluster, 'services', Service);
    const addresses = services.map(({ spec: { clusterIP } }) => clusterIP).filter((address) => address !== 'None');
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses.filter((address) => !/^172\.20\.\d{1,3}\.\d{1,3}$/.test(address))).toEqual([]);
  });
});
