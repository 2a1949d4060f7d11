import { listPages } from '../../runtime/kubernetes/list.ts';
import { sortedBy } from '../normalise/order.ts';
import { isServiceAccountOfInterest, normaliseServiceAccount } from '../normalise/service-accounts.ts';
import type { Collector } from './collector.ts';

/** The whole list is asked for, because RBAC cannot restrict `list` by name, and next to nothing of it is kept. */
export const serviceAccounts: Collector<'kubernetes.service-accounts'> = {
  key: 'kubernetes.service-accounts',
  source: 'GET /api/v1/serviceaccounts',
  iam: [],
  rbac: [{ apiGroup: '', resource: 'serviceaccounts', verbs: ['list'] }],
  collect: async (context) => {
    const client = await context.kubernetes();
    const { items } = await listPages(client, {
      path: '/api/v1/serviceaccounts',
      project: (item) => {
        const account = normaliseServiceAccount(item);
        return isServiceAccountOfInterest(account) ? account : undefined;
      },
      signal: context.signal,
    });
    return sortedBy(items, ({ namespace, name }) => [namespace, name]);
  },
};
