import { createKubernetesClient } from '../../../shared/runtime/kubernetes/client.ts';
import { processClock } from '../../../shared/runtime/kubernetes/connect.ts';
import { listPages } from '../../../shared/runtime/kubernetes/list.ts';
import { createNodeDecoder } from '../../../shared/runtime/kubernetes/nodes-protobuf.ts';
import { createPodDecoder } from '../../../shared/runtime/kubernetes/pods-protobuf.ts';
import { answerOrder } from './measure.ts';
import type { Order, Read } from './measure.ts';
import { toNode, toPod } from './project.ts';
import type { NodeLike, PodLike } from './project.ts';

/** Our client; `protobuf` as the product reads, or everything in JSON as from a server that has no protobuf. */
const read = async ({ encoding, target }: Order): Promise<Read> => {
  const client = createKubernetesClient({
    endpoint: target.url,
    certificateAuthority: target.certificateAuthority,
    ...processClock('netpol-warden/bench'),
    token: () => Promise.resolve('bench'),
  });
  const protobuf = encoding === 'protobuf';
  const [nodes, pods] = await Promise.all([
    listPages(client, {
      path: '/api/v1/nodes',
      // The bench's server sends nodes.
      project: (item) => toNode(item as NodeLike),
      ...(protobuf ? { protobuf: createNodeDecoder({ maxAnnotationCharacters: 256 }) } : {}),
    }),
    listPages(client, {
      path: '/api/v1/pods',
      // The bench's server sends pods.
      project: (item) => toPod(item as PodLike),
      ...(protobuf ? { protobuf: createPodDecoder() } : {}),
    }),
  ]);
  client.close();
  const { bodyBytes, calls, wireBytes } = client.usage();
  return { nodes: nodes.items, pods: pods.items, requests: calls, bytes: { wire: wireBytes, body: bodyBytes } };
};

answerOrder(read);
