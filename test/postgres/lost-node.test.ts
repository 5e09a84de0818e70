/**
 * Tests that `/readyz`, the metrics and the log report a cluster node that does not answer. Without Citus, the coordinator is a
 * server with replacements of the Citus tables and functions that Rollcall queries.
 */
import { expect, inject, it, onTestFinished } from 'vitest';
import { openServedStore } from '../../src/serve/run/served-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import { startTestServer } from '../support/server.ts';
import { createDatabase, type TestDatabase } from '../support/test-database.ts';

const patience = { timeout: 30_000 };
const standIn = `
  SET allow_system_table_mods = on;
  INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    VALUES (99999, 'citus', 10, 'public'::regnamespace, false, '13.2');
  CREATE TABLE pg_dist_node (groupid integer, nodename text, nodeport integer, isactive boolean, noderole text, answers text);
  INSERT INTO pg_dist_node VALUES (0, 'coordinator', 5432, true, 'primary', 'no'), (1, 'one', 5432, true, 'primary', 'yes'),
    (2, 'two', 5432, true, 'primary', 'yes'), (3, 'three', 5432, false, 'primary', 'no'),
    (1, 'follower', 5432, true, 'secondary', 'no');
  CREATE FUNCTION citus_check_connection_to_node(host text, port integer) RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE state text;
    BEGIN
      SELECT answers INTO state FROM pg_dist_node WHERE nodename = host AND nodeport = port;
      IF state = 'hangs' THEN PERFORM pg_sleep(60); END IF;
      RETURN state = 'yes';
    END $$`;

/** A server on a store, and what it writes to its log. */
async function serve(url: string) {
  const lines: string[] = [];
  const terminal = { stderr: { write: (line: string) => lines.push(line) }, clock: systemClock };
  const settings = { store: url };
  const store = await openServedStore(settings as never, terminal as never, { clock: systemClock }); // of all, what is looked at
  const server = await startTestServer({ store });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const ready = async () => {
    const response = await server.get('/readyz');
    const { checks } = (await response.json()) as { checks: { about: string; says: string }[] };
    return [response.status, checks.find(({ about }) => about === 'store')?.says];
  };
  const used = async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    return [...metrics.matchAll(/rollcall_store_server_used\{role="node",server="(.*)"\} ([01])/g)].map(
      ([, name, is]) => `${name!} ${is!}`,
    );
  };
  return { ready, used, log: () => lines.filter((line) => line.includes('The node')) };
}

async function database(isEmpty: boolean): Promise<TestDatabase> {
  const made = await createDatabase({ isEmpty });
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

it.skipIf(inject('isCluster'))('is reported, whether it refuses or hangs, and so is its return', async () => {
  const { url, query } = await database(true);
  await query(standIn);
  const { ready, used, log } = await serve(url);
  await expect.poll(used, patience).toEqual(['one:5432 1', 'two:5432 1']);
  expect(await ready()).toEqual([200, 'The store answers.']);
  for (const state of ['no', 'hangs']) {
    await query(`UPDATE pg_dist_node SET answers = '${state}' WHERE nodename = 'two'`);
    await expect.poll(used, patience).toEqual(['one:5432 1', 'two:5432 0']);
    expect(await ready()).toEqual([
      503,
      'A part of the store does not answer: two:5432. Its data cannot be read, and no data can be added.',
    ]);
    await query(`UPDATE pg_dist_node SET answers = 'yes'`);
    await expect.poll(used, patience).toEqual(['one:5432 1', 'two:5432 1']);
    expect(await ready()).toEqual([200, 'The store answers.']);
  }
  expect(log().map((line) => line.replace(/^.*The node at/, 'The node at').trim())).toEqual(
    ['no', 'hangs'].flatMap(() => [
      'The node at two:5432 of the store does not answer: its data cannot be read, and no data can be added.',
      'The node at two:5432 of the store answers again.',
    ]),
  );
});

it.skipIf(inject('isCluster'))('is none where one server holds everything', async () => {
  const { url } = await database(true);
  const { ready, used } = await serve(url);
  expect([await ready(), await used()]).toEqual([[200, 'The store answers.'], []]);
});

it.runIf(inject('isCluster'))('is none while all nodes of a cluster answer', async () => {
  const { url, query } = await database(false);
  const rows = await query<{ node: string }>(
    `SELECT nodename || ':' || nodeport AS node FROM pg_dist_node WHERE groupid <> 0 ORDER BY groupid`,
  );
  const { ready, used } = await serve(url);
  await expect.poll(used, patience).toEqual(rows.map(({ node }) => `${node} 1`));
  expect(await ready()).toEqual([200, 'The store answers.']);
});
