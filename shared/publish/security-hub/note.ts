import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Finding } from '../../model/finding.ts';

/**
 * A note on a finding that was imported: people's field, which an import never changes.
 * IAM: securityhub:BatchUpdateFindings.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindings.html
 * @throws where Security Hub did not take it
 */
export const writeNote = async (
  client: SecurityHubClient,
  { id, cluster: { partition, account, region } }: Finding,
  text: string,
): Promise<void> => {
  const { BatchUpdateFindingsCommand } = await import('@aws-sdk/client-securityhub');
  const { UnprocessedFindings: [refused] = [] } = await client.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: [
        { Id: id, ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default` },
      ],
      Note: { Text: text, UpdatedBy: 'netpol-warden' },
    }),
  );
  if (refused !== undefined) throw new Error(`Security Hub took no note: ${refused.ErrorCode ?? 'unknown'}`);
};
