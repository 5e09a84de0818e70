import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { rollcall } from '../support/rollcall.ts';
import { importLines } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

const verify = (path: string, ...args: string[]) =>
  rollcall(['verify', '--quiet', '--store', `sqlite:${path}`, ...args]);

const mine = '33333333-3333-4333-8333-333333333333';
const theirs = '44444444-4444-4444-8444-444444444444';

async function filled(name: string, records: object[], tenantId = mine): Promise<string> {
  const path = join(folder, name);
  await using store = openSqliteStore(path);
  await importLines(store, records, tenantId);
  return path;
}

const whole = aRecord('whole', {
  participants_v2: participants(2),
  sessions: [aSession('s', 'participant-0'), aSession('s2', 'participant-7')],
});
const cut = aRecord('cut', {
  participants_v2: participants(130),
  'participants_v2@odata.nextLink': 'https://next',
});

describe('rollcall verify', () => {
  it('ends with 0 when nothing is missing, and says what it found', async () => {
    const path = await filled('clean.db', [whole]);
    const { code, stdout } = await verify(path, '--json');
    const hours = { state: 'unverified', reason: 'neverListed', sinceDateTime: null };
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        // An import proves nothing about hours.
        ...hours,
        calls: { state: 'verified', reason: 'checked', sinceDateTime: expect.stringMatching(/Z$/) as string },
        hours,
        callStates: { verified: 1, unverified: 0, missing: 0 },
        ...{ logRows: 0, odd: 0, oddCalls: 0, quarantined: 0, problems: [] },
        records: 1,
        versions: 1,
        participants: 2,
        incomplete: 0,
        missingParticipants: 1,
        gaps: [],
        gapCount: 0,
        unhealableGapCount: 0,
        gapsCut: false,
        ...{ listedFromDateTime: null, listedToDateTime: null },
        corrupt: 0,
        countsCompared: true,
      },
    ]);
    expect((await verify(path)).stdout).toContain('1 participants are missing from the lists received');
  });

  it('names the hours that were listed, and no earlier ones', async () => {
    const path = await filled('listed.db', [whole]);
    const ticks = (text: string) => BigInt(Date.parse(text)) * 10_000n;
    await using store = openSqliteStore(path);
    for (const [from, before] of [
      ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
      ['2026-03-02T00:00:00Z', '2026-03-05T00:00:00Z'],
    ] as const)
      await store.upstream.addListed(mine, 'calls', {
        from: ticks(from),
        before: ticks(before),
        listedMs: 0,
      });
    expect(JSON.parse((await verify(path, '--json')).stdout)).toMatchObject({
      listedFromDateTime: '2026-03-01T00:00:00Z',
      listedToDateTime: '2026-03-05T00:00:00Z',
    });
    expect((await verify(path)).stdout).toContain(
      'Sync listed calls that began from 2026-03-01T00:00:00Z to 2026-03-05T00:00:00Z: other times are not proved.',
    );
  });

  it('ends with 3 when something is missing, and names it with the next step', async () => {
    const path = await filled('cut.db', [whole, cut]);
    const { code, stdout } = await verify(path);
    expect(code).toBe(3);
    expect(stdout).toContain('1 call is incomplete.');
    expect(stdout).toMatch(
      /^Call cut: Pages of its participants or sessions are missing \(from 2026-03-02T10:00:00Z to 2026-03-02T10:30:00\.1234567Z\)\. .*\.$/m,
    );
  });

  it('ends with 1 when something is not what was stored', async () => {
    const path = await filled('corrupt.db', [whole, cut]);
    const database = new DatabaseSync(path);
    database.exec('UPDATE participant_block SET crc = crc + 1 WHERE entity_count = 2');
    database.close();
    const { code, stdout } = await verify(path, '--json');
    expect([code, (JSON.parse(stdout) as { corrupt: number }).corrupt]).toEqual([1, 1]);
  });

  it('ends with 1 and its report when an incomplete call is damaged', async () => {
    const path = await filled('damaged.db', [whole, cut]);
    const database = new DatabaseSync(path);
    database.exec("UPDATE edition SET end_ticks = end_ticks + 1 WHERE call_id = 'cut'");
    database.close();
    const { code, stdout, stderr } = await verify(path);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^2 calls in 2 versions/);
    expect(stdout).toContain('\n1 parts are damaged: ');
    expect(stdout).toMatch(/^Call cut: It is damaged, and was incomplete before\. Restore .*\.$/m);
  });

  it('reads all tenants, or the one that is named', async () => {
    const path = await filled('two.db', [whole], mine);
    await filled('two.db', [cut], theirs);
    const records = async (...args: string[]) =>
      (JSON.parse((await verify(path, '--json', ...args)).stdout) as { records: number }).records;
    expect([await records(), await records('--tenant', theirs.toUpperCase())]).toEqual([2, 1]);
  });

  it('keeps what it found', async () => {
    const path = await filled('kept.db', [whole]);
    await verify(path);
    await using store = openSqliteStore(path);
    const kept = await store.evidence.lastVerification(mine);
    expect((JSON.parse(kept!.report) as { records: number }).records).toBe(1);
  });
});
