/** Collects the notices of the packages bundled into the page: licences such as MIT require theirs in every copy. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/**
 * Returns the notices.
 *
 * @param inputs Bundled files, as esbuild names them.
 * @returns Each package with its published license
 * @throws Error when a package has no license that permits shipping it
 */
export async function licencesOf(inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = await Promise.all([...folders].sort().map((folder) => noticeOf(folder, inputs)));
  return ['The page of Rollcall contains the following packages.\n', ...new Set(notices.flat())].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

/** Returns the folder `…/node_modules/@scope/name` of a file in it. */
function packageFolder(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function noticeOf(folder: string, inputs: readonly string[]): Promise<string> {
  const { name, version, license } = manifest.parse(
    JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')),
  );
  const files = await readdir(folder);
  const file = files.find((one) => /^licen[cs]e(\.\w+)?$/i.test(one));
  if (file === undefined)
    throw new Error(`The package ${name} has no file with its licence, which the page needs.`);
  // A bundle lists the packages it contains in a separate file.
  const bundled = files.filter((one) => inputs.some((input) => `${basename(input)}.LICENSE.txt` === one));
  const texts = [file, ...files.filter((one) => one === 'NOTICE'), ...bundled].map(async (one) =>
    (await readFile(join(folder, one), 'utf8')).trim(),
  );
  return `${name} ${version} (${license})\n\n${(await Promise.all(texts)).join('\n\n')}\n`;
}
