import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generatePermissionsPage, permissionsPage } from '../../infra/generate/permissions-page.ts';
import { liveCollectors } from '../../shared/collect/live/collectors.ts';
import { FACT_KEYS } from '../../shared/model/snapshot.ts';

const collectors = liveCollectors({ keys: FACT_KEYS, probes: { kind: 'off' } });
const page = await readFile(new URL('../../docs/service/permissions.md', import.meta.url), 'utf8');

describe('the page of permissions', () => {
  it('is as `npm run generate` writes it', async () => {
    expect(page).toBe(await generatePermissionsPage(collectors));
  });

  it('has a line for every action and every rule that a collector declares, with the fact it is for', () => {
    for (const key of FACT_KEYS) {
      for (const { action } of collectors[key].iam) expect(page).toMatch(new RegExp(`\`${action}\`.*\`${key}\``));
      for (const { resource } of collectors[key].rbac) expect(page).toMatch(new RegExp(` ${resource}.*\`${key}\``));
    }
  });

  it('tells of a role what it may do, on what, and what for', () => {
    const roles = `Resources:
  # Rings a bell.
  BellRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: function
          PolicyDocument:
            Statement:
              - Sid: RingLoudly
                Effect: Allow
                Action: ['bell:Ring']
                Resource: !GetAtt Bell.Arn
`;
    const text = permissionsPage(collectors, roles, 'Resources: {}');
    expect(text).toContain('### BellRole\n\nRings a bell.\n');
    expect(text).toContain('| ring loudly | `bell:Ring` | `Bell.Arn` |');
  });
});
