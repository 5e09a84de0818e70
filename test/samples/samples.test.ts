/** Every command in the documentation runs, and prints what the page says it prints. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './given.ts';
import { isRun, samplesOf } from './page.ts';
import { runPage } from './shell.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const written = ['compatibility.md', 'options.md', 'errors.md'];
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('decisions') && !written.includes(name))
    .map((name) => `docs/${name}`)
    .sort(),
];
const withSamples = pages.filter((page) => samplesOf(page).length > 0);
const run = withSamples.filter(isRun);

/** The reasons for which a test may skip a command. */
const reasons = ['measures for minutes', 'the tests begin with it', 'needs other machines'];

/** Variables that the shell or the platform sets, which the page says. */
const ofTheShell = ['HOME', 'PATH', 'PWD', 'AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE'];

describe('commands in the documentation', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  // A page of many commands starts as many processes.
  it.each(run)('%s', { timeout: 180_000 }, async (page) => {
    const samples = samplesOf(page);
    const isProduction = page === 'docs/clients.md';
    const given = await (isProduction ? world.production() : world.given());
    const { code, printed, output } = await runPage(samples, given);
    expect(code, output).toBe(0);
    for (const { line, shown, notRun } of samples) {
      if (shown === undefined || notRun !== undefined) continue;
      const text = printed.get(line) ?? '';
      expect(isPrinted(text, shown), `${page}, line ${line} prints:\n${text}`).toBe(true);
    }
  });

  it('are run in every page that has any, or each says why not', () => {
    const unsaid = withSamples.filter((page) => !isRun(page));
    expect(
      unsaid.flatMap((page) => samplesOf(page).filter(({ notRun }) => notRun === undefined)).map(placeOf),
    ).toEqual([]);
    // A page with the mark has commands.
    expect(pages.filter((page) => isRun(page) && !withSamples.includes(page))).toEqual([]);
  });

  it.each(withSamples)('of %s use variables that a visible line defines', (page) => {
    const visible = samplesOf(page).filter(({ isHidden }) => !isHidden);
    const text = visible.map(({ commands }) => commands).join('\n');
    const expanded = text.replaceAll(/<<'END'\n[^]*?\nEND$|'[^']*'|\\\$/gm, '');
    const used = [...expanded.matchAll(/\$\{?([A-Za-z]\w*)/g)].map(([, name]) => name!);
    const defined = [...text.matchAll(/\b([A-Za-z]\w*)=|\bfor (\w+) in /g)].map(
      ([, set, item]) => set ?? item,
    );
    const known = new Set([...defined, ...ofTheShell]);
    expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('are left out for a known reason alone', () => {
    const why = pages.flatMap((page) => samplesOf(page).map(({ notRun }) => notRun));
    expect(why.filter((reason) => reason !== undefined && !reasons.includes(reason))).toEqual([]);
  });
});

function placeOf({ page, line }: { readonly page: string; readonly line: number }): string {
  return `${page}, line ${line}`;
}

/** Reports whether the text matches what the page shows: `…` matches anything, and the layout of JSON does not count. */
function isPrinted(printed: string, shown: string): boolean {
  const plain = (words: string) => (shown.startsWith('{') ? words.replaceAll(/\s/g, '') : words.trim());
  const text = plain(printed);
  const parts = plain(shown).split('…');
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === parts.length - 1 ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found) || (i === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return true;
}
