import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { readerOf, served } from '../support/served.ts';
import { startTestServer } from '../support/server.ts';
import { testSync } from '../support/sync.ts';

const never = new AbortController().signal;
const { tenantId } = development;

it('keeps every call as upstream serves it, byte for byte, and fetches none twice', async () => {
  await using upstream = await startTestServer();
  const options = {
    ...defaultGenerateOptions,
    days: 28,
    calls: 30,
    largest: 400,
    media: false,
    until: new Date(),
  };
  const lines = [...generateLines(options)];
  await upstream.import(lines);
  const store = openSqliteStore(':memory:');
  await using kept = await startTestServer({ store });
  using sync = testSync({ url: upstream.url, store });
  const outcome = await sync.tenants[0]!.once(never);
  expect(outcome).toMatchObject({ records: 30, newVersions: 30, incomplete: 0, gone: 0, problems: [] });

  const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
  expect(await served(kept.url, readerOf(kept), ids)).toEqual(
    await served(upstream.url, readerOf(upstream), ids),
  );
  const [largest] = await store.someCalls(tenantId, 30);
  expect(largest).toBeDefined();

  using again = testSync({ url: upstream.url, store });
  expect(await again.tenants[0]!.once(never)).toMatchObject({ records: 0, newVersions: 0, pages: 0 });
});
