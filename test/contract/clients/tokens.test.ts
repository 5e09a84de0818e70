/** Microsoft's token libraries, unchanged, over https against the development issuer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../../src/base/development.ts';
import { type ClientServer, startClientServer } from './client-server.ts';
import { meeting } from './tenant.ts';

let clients: ClientServer;
beforeAll(async () => {
  clients = await startClientServer();
});
afterAll(() => clients[Symbol.asyncDispose]());

describe('@azure/identity', () => {
  it('gets a token with the development secret, and reads with it', async () => {
    const { status, body } = (await clients.run(
      'azure-identity.ts',
      development.clientSecret,
      meeting.id,
    )) as {
      status: number;
      body: { value: unknown[] };
    };
    expect([status, body.value]).toEqual([200, meeting.participants_v2.slice(0, 130)]);
  });

  it('is told in its own terms that the secret is wrong', async () => {
    expect(await clients.run('azure-identity.ts', 'wrong', meeting.id)).toEqual({
      name: 'AuthenticationRequiredError',
      message: expect.stringMatching(/^invalid_client: .*AADSTS7000215/) as string,
    });
  });
});

describe('@azure/msal-node', () => {
  it('gets a token by client credentials', async () => {
    expect(await clients.run('msal.ts', meeting.id)).toEqual({ tokenType: 'Bearer', status: 200 });
  });
});
