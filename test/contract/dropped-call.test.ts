/** A call that retention drops while somebody reads it: it is not there any more, and that is all. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRecord, participants } from '../support/records.ts';
import { importLines } from '../support/filled-store.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const calls = '/v1.0/communications/callRecords';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it.each(['participants_v2', 'sessions'])('a walk of %s ends with 404 NotFound', async (list) => {
  const sessions = Array.from({ length: 70 }, (_, i) => ({ id: `s${i}`, segments: [] }));
  await importLines(server.store, tenantId, [
    JSON.stringify(aRecord('call', { participants_v2: participants(300), sessions })),
    JSON.stringify(aRecord('other', { startDateTime: '2026-03-03T10:00:00Z' })),
  ]);
  const first = (await (await server.get(`${calls}/call/${list}`)).json()) as { '@odata.nextLink': string };
  const { pathname, search } = new URL(first['@odata.nextLink']);
  expect((await server.get(pathname + search)).status).toBe(200);
  const before = BigInt(Date.parse('2026-03-03T00:00:00Z')) * 10_000n;
  expect(await server.store.retention.dropCalls(tenantId, before, 10)).toEqual({ calls: 1, damaged: [] });
  for (const path of [pathname + search, `${calls}/call/${list}`, `${calls}/call`]) {
    const answer = await server.get(path);
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      404,
      'NotFound',
    ]);
  }
  const listed = (await (await server.get(calls)).json()) as { value: { id: string }[] };
  expect(listed.value.map(({ id }) => id)).toEqual(['other']);
});
