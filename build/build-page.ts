/**
 * Builds the page of `src/web/`: bundles named by their content, a shell that names them, and each of it compressed
 * as far as it goes, once, so that no request pays for it.
 */
import { hash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';
import { licencesOf } from './licences.ts';

const web = fileURLToPath(new URL('../src/web/', import.meta.url));

/** @param folder Is emptied first. */
export async function buildPage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const assets = join(folder, 'assets');
  const { outputFiles, metafile } = await build({
    entryPoints: { main: join(web, 'main.tsx'), theme: join(web, 'theme-first.ts') },
    outdir: assets,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  await mkdir(assets, { recursive: true });
  await Promise.all(outputFiles.map(({ path, contents }) => writeCompressed(path, contents)));
  const names = Object.entries(metafile.outputs);
  const named = (entryPoint: string) => {
    const [path, output] = names.find(([, one]) => one.entryPoint?.endsWith(entryPoint) === true) ?? [];
    if (path === undefined) throw new Error(`The bundle of ${entryPoint} was not written.`);
    return { script: basename(path), style: basename(output?.cssBundle ?? '') };
  };
  const drawing = await readFile(join(web, 'icon.svg'));
  const icon = `icon-${hash('sha256', drawing).slice(0, 8).toUpperCase()}.svg`;
  await writeCompressed(join(assets, icon), drawing);
  const licences = Buffer.from(await licencesOf(Object.keys(metafile.inputs)));
  const licencesName = `licences-${hash('sha256', licences).slice(0, 8).toUpperCase()}.txt`;
  await writeCompressed(join(assets, licencesName), licences);
  const { script, style } = named('main.tsx');
  const shell = (await readFile(join(web, 'index.html'), 'utf8'))
    .replace('main.css', style)
    .replace('main.js', script)
    .replace('theme.js', named('theme-first.ts').script)
    .replace('icon.svg', icon)
    .replace('licences.txt', licencesName);
  await writeCompressed(join(folder, 'index.html'), Buffer.from(shell));
}

async function writeCompressed(path: string, contents: Uint8Array): Promise<void> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(contents, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
      },
    }),
    promisify(gzip)(contents, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  await Promise.all([writeFile(path, contents), writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}
