/** Days that no month has, wherever a client can write one, and an Accept header that says nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

const base = '/v1.0/communications/callRecords';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it.each([
  [
    '/getPstnCalls(fromDateTime=2026-02-30,toDateTime=2026-03-05)',
    "The parameter 'fromDateTime' is not a date, nor a date and time with a zone, at position 13 in 'fromDateTime=2026-02-30,toDateTime=2026-03-05'.",
  ],
  [
    '/getPstnCalls(fromDateTime=2026-03-01,toDateTime=2026-04-31T00:00:00Z)',
    "The parameter 'toDateTime' is not a date",
  ],
  [
    '?$filter=startDateTime%20ge%202026-02-30T00:00:00Z',
    "'2026-02-30T00:00:00Z' is not a valid date or time at position 17",
  ],
  ['?$filter=startDateTime+ge+2026-02-30', "'2026-02-30' is not a valid date or time at position 17"],
])('%s is refused for its date', async (path, message) => {
  const response = await server.get(base + path);
  const { error } = (await response.json()) as { error: { message: string } };
  expect([response.status, error.message]).toEqual([400, expect.stringContaining(message)]);
});

it('takes an empty Accept as none', async () => {
  expect((await server.get(base, { accept: '' })).status).toBe(200);
});
