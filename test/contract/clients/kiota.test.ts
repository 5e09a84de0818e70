/** Microsoft's Kiota SDK, unchanged, over every endpoint. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClientServer, startClientServer } from './client-server.ts';
import { meeting, type Json } from './tenant.ts';

let clients: ClientServer;
beforeAll(async () => {
  clients = await startClientServer();
});
afterAll(() => clients[Symbol.asyncDispose]());

it('reads participants into its models', async () => {
  const token = await clients.server.token();
  const { ids, names, nextLink, unknown } = (await clients.run('kiota.ts', token, meeting.id)) as Json;
  const first = meeting.participants_v2.slice(0, 130);
  expect(ids).toEqual(first.map(({ id }) => id));
  expect(names).toEqual(
    first.map(
      ({ identity }) => (identity as { user: { displayName: string } | null }).user?.displayName ?? null,
    ),
  );
  expect(nextLink).toMatch(/participants_v2\?\$select=id,identity&\$skiptoken=/);
  expect(unknown).toEqual({ status: 404, code: 'NotFound' });
});
