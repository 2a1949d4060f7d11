/**
 * Packages the service offline into a temporary directory and validates what would be deployed, and the member account's
 * template, with AWS's own validator. Ends with 1 where anything at WARN or above is found.
 *   npx node infra/validate.ts [directory for the packaged template]
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { load } from 'js-yaml';

const ROOT = new URL('../', import.meta.url).pathname;
const FUNCTIONS = /^ {4}handler: (\.build\/functions\/[a-z-]+)\/index\.handler$/gm;

export interface Packaged {
  readonly path: string;
  readonly template: Template;
}

/** What is asserted of a template, and no more. */
export interface Template {
  readonly Resources: { readonly [logicalId: string]: Resource };
  readonly Parameters?: { readonly [name: string]: object };
}
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

/** In a directory of its own: `osls package` writes beside serverless.yml. Bundles that are not built yet are empty files. */
const workspace = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'netpol-warden-package-'));
  await cp(join(ROOT, 'serverless.yml'), join(directory, 'serverless.yml'));
  await cp(join(ROOT, 'infra'), join(directory, 'infra'), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const text = await readFile(join(ROOT, 'serverless.yml'), 'utf8');
  for (const [, bundle = ''] of text.matchAll(FUNCTIONS)) {
    if (existsSync(join(ROOT, bundle))) {
      await cp(join(ROOT, bundle), join(directory, bundle), { recursive: true });
      continue;
    }
    await mkdir(join(directory, bundle), { recursive: true });
    await writeFile(join(directory, bundle, 'index.cjs'), 'exports.handler = async () => {};\n');
  }
  return directory;
};

/**
 * Runs `osls package` without credentials or network and gives what it made to `use`.
 * @throws Error with osls's own words where the service cannot be packaged
 */
export const withPackaged = async <T>(use: (packaged: Packaged) => T | Promise<T>): Promise<T> => {
  const directory = await workspace();
  try {
    const osls = join(ROOT, 'node_modules/osls/bin/serverless.js');
    await promisify(execFile)(process.execPath, [osls, 'package'], {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, AWS_REGION: 'eu-west-1' },
    }).catch((error: unknown) => {
      // What promisified execFile rejects with: https://nodejs.org/api/child_process.html#child_processexecfilefile-args-options-callback
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`osls package failed:\n${stdout}${stderr}`, { cause: error });
    });
    const path = join(directory, '.serverless/cloudformation-template-update-stack.json');
    // CloudFormation's own form; what is asserted of it is asserted, the rest is not read.
    const template = JSON.parse(await readFile(path, 'utf8')) as Template;
    return await use({ path, template });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

interface Exemption {
  readonly rule: string;
  readonly resource: string;
  readonly reason: string;
}

const exemptions = async (): Promise<readonly Exemption[]> =>
  // Ours, and of this form: infra/lint/validator.yml.
  load(await readFile(join(ROOT, 'infra/lint/validator.yml'), 'utf8')) as readonly Exemption[];

/**
 * What the validator says at WARN and above, a line each, and each exemption that nothing needs.
 * https://github.com/aws-cloudformation/cloudformation-validate
 */
export const validate = async (paths: readonly string[]): Promise<readonly string[]> => {
  const exempt = await exemptions();
  const used = new Set<Exemption>();
  const engine = new CelEngine();
  try {
    const said = paths.flatMap((path) =>
      engine
        .validateStandard(new TemplateFile(path), { severityLevel: 'WARN' })
        .diagnostics.flatMap(({ ruleId, severity, message, entity, propertyPath }) => {
          const id = entity?.logicalId ?? '';
          const exemption = exempt.find(({ rule, resource }) => rule === ruleId && new RegExp(resource, 'u').test(id));
          if (exemption !== undefined) {
            used.add(exemption);
            return [];
          }
          return [`${basename(path)}: ${id} ${propertyPath ?? ''}: ${severity} ${ruleId} ${message}`];
        }),
    );
    const idle = exempt.filter((each) => !used.has(each));
    return [
      ...said,
      ...idle.map(({ rule, resource }) => `infra/lint/validator.yml: nothing needs ${rule} for ${resource}`),
    ];
  } finally {
    engine.free();
  }
};

export const MEMBER_TEMPLATE = join(ROOT, 'infra/spoke/member-account.yml');

if (import.meta.main) {
  const [keep] = process.argv.slice(2);
  const said = await withPackaged(async ({ path }) => {
    if (keep !== undefined) {
      await mkdir(keep, { recursive: true });
      await cp(path, join(keep, 'hub.json'));
    }
    return validate([path, MEMBER_TEMPLATE]);
  });
  process.stdout.write(`${said.map((line) => `${line}\n`).join('')}${said.length} complaints\n`);
  if (said.length > 0) process.exitCode = 1;
}
