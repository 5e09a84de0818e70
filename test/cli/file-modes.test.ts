/** Tests that only the user of Rollcall can read the files it writes, regardless of the umask. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { main } from '../support/rollcall.ts';
import { snapshotsOf } from '../support/snapshots.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A command with no umask at all. */
const unmasked = (...args: string[]) =>
  promisify(execFile)('sh', ['-c', 'umask 000; exec "$0" "$@"', process.execPath, main, ...args], {
    cwd: folder,
  });

/** Modes of files and folders below a folder, by their names. */
function modesIn(path: string): Record<string, string> {
  const modes: Record<string, string> = {};
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    modes[full.slice(path.length + 1)] = (statSync(full).mode & 0o777).toString(8);
  }
  return modes;
}

describe.skipIf(process.platform === 'win32')('files', () => {
  it('of every command are for their user alone, under umask 000', async () => {
    const lines = join(folder, 'in.jsonl');
    writeFileSync(
      lines,
      `${JSON.stringify(aRecord('call', { participants_v2: [aParticipant('p')] }))}\nnot JSON\n`,
    );
    const own = join(folder, 'own');
    const store = `sqlite:${join(own, 'deep', 'a.db')}`;
    // Ends with 3: a line is rejected.
    await expect(
      unmasked('import', lines, '--rejects', join(folder, 'rejects.jsonl'), '--store', store),
    ).rejects.toMatchObject({ code: 3 });
    await unmasked('export', '--out', join(folder, 'out.csv'), '--format', 'csv', '--store', store);
    await unmasked('store', 'backup', join(folder, 'backup.db'), '--store', store);
    await unmasked('store', 'copy', '--from', store, '--to', `sqlite:${join(folder, 'copies', 'copy.db')}`);
    const written = Object.entries(modesIn(folder)).filter(([name]) => name !== 'in.jsonl');
    expect(Object.fromEntries(written)).toEqual({
      'rejects.jsonl': '600',
      own: '700',
      'own/deep': '700',
      'own/deep/a.db': '600',
      'out.csv': '600',
      'out.csv.manifest.json': '600',
      'backup.db': '600',
      copies: '700',
      'copies/copy.db': '600',
    });
  });

  it('beside an open store, and its snapshots, are for their user alone', async () => {
    const before = process.umask(0);
    try {
      await using store = openSqliteStore(join(folder, 'open', 'b.db'));
      await store.secret('key', () => Promise.resolve('value'));
      snapshotsOf(store).save('one');
      expect(modesIn(join(folder, 'open'))).toEqual({
        'b.db': '600',
        'b.db-wal': '600',
        'b.db-shm': '600',
        'b.db-snapshots': '700',
        'b.db-snapshots/one.db': '600',
      });
    } finally {
      process.umask(before);
    }
  });
});
