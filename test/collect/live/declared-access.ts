import type { RbacRule } from '../../../shared/collect/live/collector.ts';
import type { RecordedRequest } from '../../support/kubernetes-endpoint/replies.ts';

/** A request as the API server's authorizer sees it. */
export interface Access {
  readonly apiGroup: string;
  readonly namespace?: string;
  readonly resource: string;
  readonly name?: string;
  readonly verb: 'get' | 'list';
}

/**
 * Undefined for a path of no resource, such as `/version`.
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export const accessOf = ({ path }: Pick<RecordedRequest, 'path'>): Access | undefined => {
  const [, group, rest = ''] = /^\/(?:api|apis\/([^/]+))\/v[^/]+\/(.+)$/.exec(path) ?? [];
  if (rest === '') return undefined;
  const [, namespace, inside] = /^namespaces\/([^/]+)\/(.+)$/.exec(rest) ?? [];
  const [resource = '', name, subresource] = (inside ?? rest).split('/');
  return {
    apiGroup: group ?? '',
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    verb: name === undefined ? 'list' : 'get',
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
};

/** Whether the rule, bound where it says, lets this request through. */
export const covers = (rule: RbacRule, { apiGroup, namespace, resource, name, verb }: Access): boolean =>
  rule.apiGroup === apiGroup &&
  rule.resource === resource &&
  rule.verbs.includes(verb) &&
  (rule.namespace === undefined || rule.namespace === namespace) &&
  (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name)));
