/** `doctor`, by breaking each thing it looks at. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { checkDisk } from '../../src/maintain/doctor/check-disk.ts';
import { checkModes, checkSecretMode } from '../../src/maintain/doctor/check-modes.ts';
import { checkTenant } from '../../src/maintain/doctor/check-tenant.ts';
import { checkTls } from '../../src/maintain/doctor/check-tls.ts';
import type { Finding } from '../../src/maintain/doctor/finding.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { rollcall } from '../support/rollcall.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const clientId = '44444444-4444-4444-8444-444444444444';
const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
const path = (name: string) => join(folder, name);
const store = `sqlite:${path('a.db')}`;
let upstream: TestEmulator;
beforeAll(async () => {
  upstream = await startEmulator({ start: new Date() });
  await using made = openSqliteStore(path('a.db'));
  await importLines(made, tenantId, [
    JSON.stringify(aRecord('call', { participants_v2: [aParticipant('p')] })),
  ]);
});
afterAll(async () => {
  await upstream.stop();
  rmSync(folder, { recursive: true });
});

async function doctor(...args: string[]): Promise<{ code: number; findings: Finding[]; text: string }> {
  const { code, stdout, stderr } = await rollcall(['doctor', '--json', '--store', store, ...args]);
  const { findings } = stdout === '' ? { findings: [] } : (JSON.parse(stdout) as { findings: Finding[] });
  return { code, findings, text: stdout + stderr };
}

const wrongOnes = (findings: readonly Finding[]) => findings.filter(({ state }) => state !== 'well');

describe('doctor', () => {
  it('warns of files that other users may open, with the chmod to run', async () => {
    const made = path('wide.db');
    await using store = openSqliteStore(made);
    await importLines(store, tenantId, [JSON.stringify(aRecord('call'))]);
    expect(checkModes(made)).toEqual([]);
    chmodSync(made, 0o644);
    chmodSync(`${made}-wal`, 0o640);
    mkdirSync(`${made}-snapshots`);
    chmodSync(`${made}-snapshots`, 0o755);
    expect(checkModes(made)).toEqual([
      {
        about: 'store',
        state: 'attention',
        says: `Other users of this machine may open '${made}' (mode 0644), '${made}-wal' (mode 0640), '${made}-snapshots' (mode 0755), which has calls and keys.`,
        remedy: `chmod 600 ${made} ${made}-wal; chmod 700 ${made}-snapshots`,
      },
    ]);
    const key = path("a key's.pem");
    writeFileSync(key, '', { mode: 0o600 });
    const checkKey = () => checkSecretMode('tls', 'the private key', key);
    expect(checkKey()).toEqual([]);
    chmodSync(key, 0o644);
    expect(checkKey()).toMatchObject([{ remedy: `chmod 600 '${path("a key'\\''s.pem")}'` }]);
  });

  it('finds nothing wrong where nothing is, and makes nothing', async () => {
    const { code, findings } = await doctor('--upstream', upstream.url);
    expect(wrongOnes(findings)).toMatchObject([
      { about: 'verification', says: 'No verification has run on this store.' },
    ]);
    expect([code, findings.map(({ about }) => about)]).toEqual([
      3,
      [
        ...['store', 'disk', 'store', 'verification'],
        ...['authority', 'authority', 'clock', 'upstream', 'clock'],
      ],
    ]);
    expect(await doctor('--store', `sqlite:${path('none.db')}`)).toMatchObject({
      code: 2,
      findings: [{ about: 'store', state: 'wrong', says: `No store exists at '${path('none.db')}'.` }],
    });
    expect(existsSync(path('none.db'))).toBe(false);
  });

  it('names a variable that no option has', async () => {
    const environment = { ROLLCALL_AUDENCE: 'hush' };
    const { stdout } = await rollcall(['doctor', '--json', '--store', store], { environment });
    expect((JSON.parse(stdout) as { findings: Finding[] }).findings[0]).toEqual({
      about: 'configuration',
      state: 'attention',
      says: 'ROLLCALL_AUDENCE is ignored: no option has this variable.',
      remedy: 'Did you mean ROLLCALL_AUDIENCE?',
    });
  });

  it.each([
    [
      'a file that is none',
      () => writeFileSync(path('text.db'), 'not a database, but long enough to be read as one'),
      'text.db',
      'is not a SQLite database',
    ],
    [
      'a database of somebody else',
      () => {
        const other = new DatabaseSync(path('other.db'));
        other.exec('CREATE TABLE mine (a)');
        other.close();
      },
      'other.db',
      'not a Rollcall store',
    ],
  ])('names a store that is %s', async (_, breakIt, file, says) => {
    breakIt();
    const { code, findings } = await doctor('--store', `sqlite:${path(file)}`);
    expect([code, findings]).toEqual([1, [expect.objectContaining({ about: 'store', state: 'wrong' })]]);
    expect(findings[0]?.says).toContain(says);
  });

  it.each([
    [['--client-secret', 'wrong'], 'The authority rejected the credentials'],
    [
      ['--client-secret', 'proper-secret'],
      'The authority issued a token, but upstream denied access (status 403).',
    ],
    [['--client-secret-file', '/nowhere/secret'], "'/nowhere/secret' cannot be used: there is no such file"],
    [['--client-assertion-file', '/dev/null'], "'/dev/null' cannot be used: it is empty"],
    [['--client-secret-file', '/dev/null'], "'/dev/null' cannot be used: it is empty"],
    [
      ['--client-secret', 'proper-secret', '--authority', 'http://127.0.0.1:1'],
      'The authority does not respond',
    ],
  ])('names what is wrong with upstream: %j', async (args, says) => {
    await upstream.ask('POST', 'clients', { clientId, secrets: ['proper-secret'], roles: [] });
    const { code, findings, text } = await doctor(
      '--upstream',
      upstream.url,
      '--client-id',
      clientId,
      ...args,
    );
    const found = wrongOnes(findings).find(({ about }) => about === 'upstream');
    expect([code, found?.state]).toEqual([1, 'wrong']);
    expect(found?.says).toContain(says);
    expect(found?.remedy).toBeTruthy();
    expect(text).not.toContain('proper-secret');
  });

  it('names an upstream that is away, one that is something else, and wrong configuration of it', async () => {
    const away = await doctor('--upstream', 'http://127.0.0.1:1');
    expect(wrongOnes(away.findings).at(-1)?.says).toContain('Upstream does not respond');
    const graph = await doctor('--upstream', 'https://graph.microsoft.com', '--tenant', tenantId);
    expect(graph.findings.filter(({ about }) => about === 'configuration').map(({ says }) => says)).toEqual([
      '--client-id: name the application that may read the records.',
      '--client-secret-file: name the secret of the application, or its --client-certificate, --client-assertion-file or --managed-identity.',
    ]);
  });

  it('names a clock that differs from upstream’s', async () => {
    await using ahead = await startEmulator({ start: new Date(Date.now() + 3_600_000) });
    const { findings } = await doctor('--upstream', ahead.url);
    const clock = findings.find(({ about }) => about === 'clock');
    // The Date header is the web server's own, which nobody moves.
    expect(clock?.state).toBe('well');
  });
});

describe('the certificate', () => {
  const now = new Date('2026-11-25T00:00:00Z');
  const make = (from: string, to: string) =>
    generate([{ name: 'commonName', value: 'rollcall' }], {
      notBeforeDate: new Date(from),
      notAfterDate: new Date(to),
    });

  it.each([
    ['2026-01-01', '2027-06-01', 'well', 'valid until 2027-06-01'],
    ['2026-01-01', '2026-12-01', 'attention', 'expires on 2026-12-01'],
    ['2025-01-01', '2026-01-01', 'wrong', 'expired on 2026-01-01'],
    ['2026-12-01', '2027-12-01', 'wrong', 'not valid yet'],
  ] as const)('from %s to %s is %s', async (from, to, state, says) => {
    const { cert, private: key } = await make(from, to);
    const [finding] = checkTls({ cert, key }, now);
    expect(finding).toMatchObject({ state, says: expect.stringContaining(says) as string });
  });

  it('and its key must be ones, and belong together', async () => {
    const [one, other] = [await make('2026-01-01', '2027-06-01'), await make('2026-01-01', '2027-06-01')];
    const says = (cert: string, key: string) => checkTls({ cert, key }, now)[0]?.says;
    expect(says('none', one.private)).toContain('does not contain a valid PEM certificate');
    expect(says(one.cert, 'none')).toContain('does not contain a valid PEM private key');
    expect(says(one.cert, other.private)).toContain('does not belong to the certificate');
  });
});

it.each([
  [1e8, 1e12, 'wrong'],
  [2e9, 1e12, 'attention'],
  [2e9, 1e10, 'well'],
  [5e10, 1e11, 'well'],
])('a disk with %d of %d bytes free is %s', async (free, all, state) => {
  const room = (() => Promise.resolve({ bavail: free / 4096, blocks: all / 4096, bsize: 4096 })) as never;
  expect((await checkDisk('/store.db', room))[0]?.state).toBe(state);
});

describe('the calls of a tenant', () => {
  it('are looked at for what is missing, how recent they are, and what a verification found', async () => {
    const clock = createMovableClock(new Date('2026-11-25T12:00:00Z'));
    await using kept = openSqliteStore(':memory:', { clock });
    const at = (text: string) => ticksOf(new Date(text));
    const look = async () => {
      const findings = await checkTenant(kept, tenantId, clock, 180 * 60_000);
      return findings.map(({ about, state, says }) => `${about} ${state}: ${says}`);
    };
    const broken = { 'participants_v2@odata.nextLink': 'https://x/', participants_v2: [] };
    const time = { startDateTime: '2026-11-25T10:00:00Z', endDateTime: '2026-11-25T10:10:00Z' };
    await importLines(kept, tenantId, [JSON.stringify(aRecord('call', { ...broken, ...time }))]);
    await kept.upstream.addListed(tenantId, 'calls', {
      from: at('2026-09-01T00:00:00Z'),
      before: at('2026-09-02T00:00:00Z'),
      listedMs: 1,
    });
    await kept.upstream.addListed(tenantId, 'calls', {
      from: at('2026-09-03T00:00:00Z'),
      before: at('2026-11-25T11:30:00Z'),
      listedMs: 1,
    });
    expect(await look()).toEqual([
      'calls attention: 1 calls: 1 are incomplete, with 2 gaps.',
      'calls wrong: 1 gaps are older than what upstream keeps.',
      'sync well: Sync listed the calls of upstream 0.5 hours ago; 0 calls are still to be fetched.',
      'verification attention: No verification has run on this store.',
    ]);
    await kept.evidence.keepVerification(tenantId, {
      endedMs: clock.now().getTime(),
      report: '{"corrupt":2}',
    });
    clock.advance(5 * 3_600_000);
    expect((await look()).slice(2)).toEqual([
      'sync wrong: Sync last listed the calls of upstream 5.5 hours ago.',
      'verification wrong: The last verification found 2 damaged parts.',
    ]);
    await kept.evidence.keepVerification(tenantId, {
      endedMs: clock.now().getTime(),
      report: '{"corrupt":0}',
    });
    clock.advance(40 * 86_400_000);
    expect((await look()).at(-1)).toBe('verification attention: The last verification was 40 days ago.');
  });
});
