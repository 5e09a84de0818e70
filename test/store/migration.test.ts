/** A store of an earlier schema is brought up to date when it is opened, and keeps what it holds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { walkCall } from '../../src/ingest/read-call.ts';
import { applicationId, firstSchema, migrations } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { blockText } from '../../src/text/block.ts';
import { storedRules } from '../../src/text/entity.ts';
import { Scanner } from '../../src/text/scanner.ts';
import { aRecord, participants } from '../support/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A store of the first schema with calls of one tenant: id, version, and whether its list is complete. */
function firstStore(path: string, editions: readonly (readonly [string, number, boolean])[]): void {
  const database = new DatabaseSync(path);
  database.exec(migrations[0]!);
  database.exec(`PRAGMA user_version = ${firstSchema}; PRAGMA application_id = ${applicationId}`);
  database.exec("INSERT INTO tenant (tenant_id) VALUES ('t')");
  const add =
    database.prepare(`INSERT INTO edition (tenant_no, call_id, call_no, version, digest, start_ticks,
      head_digest, head_length, head_crc, head_flags, head_layout, head_body,
      participants_list, participants_count, participants_complete, participants_digest)
    VALUES (1, ?, ?, ?, 'digest', 1, 'head', ?, ?, 0, ?, ?, ?, 2, ?, 'list')`);
  for (const [i, [id, version, complete]] of editions.entries()) {
    const text = JSON.stringify(aRecord(id, { version, participants_v2: participants(2) }));
    const head = walkCall(new Scanner(Buffer.from(text), 0, undefined, storedRules)).call().call.head.value;
    add.run(id, i + 1, version, head.textLength, head.crc, head.layout, head.body, i + 1, Number(complete));
  }
  database.close();
}

it('brings a store of the first schema up to date', async () => {
  const path = join(folder, 'first.db');
  firstStore(path, [
    ['a', 1, false],
    ['a', 2, true],
    ['b', 2, false],
    ['b', 1, true],
  ]);
  await using store = openSqliteStore(path);
  const edition = (await store.edition('t', 'a'))!;
  expect(blockText(await store.head(edition)).toString()).toContain('"id":"a","version":2');
  expect([edition.receivedMs, edition.found, edition.participants?.pages]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await store.evidence.tally('t')).toEqual({
    calls: 2,
    editions: 4,
    versions: 4,
    participants: 4,
    incomplete: 1,
    found: 0,
  });
  expect(await store.evidence.wanting('t', undefined, 9)).toEqual(['b']);
  expect((await store.edition('t', 'b'))?.lacking).toEqual(['participantPages']);
});
