/**
 * Bundles each function into `.build/functions/<name>/index.cjs` and its chunks, and says how large they are.
 * Source maps go to `.build/maps/`, beside what is zipped. Equal sources give equal bytes.
 */
import { globSync } from 'node:fs';
import { readFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

export const ROOT = resolve(import.meta.dirname, '..');
export const FUNCTIONS_DIRECTORY = join(ROOT, '.build/functions');

export interface FunctionBundle {
  readonly name: string;
  /** Bytes loaded at the cold start: the entry and every chunk that it requires at once. */
  readonly eager: number;
  /** Bytes of all chunks. */
  readonly total: number;
  readonly files: number;
}

export const functionNames = (): readonly string[] =>
  globSync('functions/*/handler.ts', { cwd: ROOT })
    .map((path) => path.split('/')[1] ?? '')
    .toSorted();

interface Chunk {
  readonly fileName: string;
  readonly code: string;
  readonly imports: readonly string[];
  readonly isEntry: boolean;
}

/** The entry and, over and over, whatever is imported statically. */
const eagerBytes = (chunks: readonly Chunk[]): number => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set may grow while it is walked: what is added is walked too.
  for (const name of loaded) for (const needed of byName.get(name)?.imports ?? []) loaded.add(needed);
  return [...loaded].reduce((sum, name) => sum + Buffer.byteLength(byName.get(name)?.code ?? '', 'utf8'), 0);
};

/** @param directory where `<name>/index.cjs` goes; it is emptied first */
export const buildFunction = async (
  name: string,
  directory: string,
  maps: string | undefined,
): Promise<FunctionBundle> => {
  const bundle = await rolldown({
    cwd: ROOT,
    input: { index: `functions/${name}/handler.ts` },
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    checks: { pluginTimings: false, ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    minify: true,
    sourcemap: maps === undefined ? false : 'hidden',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    comments: { legal: false },
  });
  await bundle.close();
  const target = join(directory, name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const chunks = output.filter((each) => each.type === 'chunk');
  for (const { fileName, code } of chunks) await writeFile(join(target, fileName), code);
  if (maps !== undefined) {
    const mapped = join(maps, name);
    await rm(mapped, { recursive: true, force: true });
    await mkdir(mapped, { recursive: true });
    for (const { fileName, map } of chunks) {
      if (map !== null) await writeFile(join(mapped, `${fileName}.map`), map.toString());
    }
  }
  return {
    name,
    eager: eagerBytes(chunks),
    total: chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code, 'utf8'), 0),
    files: chunks.length,
  };
};

export const buildAll = async (
  directory: string = FUNCTIONS_DIRECTORY,
  maps?: string,
): Promise<readonly FunctionBundle[]> => {
  const built: FunctionBundle[] = [];
  for (const name of functionNames()) built.push(await buildFunction(name, directory, maps));
  return built;
};

if (import.meta.main) {
  const { bundlesPage, bundleTable, readmeWithBundles } = await import('./build-table.ts');
  const bundles = await buildAll(FUNCTIONS_DIRECTORY, join(ROOT, '.build/maps'));
  await mkdir(join(ROOT, 'docs/service'), { recursive: true });
  await writeFile(join(ROOT, 'docs/service/bundles.md'), bundlesPage(bundles));
  const readme = join(ROOT, 'README.md');
  await writeFile(readme, readmeWithBundles(await readFile(readme, 'utf8'), bundles));
  process.stdout.write(bundleTable(bundles));
}
