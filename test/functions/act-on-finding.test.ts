import { describe, expect, it } from 'vitest';
import { actOnFinding } from '../../functions/audit-on-change/act-on-finding.ts';
import type { Exception } from '../../shared/model/exception.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { announcementOf } from '../publish/announcements.ts';
import { recorder } from './process.ts';

const { change, check } = announcementOf();
const { finding } = change;

const act = async (action: 'suppress' | 'explain', stored: Finding | undefined) => {
  const told = recorder();
  const exceptions: Exception[] = [];
  const notes: string[] = [];
  await actOnFinding({
    findingOf: () => Promise.resolve(stored),
    checkOf: () => Promise.resolve(check),
    putException: (exception) => Promise.resolve(void exceptions.push(exception)),
    writeNote: (_, text) => Promise.resolve(void notes.push(text)),
    log: told.log,
  })({ action, cluster: finding.cluster, finding: finding.id, check: finding.check, at: '2026-11-20T09:00:00Z' });
  return { exceptions, notes, lines: told.lines };
};

describe('an action that somebody chose in Security Hub', () => {
  it('suppresses exactly this finding, for thirty days', async () => {
    expect((await act('suppress', finding)).exceptions).toEqual([
      {
        check: finding.check,
        cluster: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
        resource: finding.resource.id,
        owner: 'Security Hub custom action',
        reason: 'Suppressed by a person in Security Hub',
        expires: '2026-12-20T09:00:00.000Z',
      },
    ]);
  });

  it('explains in a note what is wrong and what to do, within its limit', async () => {
    const { notes, exceptions } = await act('explain', finding);
    expect(notes[0]).toContain(finding.message.text);
    expect(notes[0]?.length).toBeLessThanOrEqual(500);
    expect(exceptions).toEqual([]);
  });

  it('does nothing for a finding that is not stored, and says so', async () => {
    expect(await act('suppress', undefined)).toEqual({
      exceptions: [],
      notes: [],
      lines: ['warn an action on a finding that is not stored'],
    });
  });
});
