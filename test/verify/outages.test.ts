import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { type Failing, failSqlite, passingCodes } from '../support/failing-sqlite.ts';
import { fill, outageSuite } from '../support/outages.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

let stores = 0;
for (const lasts of [true, false]) {
  outageSuite(`SQLite, ${lasts ? 'for good' : 'once'}`, async () => {
    const path = join(folder, `store-${stores++}.db`);
    const open = () => Promise.resolve(openSqliteStore(path));
    {
      await using store = await open();
      await fill(store);
    }
    let failing: Failing | undefined;
    let from = Infinity;
    return {
      url: `sqlite:${path}`,
      open,
      begin(at) {
        const began = failSqlite({ at, code: passingCodes[at % passingCodes.length]!, lasts });
        failing = began;
        from = at;
      },
      end() {
        const { statements } = failing!; // begun before
        failing![Symbol.dispose]();
        return statements >= from;
      },
    };
  });
}
