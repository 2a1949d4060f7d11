import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { describe, expect, it } from 'vitest';
import { writeNote } from '../../../shared/publish/security-hub/note.ts';
import { announcementOf } from '../announcements.ts';

const { finding } = announcementOf().change;

const client = (answer: object) => {
  const asked: unknown[] = [];
  const send = (command: { readonly input: unknown }): Promise<object> => {
    asked.push(command.input);
    return Promise.resolve(answer);
  };
  // Only `send` is used here.
  return { asked, hub: { send } as unknown as SecurityHubClient };
};

describe('a note on a finding', () => {
  it('is written on exactly the finding that was imported', async () => {
    const { hub, asked } = client({ ProcessedFindings: [{}], UnprocessedFindings: [] });
    await writeNote(hub, finding, 'why');
    expect(asked).toEqual([
      {
        FindingIdentifiers: [
          {
            Id: finding.id,
            ProductArn: 'arn:aws:securityhub:us-west-2:111122223333:product/111122223333/default',
          },
        ],
        Note: { Text: 'why', UpdatedBy: 'netpol-warden' },
      },
    ]);
  });

  it('that was not taken is an error', async () => {
    const { hub } = client({ UnprocessedFindings: [{ ErrorCode: 'FindingNotFound', ErrorMessage: 'x' }] });
    await expect(writeNote(hub, finding, 'why')).rejects.toThrow('FindingNotFound');
  });
});
