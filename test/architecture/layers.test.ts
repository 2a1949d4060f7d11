import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Import {
  readonly file: string;
  /** Path from the root for our own files, else the package's name. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /import\(\s*'([^']+)'/g;

const importsOf = (file: string): readonly Import[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = [
    ...[...text.matchAll(IMPORT)].map(([, type, specifier = '']) => ({ specifier, typeOnly: type !== undefined })),
    ...[...text.matchAll(DYNAMIC)].map(([, specifier = '']) => ({ specifier, typeOnly: false })),
  ];
  return found.map(({ specifier, typeOnly }) => ({
    file,
    target: specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier,
    typeOnly,
  }));
};

const files = globSync('{shared,functions,cli}/**/*.ts', { cwd: ROOT }).toSorted();
const all = files.flatMap(importsOf);

/** Node modules that neither read nor write anything outside the process. */
const PURE_NODE = new Set(['node:crypto', 'node:util', 'node:buffer', 'node:zlib']);

const isSdk = (target: string): boolean => target.startsWith('@aws-sdk/') || target.startsWith('@kubernetes/');
const isIo = (target: string): boolean => isSdk(target) || (target.startsWith('node:') && !PURE_NODE.has(target));
const inFolder = (target: string, folder: string): boolean => target.startsWith(`shared/${folder}/`);

const violations = (folder: string, allowed: (target: string, from: string) => boolean): readonly string[] =>
  all
    .filter(({ file, target }) => file.startsWith(folder) && !allowed(target, file))
    .map(({ file, target }) => `${file} imports ${target}`);

describe('layers', () => {
  it('reads imports at all: the pipeline imports evaluate', () => {
    expect(importsOf('shared/pipeline.ts').map(({ target }) => target)).toContain('shared/evaluate/evaluate.ts');
  });

  it('model imports nothing but itself', () => {
    expect(violations('shared/model/', (target) => inFolder(target, 'model'))).toEqual([]);
  });

  it('checks import model and links only, never one another', () => {
    const allowed = (target: string, from: string): boolean =>
      inFolder(target, 'model') ||
      target.startsWith('shared/checks/links/') ||
      (from === 'shared/checks/catalogue.generated.ts' && inFolder(target, 'checks'));
    expect(violations('shared/checks/', allowed)).toEqual([]);
  });

  it.each(['evaluate', 'policy', 'verdicts', 'reconcile', 'report'])('%s does no I/O and loads no SDK', (folder) => {
    const allowed = (target: string): boolean =>
      !isIo(target) && !['collect', 'store', 'publish', 'runtime', 'checks'].some((other) => inFolder(target, other));
    expect(violations(`shared/${folder}/`, allowed)).toEqual([]);
  });

  it.each(['model', 'checks', 'evaluate', 'policy', 'verdicts', 'reconcile', 'report'])(
    '%s reads no clock, no environment and no random numbers',
    (folder) => {
      const IMPURE =
        /\bDate\.now\(|\bnew Date\(\)|\bprocess\.|\bMath\.random\(|\bperformance\.now\(|\bsetTimeout\(|\bfetch\(/;
      const found = files
        // The report's scripts are text here; they run in the reader's browser.
        .filter((file) => inFolder(file, folder) && !/^shared\/report\/html\/(denial-)?script\.ts$/.test(file))
        .flatMap((file) =>
          readFileSync(join(ROOT, file), 'utf8')
            .split('\n')
            .filter((line) => IMPURE.test(line.replace(/\/\/.*|^\s*\*.*/, '')))
            .map((line) => `${file}: ${line.trim()}`),
        );
      expect(found).toEqual([]);
    },
  );

  it.each(['collect', 'store', 'publish'])('%s imports neither its neighbours nor the checks', (folder) => {
    const neighbours = ['collect', 'store', 'publish'].filter((other) => other !== folder);
    expect(
      violations(`shared/${folder}/`, (target) => ![...neighbours, 'checks'].some((other) => inFolder(target, other))),
    ).toEqual([]);
  });

  it.each(['functions/', 'cli/'])('%s never touches an SDK client', (folder) => {
    expect(violations(folder, (target) => !isSdk(target))).toEqual([]);
  });

  it('only runtime and compose know real stores, collectors and publishers together', () => {
    const knowers = files.filter((file) => {
      const targets = importsOf(file).filter(({ typeOnly }) => !typeOnly);
      return (
        ['collect', 'store', 'publish'].filter((edge) => targets.some(({ target }) => inFolder(target, edge))).length >
        1
      );
    });
    expect(knowers.filter((file) => file !== 'shared/compose.ts')).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|managers?|misc|lib)(\/|\.ts$)/;
    const everywhere = globSync('{shared,functions,cli,infra,test}/**/*.ts', { cwd: ROOT });
    expect(everywhere.filter((file) => drawers.test(file))).toEqual([]);
  });
});
