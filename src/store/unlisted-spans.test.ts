import { expect, it } from 'vitest';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import { noteUnlisted, unlistedSpans } from './unlisted-spans.ts';

const tenant = '11111111-1111-4111-8111-111111111111';
const lost = (from: bigint, before: bigint, piece: string) =>
  ({ from, before, reason: 'notJson', atMs: 5, pieces: [piece] }) as const;

it('keeps what a list could not be read for until it was, and says which pages are of no use then', async () => {
  await using store = openSqliteStore(':memory:');
  const log = 'getPstnCalls';
  await noteUnlisted(store, tenant, log, [lost(10n, 20n, 'a'), lost(20n, 30n, 'b'), lost(50n, 60n, 'c')]);
  expect(await unlistedSpans(store, tenant, log)).toEqual([
    { ...lost(10n, 30n, 'a'), pieces: ['a', 'b'] },
    lost(50n, 60n, 'c'),
  ]);
  expect(await unlistedSpans(store, tenant, 'calls')).toEqual([]);

  await store.upstream.addListed(tenant, log, { from: 0n, before: 15n, listedMs: 6 });
  expect(await noteUnlisted(store, tenant, log, [lost(50n, 60n, 'd')])).toEqual(['c']);
  expect(await unlistedSpans(store, tenant, log)).toEqual([
    { ...lost(15n, 30n, 'a'), pieces: ['a', 'b'] },
    lost(50n, 60n, 'd'),
  ]);

  await store.upstream.addListed(tenant, log, { from: 15n, before: 60n, listedMs: 7 });
  expect(await noteUnlisted(store, tenant, log, [])).toEqual(['a', 'b', 'd']);
  expect(await unlistedSpans(store, tenant, log)).toEqual([]);
});
