/**
 * Builds the page of `src/web/`: bundles named by their content, and a shell that names them. Each file is stored as
 * brotli only, compressed as far as it goes, which keeps the package small.
 */
import { hash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build, type PluginBuild } from 'esbuild';
import type * as English from '../src/web/messages/en.ts';
import { licencesOf } from './licences.ts';

const web = fileURLToPath(new URL('../src/web/', import.meta.url));

/** The file with all texts, and a file with the same exports, such as a translation, that is bundled in its place. */
const english = join(web, 'messages/en.ts');

/**
 * Builds the page.
 *
 * @param folder Is emptied first.
 * @param quality The brotli quality. The highest takes seconds.
 * @param messages The path of the texts.
 */
export async function buildPage(
  folder: string,
  quality = constants.BROTLI_MAX_QUALITY,
  messages = english,
): Promise<void> {
  const write = (path: string, contents: Uint8Array) => writeCompressed(path, contents, quality);
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
    plugins: [{ name: 'messages', setup: (hooks) => replaceMessages(hooks, messages) }],
  });
  await mkdir(assets, { recursive: true });
  await Promise.all(outputFiles.map(({ path, contents }) => write(path, contents)));
  const names = Object.entries(metafile.outputs);
  const named = (entryPoint: string) => {
    const [path, output] = names.find(([, one]) => one.entryPoint?.endsWith(entryPoint) === true) ?? [];
    if (path === undefined) throw new Error(`The bundle of ${entryPoint} was not written.`);
    return { script: basename(path), style: basename(output?.cssBundle ?? '') };
  };
  const drawing = await readFile(join(web, 'icon.svg'));
  const icon = `icon-${hash('sha256', drawing).slice(0, 8).toUpperCase()}.svg`;
  await write(join(assets, icon), drawing);
  const licences = Buffer.from(await licencesOf(Object.keys(metafile.inputs)));
  const licencesName = `licences-${hash('sha256', licences).slice(0, 8).toUpperCase()}.txt`;
  await write(join(assets, licencesName), licences);
  const { script, style } = named('main.tsx');
  const { locale, shellMessages } = (await import(pathToFileURL(messages).href)) as typeof English;
  const shell = (await readFile(join(web, 'index.html'), 'utf8'))
    .replace('{language}', locale.language)
    .replace('{title}', shellMessages.title)
    .replace('{noScript}', shellMessages.noScript)
    .replace('main.css', style)
    .replace('main.js', script)
    .replace('theme.js', named('theme-first.ts').script)
    .replace('icon.svg', icon)
    .replace('licences.txt', licencesName);
  await write(join(folder, 'index.html'), Buffer.from(shell));
}

function replaceMessages(hooks: PluginBuild, messages: string): void {
  hooks.onResolve({ filter: /\/messages\/en\.ts$/ }, ({ importer }) =>
    // Replaced messages may import the English ones.
    importer === messages ? undefined : { path: messages },
  );
}

async function writeCompressed(path: string, contents: Uint8Array, quality: number): Promise<void> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
  };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(contents, { params }));
}
