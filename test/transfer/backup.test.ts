/** A backup of a store that others go on writing to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { copyTenants } from '../support/copied.ts';
import { fill } from '../support/filled-store.ts';
import { storedRows } from '../support/stored-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [tenantId] = copyTenants;

it('comes to its end, and is the store as it was when it began', async () => {
  const [path, copied] = [join(folder, 'live.db'), join(folder, 'copied.db')];
  await using store = openSqliteStore(path);
  await fill(store, tenantId, 100);
  await using writer = openSqliteStore(path);
  const before = storedRows(path);
  let steps = 0;
  await store.transfer.backup!(copied, () => {
    // One that began anew with every write would go on for ever.
    if (++steps > 100) throw new Error('It does not end.');
    const row = { kind: 'pstnCallLogRow', ticks: BigInt(steps), id: 'row', text: Buffer.from('{}') };
    void writer.addLogRows(tenantId, [row]);
  });
  expect(steps).toBeGreaterThan(1);
  expect(storedRows(path)).not.toEqual(before);
  await using backup = openSqliteStore(copied);
  expect(storedRows(copied)).toEqual(before);
  const verified = await verifyTenant(backup, tenantId, { clock: systemClock, onRead: () => undefined });
  expect(verified).toMatchObject({ corrupt: 0 });
});
