import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgetOf } from '../../infra/build-table.ts';
import { buildAll, buildFunction, type FunctionBundle, functionNames, ROOT } from '../../infra/build.ts';
import { type LocalService, startService } from '../../infra/local/service.ts';
import { recordedEvent, subscriptionData } from '../recorded/event.ts';

const GROUP = 'eks-workers-06c5c4f3-8ec0-78ca-429c-84bcfac2302e';
const NOT_EVENTBRIDGE = /\.decoded\.json$|lifecycle-hook-test-notification/;
const PATIENCE_MS = 240_000;

let directory = '';
let bundles: readonly FunctionBundle[] = [];
let service: LocalService;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netpol-warden-bundles-'));
  bundles = await buildAll(directory);
  service = await startService({
    bundles: directory,
    recorded: join(ROOT, 'test/fleet'),
    settings: {
      accounts: [{ id: '111122223333', role: { name: 'Reader', externalId: 'local' }, regions: ['us-west-2'] }],
    },
    groups: { [GROUP]: { 'eks:cluster-name': 'shop-prod' } },
    clusters: ['shop-prod'],
  });
}, PATIENCE_MS);

afterAll(async () => {
  await service.close();
  await rm(directory, { recursive: true, force: true });
}, PATIENCE_MS);

describe('the packaged functions', () => {
  it('are all of them', () => {
    expect(functionNames()).toEqual([
      'audit-cluster',
      'audit-fleet',
      'audit-on-change',
      'publish-findings',
      'verify-node',
      'watch-verdicts',
    ]);
    expect(bundles.map(({ name }) => name)).toEqual(functionNames());
  });

  it('load no more at the start than their budget', () => {
    const over = bundles.filter(({ name, eager }) => eager > budgetOf(name));
    expect(over).toEqual([]);
    expect(bundles.every(({ eager, total }) => eager > 10_000 && eager < total)).toBe(true);
  });

  it('hold code alone: no source maps, no packages', () => {
    const others = globSync('**/*', { cwd: directory, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.cjs'))
      .map(({ name }) => name);
    expect(others).toEqual([]);
  });

  it(
    'are the same bytes when they are built again',
    async () => {
      const again = await mkdtemp(join(tmpdir(), 'netpol-warden-again-'));
      await buildFunction('watch-verdicts', again, undefined);
      const files = (from: string): readonly string[] => globSync('watch-verdicts/*', { cwd: from }).toSorted();
      expect(files(again)).toEqual(files(directory));
      for (const file of files(again)) {
        const [one, other] = await Promise.all([readFile(join(again, file)), readFile(join(directory, file))]);
        expect(one.equals(other)).toBe(true);
      }
      await rm(again, { recursive: true });
    },
    PATIENCE_MS,
  );

  it(
    "under AWS's own runtime: audit-on-change takes every recorded event",
    async () => {
      const names = globSync('test/recorded/events/*.json', { cwd: ROOT })
        .filter((path) => !NOT_EVENTBRIDGE.test(path))
        .map((path) => path.replace(/^.*\/|\.json$/g, ''))
        // These ask AWS for more than the stand-ins have.
        .filter((name) => !/^(?:ec2-instance-|cloudtrail-(?:create|modify)-launch|security-hub-)/.test(name));
      expect(names.length).toBeGreaterThan(35);
      for (const name of names) await service.invoke('audit-on-change', recordedEvent(name));
      const messages = service.standIns.takeMessages();
      const audits = messages.filter(({ queue }) => queue === 'audit-requests.fifo');
      // One for all changes, and what a person asked for.
      expect(audits).toHaveLength(2);
      expect(messages.filter(({ queue }) => queue === 'verify-node').length).toBeGreaterThan(2);
    },
    PATIENCE_MS,
  );

  it(
    "under AWS's own runtime: a fleet audit's findings reach Security Hub, the bus, the topic and Slack",
    async () => {
      expect(await service.auditFleet('2026-11-20T03:00:00Z')).toMatchObject({ clusters: 1, audited: 1, gaps: [] });
      await service.settle();
      const { findings, events, topics, slack } = service.standIns;
      expect(findings.size).toBeGreaterThan(5);
      expect(events).toHaveLength(findings.size);
      expect(topics).toHaveLength(findings.size);
      expect(slack.length).toBeGreaterThan(1);
      expect(slack.length).toBeLessThan(findings.size);
      await service.settle();
      expect(events).toHaveLength(findings.size);
    },
    PATIENCE_MS,
  );

  it(
    "under AWS's own runtime: denied flows are kept once and ask for a traffic audit",
    async () => {
      service.standIns.takeMessages();
      const event = { awslogs: { data: subscriptionData(recordedEvent('logs-denied-flows.decoded')) } };
      await service.invoke('watch-verdicts', event);
      await service.invoke('watch-verdicts', event);
      const messages = service.standIns.takeMessages();
      expect(messages).toHaveLength(1);
      expect(JSON.parse(messages[0]?.body ?? '')).toMatchObject({ kind: 'traffic', cluster: { name: 'shop-prod' } });
    },
    PATIENCE_MS,
  );
});
