import { expect, it } from 'vitest';
import { defaultGenerateOptions } from '../../src/emulator/generate/generate.ts';
import { generateLogRows } from '../../src/emulator/generate/log-rows.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { logNamed } from '../../src/collect/sync/log-days.ts';
import { startTestServer } from '../support/server.ts';
import { testSync } from '../support/sync.ts';

const never = new AbortController().signal;
const names = [
  'v1.0/getPstnCalls',
  'beta/getDirectRoutingCalls',
  'beta/getSmsLog',
  'beta/getPstnBlockedUsersLog',
];

it('keeps the rows of every log as upstream serves them, and counts each once', async () => {
  await using upstream = await startTestServer();
  await upstream.import([...generateLogRows({ ...defaultGenerateOptions, rows: 30, until: new Date() })]);
  const store = openSqliteStore(':memory:');
  await using kept = await startTestServer({ store });
  using sync = testSync({ url: upstream.url, store, logs: names.map((name) => logNamed(name)!) });

  expect(await sync.tenants[0]!.once(never)).toMatchObject({ logRows: 4 * 30, problems: [] });

  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const span = `(fromDateTime=${day(Date.now() - 60 * 864e5)},toDateTime=${day(Date.now() + 864e5)})`;
  for (const name of names) {
    const [version, log] = name.split('/');
    const path = `/${version}/communications/callRecords/${log}${span}`;
    const rows = async (server: typeof kept) =>
      ((await (await server.get(path)).json()) as { value: unknown[] }).value;
    const theirs = await rows(upstream);
    expect(theirs).toHaveLength(30);
    expect(await rows(kept)).toEqual(theirs);
  }
});
