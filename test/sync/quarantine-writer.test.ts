/** What a sync may set aside of a tenant in all: what was dropped since makes room. */
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { QuarantineStore } from '../../src/store/quarantine.ts';
import { overrideMembers } from '../../src/emulator/override-members.ts';
import { QuarantineWriter } from '../../src/collect/sync/quarantine-writer.ts';

const mebibyte = Buffer.alloc(2 ** 20, 'x');

it('has room for a gibibyte of pieces, and again for what was dropped', async () => {
  await using inner = openSqliteStore(':memory:');
  const kept = new Set<string>();
  const quarantine: Partial<QuarantineStore> = {
    list: () => [],
    add: () => 1,
    drop: (_tenantId, id) => kept.delete(id),
  };
  const store = overrideMembers(inner, { quarantine: quarantine as QuarantineStore });
  const askStore = async <T>(ask: () => T | PromiseLike<T>) => await ask();
  const writer = await QuarantineWriter.open({ tenantId: 't', store, askStore });
  const add = async (callId: string) => {
    const id = await writer.add({ unit: 'body', callId, reason: 'No JSON.', text: mebibyte });
    if (id !== undefined) kept.add(id);
    return id;
  };
  for (let i = 0; i < 1024; i++) expect(await add(`call-${i}`)).toBeDefined();
  expect(await add('one more')).toBeUndefined();
  await writer.callStored('call-7');
  expect(await add('one more')).toBeDefined();
  expect(await add('another')).toBeUndefined();
  await writer.drop([...kept][0]!);
  expect(await add('another')).toBeDefined();
});
