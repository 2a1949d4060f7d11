import { createEksTokenProvider } from '../../../shared/runtime/eks-token.ts';
import { answerOrder, type Route } from './measure.ts';
import { enter, readAws, readCluster, type PlainAccount } from './plain-aws.ts';
import { readKubernetes } from './plain-kubernetes.ts';

/**
 * The same calls with the libraries as they come: typed lists of @kubernetes/client-node, the SDK's own reader of EC2's
 * XML. Clients are shared by account, so that only the reading differs.
 */
const route: Route = () => {
  const accounts = new Map<string, Promise<PlainAccount>>();
  return async ({ account, name, region }) => {
    const entering = accounts.get(account) ?? enter(account, region);
    accounts.set(account, entering);
    const clients = await entering;
    const aws = readAws(clients, name);
    const cluster = await readCluster(clients, name);
    const token = createEksTokenProvider({
      clusterName: name,
      partition: 'aws',
      region,
      credentials: () => Promise.resolve(clients.credentials),
      now: () => new Date(),
    });
    const kubernetes = await readKubernetes({
      endpoint: cluster.endpoint ?? '',
      certificateAuthorityData: cluster.certificateAuthorityData ?? '',
      token: await token(),
    });
    return { facts: { 'eks.cluster': cluster, ...(await aws), ...kubernetes } };
  };
};

answerOrder(route);
