/** Tests how many statements the lists of calls execute. */
import { expect, it, onTestFinished } from 'vitest';
import { CallLists } from '../../src/store/postgres/call-lists.ts';
import { Connection, type StatementRunner } from '../../src/store/postgres/connection.ts';
import type { Value } from '../../src/store/postgres/dialect.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { StatementName } from '../../src/store/postgres/statements.ts';
import type { CallsQuery } from '../../src/store/call-list.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { importLines } from '../support/server.ts';
import { createDatabase } from '../support/test-database.ts';

const calls = 150;
const pageSize = 60;

it('a page of the calls of a participant asks each of its statements once, though most calls have two lists', async () => {
  const database = await createDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  await using store = await openPostgresStore(database.url);
  for (const version of [1, 2]) {
    const lines = Array.from({ length: calls }, (_, i) =>
      aRecord(`call-${String(i).padStart(3, '0')}`, {
        version,
        startDateTime: `2026-03-02T10:${String(i % 60).padStart(2, '0')}:00Z`,
        participants_v2: [aParticipant('anna'), aParticipant(`other-${version}`)],
      }),
    );
    await importLines(store, lines, 't');
  }
  const connection = new Connection(database.url);
  onTestFinished(() => connection.close());
  let asked: StatementName[] = [];
  const session: StatementRunner = {
    all(name: StatementName, ...values: Value[]) {
      asked.push(name);
      return connection.all(name, ...values);
    },
    get: (name, ...values) => session.all(name, ...values).then(([row]) => row),
    run: (name, ...values) => connection.run(name, ...values),
  };
  const [{ tenant_no: tenantNo }] = (await database.query<{ tenant_no: number }>(
    'SELECT tenant_no FROM rollcall.tenant',
  )) as [{ tenant_no: number }];
  const lists = new CallLists(session);
  const query: CallsQuery = {
    ...{ from: 0n, before: 2n ** 62n, participantId: 'anna', withFound: true },
    ...{ endedBy: undefined, at: undefined },
  };
  const newest = await store.newestEdition('t');
  const seen: string[] = [];
  for (let after: Parameters<CallLists['page']>[3]; ;) {
    asked = [];
    const page = (await lists.page(tenantNo, query, newest, after, pageSize + 1)).slice(0, pageSize);
    expect(asked).toEqual(['listsOfParticipant', 'callsOfLists']);
    seen.push(...page.map(({ callId }) => callId));
    if (page.length < pageSize) break;
    after = page.at(-1);
  }
  expect([seen.length, new Set(seen).size]).toEqual([calls, calls]);
});
