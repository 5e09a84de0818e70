/** Bodies of Microsoft's documentation and captures of the live service: what goes in comes back as documented. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../support/server.ts';

type Body = Record<string, unknown> & { value?: Record<string, unknown>[]; participants_v2?: unknown[] };

const example = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/examples/${name}.json`, import.meta.url), 'utf8')) as Body;
const none = { accept: 'application/json;odata.metadata=none' };

/** A server that holds one example and nothing else. */
async function holding(name: string) {
  const server = await startTestServer();
  const { rejected } = await server.import([example(name)]);
  expect(rejected).toBe(0);
  return {
    [Symbol.asyncDispose]: () => server.stop(),
    read: async (path: string, headers: Record<string, string> = {}) =>
      (await (await server.get(`/v1.0/communications/callRecords/${path}`, headers)).json()) as Body,
    context: (path: string) => `${server.url}/v1.0/$metadata#communications/${path}`,
  };
}

/** Our own members without those of the response. */
function withoutControl(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.includes('@odata.')));
}

describe('the examples', () => {
  it('list-participants_v2 comes back entry by entry', async () => {
    await using server = await holding('v1.0-list-participants_v2');
    const id = '614e3ff0-4728-4394-8c03-52fb3b967fde';
    expect(await server.read(`${id}/participants_v2`)).toEqual({
      // The page's own context has no version in it.
      '@odata.context': server.context(`callRecords('${id}')/participants_v2`),
      value: example('v1.0-list-participants_v2').value,
    });
  });

  it.each([
    'v1.0-get-callRecord-expand-participants_v2',
    'observed-2025-get-callRecord-select-id-expand-participants_v2-metadata-none',
  ])('%s comes back as a list of participants', async (name) => {
    await using server = await holding(name);
    const documented = example(name);
    expect((await server.read(`${String(documented['id'])}/participants_v2`)).value).toEqual(
      documented.participants_v2,
    );
  });

  it('get-callRecord comes back whole, annotations included', async () => {
    await using server = await holding('v1.0-get-callRecord');
    const documented = example('v1.0-get-callRecord');
    const id = String(documented['id']);
    const host = (text: unknown) =>
      String(text).replace('https://graph.microsoft.com/v1.0/$metadata#communications/', server.context(''));
    const expected = Object.fromEntries(
      Object.entries(documented).map(([name, value]) => [
        name,
        name.endsWith('@odata.context') ? host(value) : value,
      ]),
    );
    expect(await server.read(id)).toEqual(expected);
  });

  it.each(['observed-2025-list-callRecords-metadata-none', 'v1.0-list-callRecords'])(
    '%s comes back call by call',
    async (name) => {
      await using server = await holding(name);
      for (const documented of example(name).value!) {
        const id = String(documented['id']);
        expect(await server.read(id, none)).toEqual(withoutControl(documented as Body));
      }
    },
  );

  it('a live call keeps the order of its members', async () => {
    await using server = await holding('observed-2025-list-callRecords-metadata-none');
    for (const documented of example('observed-2025-list-callRecords-metadata-none').value!) {
      const body = await server.read(String(documented['id']), none);
      expect(JSON.stringify(body)).toBe(JSON.stringify(documented));
    }
  });

  it('a live call with sessions comes back without them', async () => {
    const name = 'observed-2025-get-callRecord-expand-sessions-segments-metadata-none';
    await using server = await holding(name);
    const documented = Object.fromEntries(
      Object.entries(example(name)).filter(([member]) => member !== 'sessions'),
    );
    expect(JSON.stringify(await server.read(String(documented['id']), none))).toBe(
      JSON.stringify(documented),
    );
  });
});

describe("refusals in Graph's words", () => {
  const error = (name: string) => (example(name) as { error?: { code: string; message: string } }).error!;

  it.each([
    ['a token that is no JWT', 'nodots', '', 401, error('error-observed-401-jwt-not-well-formed')],
    ['a delegated token', undefined, '', 403, error('error-observed-403-forbidden-emptymessage')],
    ['an unknown call', 'good', '', 404, error('error-observed-404-notfound-emptymessage')],
  ])('%s', async (_name, token, query, status, { code, message }) => {
    await using server = await startTestServer();
    const bearer = token === 'nodots' ? token : await server.token({ delegated: token === undefined });
    const response = await server.get(`/v1.0/communications/callRecords/x/participants_v2${query}`, {
      authorization: `Bearer ${bearer}`,
    });
    const body = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, body.error.code, body.error.message]).toEqual([status, code, message]);
  });

  it('an unknown property in $select', async () => {
    await using server = await startTestServer();
    const { code, message } = error('error-observed-400-unknown-select');
    const response = await server.get(
      '/v1.0/communications/callRecords/x/participants_v2?$select=usedLicenseCount',
    );
    const body = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, body.error.code, body.error.message]).toEqual([
      400,
      code,
      message.replace('mobileApp', 'callRecords.participant'),
    ]);
  });
});
