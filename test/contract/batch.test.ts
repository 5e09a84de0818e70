/** `$batch`: what the pieces of its answer are, whatever is in them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import([
    {
      id: 'ünï',
      version: 1,
      startDateTime: '2026-03-02T10:00:00Z',
      participants_v2: [
        { id: 'jürgen', identity: { user: { id: 'jürgen', displayName: '日本 🎉 "quoted"' } } },
      ],
    },
  ]);
});
afterAll(() => server.stop());

interface Item {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

async function batch(requests: readonly object[]): Promise<readonly Item[]> {
  const answer = await fetch(`${server.url}/v1.0/$batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { responses: Item[] }).responses;
}

it('gives each answer as it would come alone, first asked for and asked for again', async () => {
  const path = `/communications/callRecords/${encodeURIComponent('ünï')}/participants_v2`;
  const alone: unknown = await (await server.get(`/v1.0${path}`)).json();
  const requests = ['1', 'zwei – 二', '\u0000"\\'].map((id) => ({ id, method: 'GET', url: path }));
  for (let time = 0; time < 3; time++) {
    const items = await batch(requests);
    expect(items.map(({ id, status, body }) => ({ id, status, body }))).toEqual(
      requests.map(({ id }) => ({ id, status: 200, body: alone })),
    );
  }
});

it('gives errors that quote what is not ASCII, under ids of their own', async () => {
  const url = `/communications/callRecords/x?$select=${encodeURIComponent('höhe')}`;
  const [first, second] = await batch([
    { id: '1', method: 'GET', url, headers: { 'client-request-id': 'mine' } },
    { id: '2', method: 'GET', url: '/ñandú' },
  ]);
  const { error } = first!.body as { error: { message: string; innerError: Record<string, string> } };
  expect([first!.status, error.message]).toEqual([400, expect.stringContaining("'höhe'")]);
  expect([first!.headers['client-request-id'], error.innerError['client-request-id']]).toEqual([
    'mine',
    'mine',
  ]);
  expect((second!.body as { error: { message: string } }).error.message).toBe(
    "Resource not found for the segment 'ñandú'.",
  );
  expect(first!.headers['request-id']).not.toBe(second!.headers['request-id']);
  expect(server.defects).toEqual([]);
});
