/** Writes every generated file of the repository. CI runs it and demands a clean tree. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateFleet } from '../../test/support/fleet/generate.ts';
import { liveCollectors } from '../../shared/collect/live/collectors.ts';
import { readyzProbes } from '../../shared/collect/live/probes.ts';
import { ssmProbes } from '../../shared/collect/live/ssm-probe.ts';
import { FACT_KEYS } from '../../shared/model/snapshot.ts';
import { catalogueModule, catalogueReadme, checkPage, checkPaths, loadChecks } from './catalogue.ts';
import { generateFindingMessageSchema } from './finding-message-schema.ts';
import { instanceTypesModule } from './instance-types.ts';
import { iamDocument, iamPolicy, probeManifest, rbacManifest } from './permissions.ts';
import { generatePermissionsPage } from './permissions-page.ts';
import { scanWasmModule } from './scan-wasm.ts';
import { generateMemberAccount } from './spoke.ts';
import { generateSettingsSchema } from './settings-schema.ts';
import { generateSnapshotSchema } from './snapshot-schema.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Every generated file by its path, except the fleet's dumps, which their own generator writes. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const paths = await checkPaths();
  const checks = await loadChecks(paths);
  const collectors = liveCollectors({ keys: FACT_KEYS, probes: { kind: 'off' } });
  return new Map([
    ['shared/checks/catalogue.generated.ts', catalogueModule(paths)],
    ['shared/checks/README.md', catalogueReadme(checks)],
    ...checks.map((check) => [`docs/checks/${check.id}.md`, checkPage(check)] as const),
    ['docs/snapshot.schema.json', generateSnapshotSchema()],
    ['docs/finding-message.schema.json', generateFindingMessageSchema()],
    ['docs/settings.schema.json', generateSettingsSchema()],
    ['shared/collect/instance-types.generated.ts', await instanceTypesModule()],
    ['shared/verdicts/decode/scan-wasm.generated.ts', await scanWasmModule()],
    ['infra/iam.generated.yml', iamPolicy(collectors)],
    ['infra/spoke/member-account.yml', await generateMemberAccount(iamPolicy(collectors))],
    ['docs/service/permissions.md', await generatePermissionsPage(collectors)],
    ['infra/rbac.generated.yml', rbacManifest(collectors)],
    ['infra/iam-probe-ssm.generated.yml', iamDocument(ssmProbes([]).iam)],
    ['infra/rbac-probe-readyz.generated.yml', probeManifest('netpol-warden-probe-readyz', readyzProbes.rbac)],
  ]);
};

/** Pages of checks that are gone. */
const orphans = async (files: ReadonlyMap<string, string>): Promise<readonly string[]> => {
  const pages = await readdir(join(ROOT, 'docs/checks'), { recursive: true }).catch(() => []);
  return pages.map((page) => `docs/checks/${page}`).filter((page) => page.endsWith('.md') && !files.has(page));
};

if (import.meta.main) {
  const files = await generatedFiles();
  await Promise.all((await orphans(files)).map((path) => rm(join(ROOT, path))));
  for (const [path, text] of files) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
  }
  await generateFleet(join(ROOT, 'test/fleet'));
  process.stdout.write(`${files.size} files and the embedded fleet written\n`);
}
