/** A server that gives a process fewer connections than its pool may have. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { keepLog } from '../support/log.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres({
    settings: { max_connections: '6', superuser_reserved_connections: '0' },
  });
});
afterAll(() => postgres[Symbol.asyncDispose]());

async function statuses(server: TestServer, requests: number): Promise<Set<number>> {
  const read = async (_: unknown, i: number) =>
    (await server.get(`/v1.0/communications/callRecords/${i}`)).status;
  return new Set(await Promise.all(Array.from({ length: requests }, read)));
}

it('answers with those there are, and tells of it once', async () => {
  const { log, lines } = keepLog();
  const store = await openStore(postgres.url, systemClock, { log });
  await using server = await startTestServer({ store });
  for (let i = 0; i < 4; i++) expect(await statuses(server, 100)).toEqual(new Set([404]));
  expect(lines().map(({ level, message }) => [level, message])).toEqual([
    [
      'warn',
      'The server of the store accepts fewer connections than this process is set to use, so requests wait. Raise max_connections or the CONNECTION LIMIT of the user, or run fewer processes.',
    ],
  ]);
  expect(server.defects).toEqual([]);
});

it('answers so where it is the user that may have no more', async () => {
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 3`);
  await admin.query('CREATE DATABASE few OWNER few');
  await admin.end();
  const url = new URL(postgres.url);
  Object.assign(url, { username: 'few', password: 'few', pathname: '/few' });
  await using server = await startTestServer({ store: await openPostgresStore(url.href) });
  for (let i = 0; i < 3; i++) expect(await statuses(server, 60)).toEqual(new Set([404]));
  expect(server.defects).toEqual([]);
});

it('refuses at once where others have all of them, and answers when they let go', async () => {
  await using store = await openPostgresStore(postgres.url);
  const ask = async (_: unknown, i: number) => {
    try {
      await store.edition('t', String(i));
      return 'answered';
    } catch (error) {
      return String(error);
    }
  };
  const outcomes = async (times: number) => [
    ...new Set(await Promise.all(Array.from({ length: times }, ask))),
  ];
  expect(await outcomes(20)).toEqual(['answered']);
  // Its connections are cut, and others take their places.
  await postgres.stop();
  await postgres.start();
  const others = Array.from({ length: 6 }, () => new pg.Client({ connectionString: postgres.url }));
  for (const other of others) await other.connect();
  expect(await outcomes(60)).toEqual([
    `StoreError: The store at postgres://${new URL(postgres.url).host}/postgres does not work: all its connections are in use. Raise max_connections or the CONNECTION LIMIT of the user, or run fewer processes.`,
  ]);
  for (const other of others) await other.end();
  expect(await outcomes(1)).toEqual(['answered']);
  expect(await outcomes(60)).toEqual(['answered']);
});
