import { createHash } from 'node:crypto';
import type { ClusterRef } from '../model/cluster.ts';
import type { Resource } from '../model/outcome.ts';

/**
 * FROZEN. Security Hub, tickets and reports know a finding by this id; another id is another finding, and every open
 * one would be opened a second time. See docs/decisions/0003-frozen-identity.md and the golden test.
 *
 * `<region>/<account>/netpol-warden/<64 hexadecimal digits>`: the first two parts are for people, the digest alone is
 * the identity. It is SHA-256 over the UTF-8 of a JSON array, in which no value can be taken for a part of another.
 * Far below the 512 characters that Security Hub allows.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export const findingId = (cluster: ClusterRef, checkId: string, resource: Resource): string => {
  const { partition, account, region, name } = cluster;
  const parts = ['netpol-warden/v1', partition, account, region, name, checkId, resource.type, resource.id];
  const digest = createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex');
  return `${region}/${account}/netpol-warden/${digest}`;
};
