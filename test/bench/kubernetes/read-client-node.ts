import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { Node, Pod } from '../../../shared/model/facts-kubernetes.ts';
import { answerOrder } from './measure.ts';
import type { Order, Read } from './measure.ts';
import { toNode, toPod } from './project.ts';

/** The typed lists of @kubernetes/client-node, page by page, with the same projection: only the pods and nodes are kept. */
const read = async ({ target }: Order): Promise<Read> => {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    {
      name: 'bench',
      server: target.url,
      caData: Buffer.from(target.certificateAuthority).toString('base64'),
      skipTLSVerify: false,
    },
    { name: 'bench', token: 'bench' },
  );
  const api = config.makeApiClient(CoreV1Api);
  let calls = 0;
  const nodes: Node[] = [];
  const pods: Pod[] = [];
  const readNodes = async (): Promise<void> => {
    for (let token: string | undefined = ''; token !== undefined;) {
      const page = await api.listNode({ limit: 500, ...(token === '' ? {} : { _continue: token }) });
      calls += 1;
      for (const item of page.items) nodes.push(toNode(item));
      ({ _continue: token } = page.metadata ?? {});
    }
  };
  const readPods = async (): Promise<void> => {
    for (let token: string | undefined = ''; token !== undefined;) {
      const page = await api.listPodForAllNamespaces({ limit: 500, ...(token === '' ? {} : { _continue: token }) });
      calls += 1;
      for (const item of page.items) pods.push(toPod(item));
      ({ _continue: token } = page.metadata ?? {});
    }
  };
  await Promise.all([readNodes(), readPods()]);
  return { nodes, pods, requests: calls };
};

answerOrder(read);
