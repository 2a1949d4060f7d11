import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import type { Exception } from '../../shared/model/exception.ts';
import { announce, type AnnouncementContext } from '../../shared/publish/announce.ts';
import { announcementOf } from './announcements.ts';

const { change } = announcementOf();
const committed = { change, sequence: 7, at: '2026-11-20T09:00:05.123Z' };

const CONTEXT: AnnouncementContext = {
  checkOf: (id) => CATALOGUE.find((check) => check.id === id),
  exceptions: [],
  ownerOf: () => undefined,
  links: { report: 'https://reports.example.test/' },
};

const exception = (change: Partial<Exception> = {}): Exception => ({
  check: 'network-policy/node-agent-enabled',
  owner: 'platform',
  reason: 'migration',
  expires: '2026-12-01',
  ...change,
});

describe('an announcement', () => {
  it('has the id of its change, the text of its check and the links', () => {
    expect(announce(committed, CONTEXT)).toMatchObject({
      id: `${change.finding.id}#7`,
      sequence: 7,
      at: '2026-11-20T09:00:05.123Z',
      change,
      check: { id: 'network-policy/node-agent-enabled' },
      links: { report: 'https://reports.example.test/' },
    });
  });

  it('names the owner where there is one', () => {
    expect(announce(committed, { ...CONTEXT, ownerOf: ({ cluster }) => `team-${cluster.name}` }).owner).toBe(
      'team-shop-prod',
    );
    expect(announce(committed, CONTEXT)).not.toHaveProperty('owner');
  });

  it.each([
    ['holds', [exception()], 'migration'],
    ['is for another check', [exception({ check: 'network-policy/enforced' })], undefined],
    ['is for another cluster', [exception({ cluster: 'pay-prod' })], undefined],
    ['has expired', [exception({ expires: '2026-11-20' })], undefined],
    ['of several holds longest', [exception(), exception({ reason: 'longer', expires: '2027-01-01' })], 'longer'],
  ])('carries the exception that %s', (_, exceptions, reason) => {
    expect(announce(committed, { ...CONTEXT, exceptions }).exception?.reason).toBe(reason);
  });

  it('is made of a check that the catalogue no longer has', () => {
    const { check } = announce(committed, { ...CONTEXT, checkOf: () => undefined });
    expect(check).toMatchObject({ id: change.finding.check, severity: change.finding.severity, references: [] });
    expect(check.rationale).toBe(change.finding.message.text);
  });
});
