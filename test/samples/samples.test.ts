/** Every command in the documentation runs, and prints what the page says it prints. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/auth/issuer/issuer.ts';
import { startDevProcess } from '../support/stage.ts';
import { samplesOf } from './page.ts';
import { freePort, type Given, runPage } from './shell.ts';

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

/** Why a command may be left out: no other reason will do. */
const reasons = ['measures for minutes', 'the command of the tests themselves', 'needs another machine'];

describe('commands in the documentation', () => {
  /** Stands for Microsoft Graph and Microsoft Entra. */
  let graph: Awaited<ReturnType<typeof startDevProcess>>;
  beforeAll(async () => {
    graph = await startDevProcess('--store', 'memory:', '--calls', '20');
  });
  afterAll(async () => {
    await graph.stop();
  });

  it.each(withSamples)('%s', async (page) => {
    const samples = samplesOf(page);
    const [port, second] = [String(await freePort()), String(await freePort())];
    const given: Given = {
      stands: [
        ['https://graph.microsoft.com ', `${graph.url} `],
        ['https://login.microsoftonline.com', graph.url],
        ['7655', port],
        ['7656', second],
      ],
      environment: {
        ROLLCALL_PORT: port,
        ROLLCALL_UPSTREAM: graph.url,
        TENANT_ID: development.tenantId,
        CLIENT_ID: development.clientId,
      },
    };
    const { code, printed, said } = await runPage(samples, given);
    expect(code, said).toBe(0);
    for (const { line, shown, notRun } of samples) {
      if (shown === undefined || notRun !== undefined) continue;
      const text = printed.get(line) ?? '';
      expect(isPrinted(text, shown), `${page}, line ${line} prints:\n${text}`).toBe(true);
    }
  });

  it('are left out for a known reason alone', () => {
    const why = pages.flatMap((page) => samplesOf(page).map(({ notRun }) => notRun));
    expect(why.filter((reason) => reason !== undefined && !reasons.includes(reason))).toEqual([]);
  });
});

/** Whether it was printed as it is shown, where `…` stands for anything. */
function isPrinted(printed: string, shown: string): boolean {
  const parts = shown.trim().split('…');
  const text = printed.trim();
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === parts.length - 1 ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found) || (i === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return true;
}
