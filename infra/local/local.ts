/** `npm run local`: the service on this machine, without AWS. Needs `npm run build` before it. */
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import { readRecorded } from '../../shared/compose-collect.ts';
import { findingsStore } from '../../shared/compose.ts';
import { auditCluster } from '../../shared/pipeline.ts';
import { renderHtml } from '../../shared/report/html/render-html.ts';
import { FUNCTIONS_DIRECTORY, ROOT } from '../build.ts';
import { type LocalService, startService } from './service.ts';

const OUTPUT = join(ROOT, '.build/local');
const RECORDED = join(ROOT, 'test/fleet');
const CLUSTER = { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' };
const GROUP = 'eks-workers-06c5c4f3-8ec0-78ca-429c-84bcfac2302e';
const SETTINGS = {
  accounts: [
    { id: CLUSTER.account, role: { name: 'NetpolWardenReader', externalId: 'local' }, regions: [CLUSTER.region] },
  ],
  owners: [{ owner: 'shop-team', cluster: CLUSTER.name }],
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const sample = async (name: string): Promise<{ readonly [key: string]: unknown }> =>
  z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(await readFile(join(ROOT, `test/recorded/events/${name}.json`), 'utf8')));

const Instances = z.object({
  Reservations: z.array(z.object({ Instances: z.array(z.object({ InstanceId: z.string() })) })),
});
const Pods = z.object({
  items: z.array(
    z.object({ metadata: z.object({ namespace: z.string() }), status: z.object({ podIP: z.string().optional() }) }),
  ),
});

const recorded = async <T>(file: string, schema: z.ZodType<T>): Promise<T> =>
  schema.parse(JSON.parse(await readFile(join(RECORDED, CLUSTER.name, `${file}.json`), 'utf8')));

/** A launch of an instance that the recorded cluster has. */
const launchEvent = async (): Promise<unknown> => {
  const event = await sample('asg-ec2-instance-launch-successful');
  const { Reservations } = await recorded('aws/describe-instances', Instances);
  const id = Reservations[0]?.Instances[0]?.InstanceId ?? '';
  const detail = z.record(z.string(), z.unknown()).parse(event['detail']);
  return { ...event, time: new Date().toISOString(), detail: { ...detail, EC2InstanceId: id } };
};

/** Denied flows between pods of the recorded cluster, ten minutes ago. */
const deniedFlows = async (): Promise<unknown> => {
  const { items } = await recorded('kubernetes/pods', Pods);
  const [source, destination] = items
    .filter(({ metadata }) => metadata.namespace !== 'kube-system')
    .flatMap(({ status }) => status.podIP ?? []);
  const from = Date.now() - 600_000;
  const document = await sample('logs-denied-flows.decoded');
  const logEvents = Array.from({ length: 20 }, (_, index) => ({
    id: String(index).padStart(56, '0'),
    timestamp: from + index * 1000,
    message: `Node: ip-10-0-1-5;SIP: ${source};SPORT: ${41_000 + index};DIP: ${destination};DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY`,
  }));
  return { awslogs: { data: gzipSync(JSON.stringify({ ...document, logEvents })).toString('base64') } };
};

const Summary = z.looseObject({ audited: z.number(), gaps: z.array(z.unknown()) });

const feed = async (service: LocalService): Promise<void> => {
  const events: readonly (readonly [name: string, what: string, event: unknown])[] = [
    ['audit-on-change', 'the VPC CNI add-on was updated (CloudTrail)', await sample('cloudtrail-update-addon')],
    ['audit-on-change', 'the update ended (EKS)', await sample('eks-addon-update-succeeded')],
    ['audit-on-change', 'a node was launched (Auto Scaling)', await launchEvent()],
    ['audit-on-change', 'somebody was refused (CloudTrail)', await sample('cloudtrail-delete-addon-denied')],
    ['watch-verdicts', '20 denied flows (CloudWatch Logs)', await deniedFlows()],
  ];
  for (const [name, what, event] of events) {
    say(`  ${name}: ${what}`);
    await service.invoke(name, event);
  }
  await service.settle();
  say('  audit-fleet: the daily audit of every account, Region and cluster');
  const { audited, gaps } = Summary.parse(await service.auditFleet(new Date().toISOString()));
  await service.settle();
  say(`\nFleet: ${audited} clusters audited, ${gaps.length} gaps`);
};

const Finding = z.looseObject({
  Title: z.string(),
  GeneratorId: z.string(),
  FindingProviderFields: z.object({ Severity: z.object({ Label: z.string() }) }),
});
const Blocks = z.looseObject({ channel: z.string(), text: z.string() });

const showFindings = ({ standIns: { findings } }: LocalService): void => {
  say(`\nSecurity Hub has ${findings.size} findings:`);
  for (const each of findings.values()) {
    const { Title, FindingProviderFields } = Finding.parse(each);
    say(`  ${FindingProviderFields.Severity.Label.padEnd(13)} ${Title}`);
  }
};

const showSlack = ({ standIns: { slack } }: LocalService): void => {
  say(`\nSlack got ${slack.length} messages:`);
  for (const message of slack) {
    const { channel, text } = Blocks.parse(message);
    say(`  ${channel}  ${text.split('\n')[0] ?? ''}`);
  }
};

const writeReport = async (): Promise<string> => {
  const now = new Date();
  const collected = await readRecorded(RECORDED, CLUSTER, now);
  if (collected.kind === 'gap') throw new Error(collected.detail);
  const checks = CATALOGUE.filter(({ needs }) => needs['verdicts.denied-traffic'] === undefined);
  const report = await auditCluster(collected.snapshot, {
    checks,
    catalogue: CATALOGUE,
    store: findingsStore('memory'),
  });
  const path = join(OUTPUT, 'report.html');
  await writeFile(
    path,
    renderHtml({
      tool: { name: 'netpol-warden', version: 'local' },
      generatedAt: now.toISOString(),
      clusters: [report],
      checks,
      exceptions: [],
      unreadable: [],
    }),
  );
  return path;
};

if (import.meta.main) {
  await mkdir(OUTPUT, { recursive: true });
  say('Starting the service: packaged functions under aws-lambda-ric, AWS stood in for.\n');
  const service = await startService({
    bundles: FUNCTIONS_DIRECTORY,
    recorded: RECORDED,
    settings: SETTINGS,
    groups: { [GROUP]: { 'eks:cluster-name': CLUSTER.name } },
    clusters: [CLUSTER.name],
  });
  try {
    await feed(service);
    showFindings(service);
    showSlack(service);
    const { standIns, functions } = service;
    await writeFile(join(OUTPUT, 'slack.json'), JSON.stringify(standIns.slack, undefined, 2));
    await writeFile(join(OUTPUT, 'findings.json'), JSON.stringify([...standIns.findings.values()], undefined, 2));
    for (const [name, each] of functions) await writeFile(join(OUTPUT, `${name}.log`), each.output());
    say(`\nCalls: ${[...standIns.calls].map(([name, count]) => `${name} ${count}`).join(', ')}`);
    say(`\n${OUTPUT}: slack.json, findings.json, one log for each function, and ${await writeReport()}`);
  } finally {
    await service.close();
  }
}
