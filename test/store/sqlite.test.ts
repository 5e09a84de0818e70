import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { applicationId, firstSchema, migrations } from '../../src/store/sqlite/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { aRecord, participants } from '../support/records.ts';
import { importLines, startTestServer } from '../support/server.ts';
import { snapshotsOf } from '../support/snapshots.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function filled(name: string): Promise<string> {
  const path = join(folder, name);
  await using store = openSqliteStore(path);
  await importLines(store, [aRecord('call', { participants_v2: participants(300) })], 't');
  return path;
}

function refusalOf(path: string): string {
  try {
    void openSqliteStore(path)[Symbol.asyncDispose]();
    return 'opened';
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}

describe('a folder of snapshots', () => {
  it('is not left through a symbolic link in it', async () => {
    const path = await filled('linked.db');
    const victim = await filled('victim.db');
    const link = join(`${path}-snapshots`, 'link.db');
    await using store = openSqliteStore(path);
    const snapshots = snapshotsOf(store);
    snapshots.save('own');
    symlinkSync(victim, link);
    symlinkSync(join(folder, 'nowhere'), join(`${path}-snapshots`, 'dangling.db'));
    expect([snapshots.list(), snapshots.restore('link'), snapshots.delete('link')]).toEqual([
      ['own'],
      false,
      false,
    ]);
    const before = readFileSync(victim);
    snapshots.save('link');
    expect([readFileSync(victim).equals(before), lstatSync(link).isSymbolicLink()]).toEqual([true, false]);
    expect(snapshots.restore('link')).toBe(true);
  });
});

describe('a SQLite file', () => {
  it('has the added calls when it is opened again, in a folder that was created for it', async () => {
    const path = await filled('new/folder/store.db');
    await using store = openSqliteStore(path);
    expect((await store.edition('t', 'call'))?.participants?.count).toBe(300);
  });

  it('has another revision in one process after another process has written', async () => {
    const path = await filled('shared.db');
    await using reader = openSqliteStore(path);
    await using writer = openSqliteStore(path);
    const before = reader.revision();
    await importLines(writer, [aRecord('call', { version: 2, participants_v2: participants(1) })], 't');
    expect((await reader.edition('t', 'call'))?.version).toBe(2n);
    expect(reader.revision()).not.toBe(before);
  });

  it('of a newer release is refused', async () => {
    const path = await filled('newer.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 999');
    database.close();
    expect(refusalOf(path)).toBe(
      `The store '${path}' was created by a newer Rollcall (schema 999, this release knows ${firstSchema + migrations.length - 1}). Use that release or a newer one, or restore the backup from before the upgrade: see docs/restoring.md.`,
    );
  });

  it('of any earlier schema is migrated', async () => {
    for (let schemas = 1; schemas < migrations.length; schemas++) {
      const path = join(folder, `schema-${schemas}.db`);
      const database = new DatabaseSync(path);
      for (const migration of migrations.slice(0, schemas)) database.exec(migration);
      database.exec(
        `PRAGMA user_version = ${firstSchema + schemas - 1}; PRAGMA application_id = ${applicationId}`,
      );
      database.exec("INSERT INTO tenant (tenant_id) VALUES ('t')");
      database.close();
      await using store = openSqliteStore(path);
      await importLines(store, [aRecord('call', { participants_v2: participants(1) })], 't');
      expect((await store.edition('t', 'call'))?.participants?.count).toBe(1);
      expect(await store.subscriptions.outboxSize()).toBe(0);
      expect(await store.upstream.lease('t', 0, 1)).toEqual([]);
    }
  });

  it('of a schema before the first release is refused', async () => {
    const path = await filled('older.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 1');
    database.close();
    expect(refusalOf(path)).toBe(
      `The store '${path}' was created before the first release. Import its records into a new store.`,
    );
  });

  it('that is no store is refused', () => {
    const text = join(folder, 'text.db');
    writeFileSync(
      text,
      'This is not a database, but it is long enough to be taken for one at a glance. '.repeat(20),
    );
    expect(refusalOf(text)).toBe(
      `The store '${text}' cannot be opened: the file is not a SQLite database, or it is damaged.`,
    );
    const other = join(folder, 'other.db');
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE t (a)');
    database.close();
    expect(refusalOf(other)).toBe(
      `'${other}' is a SQLite database, but not a Rollcall store. Name another file with --store.`,
    );
    const directory = join(folder, 'directory.db');
    mkdirSync(directory);
    expect(refusalOf(directory)).toMatch(/^The store '.*directory\.db' cannot be opened: /);
  });

  it('that is truncated is refused', async () => {
    const path = await filled('cut.db');
    const file = openSync(path, 'r+');
    ftruncateSync(file, statSync(path).size >> 1);
    closeSync(file);
    expect(refusalOf(path)).toMatch(/damaged/);
  });

  it('with changed bytes leads to 503 and never to wrong data', async () => {
    const path = await filled('bytes.db');
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    const database = new DatabaseSync(copy);
    database.exec(`UPDATE participant_block SET body = zeroblob(length(body))`);
    database.exec(`INSERT INTO tenant (tenant_id) VALUES ('11111111-1111-4111-8111-111111111111')`);
    database.exec(`UPDATE edition SET tenant_no = 2; UPDATE participant_block SET tenant_no = 2`);
    database.close();
    await using server = await startTestServer({ store: openSqliteStore(copy) });
    const response = await server.get('/v1.0/communications/callRecords/call/participants_v2', {
      'accept-encoding': 'identity',
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });
});
