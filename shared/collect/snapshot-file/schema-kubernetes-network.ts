import * as z from 'zod';
import { count, labels, list, time } from './values.ts';

/** Mirrors `model/facts-kubernetes-network.ts`, without policies; `schema.ts` proves that it does. */

export const service = z
  .object({
    namespace: z.string(),
    name: z.string(),
    type: z.string(),
    clusterIPs: list(z.string()),
    ports: list(
      z.object({
        name: z.string().exactOptional(),
        port: z.int(),
        targetPort: z.union([z.int(), z.string()], 'number or name'),
        protocol: z.string(),
      }),
    ),
    selector: labels,
    externalName: z.string().exactOptional(),
    internalTrafficPolicy: z.string(),
  })
  .meta({ id: 'Service', description: 'v1 Service' });

export const endpointSlice = z
  .object({
    namespace: z.string(),
    name: z.string(),
    service: z.string().exactOptional(),
    addressType: z.string(),
    endpoints: list(
      z.object({
        addresses: list(z.string()),
        ready: z.boolean(),
        nodeName: z.string().exactOptional(),
        pod: z.object({ namespace: z.string(), name: z.string() }).exactOptional(),
      }),
    ),
    ports: list(z.object({ name: z.string().exactOptional(), port: z.int().exactOptional(), protocol: z.string() })),
  })
  .meta({ id: 'EndpointSlice', description: 'discovery.k8s.io/v1 EndpointSlice' });

export const kubeProxyConfig = z
  .object({ mode: z.enum(['iptables', 'ipvs', 'nftables']) })
  .meta({ id: 'KubeProxyConfig', description: 'ConfigMap kube-system/kube-proxy-config; absent: there is none' });

export const clusterRole = z
  .object({
    name: z.string(),
    rules: list(
      z.object({
        apiGroups: list(z.string()),
        resources: list(z.string()),
        verbs: list(z.string()),
        nonResourceURLs: list(z.string()),
        resourceNames: list(z.string()),
      }),
    ),
  })
  .meta({ id: 'ClusterRole', description: 'rbac.authorization.k8s.io/v1 ClusterRole' });

export const kubernetesEvents = z
  .object({
    events: list(
      z.object({
        namespace: z.string(),
        name: z.string(),
        reason: z.string(),
        type: z.string(),
        message: z.string(),
        regarding: z.object({ kind: z.string(), namespace: z.string().exactOptional(), name: z.string() }),
        reporter: z.string(),
        count,
        lastSeen: time,
      }),
    ),
    omitted: count,
  })
  .meta({ id: 'KubernetesEvents', description: 'v1 Events about pod networking, the newest; omitted: older ones' });
