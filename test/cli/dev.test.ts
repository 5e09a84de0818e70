/** What `dev` does as no other server: it stands for Graph of the present, and says what it lacks. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { startHere } from '../support/rollcall.ts';

let dev: ReturnType<typeof startHere>;
let url = '';
let headers: Record<string, string> = {};
beforeAll(async () => {
  // On every address, as in a container.
  dev = startHere(['dev', '--store', 'memory:', '--calls', '3', '--port', '0', '--host', '0.0.0.0']);
  url = (await dev.said(/rollcall listening on (\S+)/))[1]!.replace('0.0.0.0', '127.0.0.1');
  const response = await fetch(`${url}/${development.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: development.clientId,
      client_secret: development.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  headers = { authorization: `Bearer ${token}` };
});
afterAll(() => dev.stop());

it('has nothing in the deprecated members, and says so at its start', async () => {
  const list = await fetch(`${url}/v1.0/communications/callRecords`, { headers });
  const { value } = (await list.json()) as { value: { id: string; organizer_v2: object }[] };
  const found = await fetch(`${url}/v1.0/communications/callRecords/${value[0]!.id}`, { headers });
  expect(await found.json()).toMatchObject({
    organizer: null,
    participants: [],
    organizer_v2: { id: expect.any(String) as string },
  });
  expect(dev.stderr()).toContain('organizer, participants and participantEndpoint.identity are empty');
  expect(dev.stderr()).toContain('dev --deprecated as-before shows what was received.');
  expect(dev.stderr()).toMatch(/rollcall dev listens\. .*deprecated=empty/);
});

it('prints an address that a browser on this machine opens', () => {
  const [, page] = /Page +(\S+)/.exec(dev.stderr())!;
  expect(page).toBe(`${url.replace('127.0.0.1', 'localhost')}/`);
});

it('answers what only Graph has with 501 and the name of the area, to HEAD too', async () => {
  for (const method of ['GET', 'HEAD', 'POST']) {
    const answer = await fetch(`${url}/beta/communications/adhocCalls/x`, { method, headers });
    expect([answer.status, answer.headers.get('rollcall-not-emulated')]).toEqual([
      501,
      'communications/adhocCalls',
    ]);
  }
  expect((await fetch(`${url}/v1.0/users`)).status).toBe(401);
});
