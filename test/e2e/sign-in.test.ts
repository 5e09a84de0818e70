/** Signing in to `serve`, a process with workers, with `dev` as its authority. */
import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { complaintsIn } from '../support/log.ts';
import { locationOf, TestBrowser } from '../support/browser.ts';
import { type DevCommand, startDev } from '../support/emulator.ts';
import { main, rollcall } from '../support/rollcall.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-sign-in-'));
const { tenantId, clientId, clientSecret } = development;
const children: ChildProcess[] = [];
/** What they wrote to standard error. */
let log = '';

async function startServe(store: string, ...args: string[]): Promise<string> {
  const where = ['--store', store, '--port', '0', '--json', '--workers', '2'];
  const child = spawn(process.execPath, [main, 'serve', ...where, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (piece: Buffer) => (log += piece.toString()));
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return (JSON.parse(line) as { listening: string }).listening;
}

afterAll(async () => {
  await Promise.all(
    children.map((child) => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      return ended;
    }),
  );
  rmSync(folder, { recursive: true });
});

describe('serve with dev as its authority', () => {
  const store = `sqlite:${join(folder, 'dev.db')}`;
  let dev: DevCommand;
  let issuer: string;
  let server: string;
  beforeAll(async () => {
    writeFileSync(join(folder, 'secret'), `${clientSecret}\n`);
    dev = await startDev('--store', store, '--quiet', '--calls', '3');
    issuer = dev.url;
    server = await startServe(
      store,
      ...['--authority', `${issuer}/${tenantId}/v2.0`, '--sign-in-client-id', clientId],
      ...['--sign-in-client-secret-file', join(folder, 'secret')],
    );
  }, 60_000);
  afterAll(() => dev.stop());

  it('signs a person in, whichever process answers, and gives the calls to nobody else', async () => {
    const browser = new TestBrowser();
    const asked = locationOf(await browser.visit(`${server}/rollcall/sign-in?return=/calls`));
    const answer = await browser.agree(asked, 'developer');
    const back = await browser.visit(answer, { site: 'cross-site' });
    expect([back.status, locationOf(back)]).toEqual([303, '/calls']);
    const own = { site: 'same-origin' } as const;
    for (let i = 0; i < 4; i++) {
      // A connection each: they are dealt out among the workers.
      const headers = { connection: 'close' };
      const found = await browser.visit(`${server}/rollcall/calls`, { ...own, headers });
      expect(((await found.json()) as { value: unknown[] }).value).toHaveLength(3);
      const me = await browser.visit(`${server}/rollcall/me`, { ...own, headers });
      expect(await me.json()).toMatchObject({ name: 'Developer', tenantId, development: false });
    }
    expect((await fetch(`${server}/rollcall/calls`)).status).toBe(401);
    expect((await browser.visit(`${server}/rollcall/sign-out`, { ...own, method: 'POST' })).status).toBe(303);
    expect((await browser.visit(`${server}/rollcall/calls`, own)).status).toBe(401);
    expect((await browser.visit(`${answer}&error=access_denied`)).status).toBe(400);
    const counted = await (await fetch(`${server}/metrics`)).text();
    expect(counted).toContain('rollcall_sign_ins_total{outcome="signedIn"} 1');
    expect(counted).toContain('rollcall_sign_ins_total{outcome="invalid"} 1');
    expect(complaintsIn(log)).toEqual([]);
  });

  it('takes no session of dev, though both serve from one store, and no development sign-in', async () => {
    const browser = new TestBrowser();
    const click = { method: 'POST', site: 'same-origin' } as const;
    expect((await browser.visit(`${issuer}/rollcall/sign-in/development`, click)).status).toBe(303);
    const at = async (url: string) => {
      const response = await browser.visit(`${url}/rollcall/me`, { site: 'same-origin' });
      return [response.status, ((await response.json()) as { development: boolean }).development];
    };
    expect(await at(issuer)).toEqual([200, true]);
    expect(await at(server)).toEqual([401, false]);
    expect((await browser.visit(`${server}/rollcall/sign-in/development`, click)).status).toBe(404);
  });
});

it('serve names everything that is wrong with the options of signing in', async () => {
  const place = ['--store', `sqlite:${join(folder, 'none.db')}`, '--authority', 'http://login.example/v2.0'];
  const half = await rollcall(['serve', ...place, '--sign-in-client-secret-file', join(folder, 'missing')]);
  expect([half.code, half.stdout]).toEqual([2, '']);
  expect(half.stderr).toContain('--sign-in-client-id: is needed with a secret');
  expect(half.stderr).toContain("missing' cannot be read, or is empty.");
  writeFileSync(join(folder, 'empty'), '\n');
  const both = ['--sign-in-client-id', clientId, '--audience', clientId.toUpperCase()];
  both.push('--sign-in-client-secret-file', join(folder, 'empty'));
  const whole = await rollcall(['serve', ...place, ...both]);
  expect(whole.code).toBe(2);
  expect(whole.stderr).toContain("empty' cannot be read, or is empty.");
  expect(whole.stderr).toContain('over https alone');
  expect(whole.stderr).toContain('--sign-in-client-id: is an --audience too');
});
