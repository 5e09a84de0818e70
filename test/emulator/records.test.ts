/** Calls, later versions, clients and snapshots of a emulator. */
import { createHash, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { importPKCS8, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { development } from '../../src/base/development.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import { aRecord, participants } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';

let emulator: TestEmulator;
beforeEach(async () => (emulator = await startEmulator()));
afterEach(async () => {
  expect(emulator.defects).toEqual([]);
  await emulator.stop();
});

const calls = '/v1.0/communications/callRecords';
const json = async (answer: Response | Promise<Response>) =>
  (await (await answer).json()) as Record<string, unknown>;
const post = async (path: string, body: unknown) => {
  const answer = await emulator.ask('POST', path, body);
  return [answer.status, answer.status === 204 ? undefined : await json(answer)];
};
const count = async (path: string) => Number(await (await emulator.get(path)).text());
const send = (text: string, query = '') =>
  fetch(`${emulator.url}/rollcall/dev/callRecords${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/jsonl' },
    body: text,
  });

describe('records', () => {
  it('are added one, several, or as lines, with rows of logs among them', async () => {
    const row = {
      '@odata.type': '#microsoft.graph.callRecords.smsLogRow',
      id: 'sms',
      sentDateTime: '2026-11-01T10:00:00Z',
    };
    expect(await post('callRecords', aRecord('a'))).toMatchObject([201, { newVersions: 1, ids: ['a'] }]);
    expect(await post('callRecords', [aRecord('a'), aRecord('b'), row])).toMatchObject([
      201,
      { records: 2, newVersions: 1, unchanged: 1, newLogRows: 1, ids: ['a', 'b'] },
    ]);
    const lines = [aRecord('c'), aRecord('d')].map((record) => JSON.stringify(record)).join('\n');
    expect(await json(send(`${lines}\n`))).toMatchObject({ newVersions: 2 });
    expect(await count(`${calls}/$count`)).toBe(4);
  });

  it('are taken all or not at all, and what is wrong is named', async () => {
    const [status, body] = await post('callRecords', [aRecord('a'), { id: 'b', version: 'x' }, { value: 1 }]);
    const { details } = (body as { error: { details: { target: string }[] } }).error;
    expect([status, details.map(({ target }) => target)]).toEqual([400, ['[1]', '[2]']]);
    expect([(await send('{')).status, (await send('')).status, (await send('1')).status]).toEqual([
      400, 400, 400,
    ]);
    expect((await send('{}', '?omitParticipants=x&other=1')).status).toBe(400);
    expect(await count(`${calls}/$count`)).toBe(0);
  });

  it('may lack participants that their sessions show, every other byte as it was sent', async () => {
    const people = participants(5);
    const text = JSON.stringify(aRecord('a', { participants_v2: people, extra: 0 })).replace(
      '"extra":0',
      '"extra":1.50',
    );
    await send(text, '?omitParticipants=2');
    await send(JSON.stringify(aRecord('b', { participants_v2: people })), '?omitParticipants=9');
    const listed = async (id: string) =>
      (await json(emulator.get(`${calls}/${id}/participants_v2`)))['value'];
    expect([await listed('a'), await listed('b')]).toMatchObject([people.slice(0, 3), []]);
    expect(await (await emulator.get(`${calls}/a`)).text()).toContain('"extra":1.50');
  });

  it('are of the tenant that the request names', async () => {
    const other = '44444444-4444-4444-8444-444444444444';
    await send(JSON.stringify(aRecord('a')), `?tenant=${other}`);
    expect(await count(`${calls}/$count`)).toBe(0);
    const headers = { authorization: `Bearer ${await emulator.token({ tenantId: other })}` };
    expect(await (await emulator.get(`${calls}/$count`, headers)).text()).toBe('1');
  });

  it('are generated, the same for the same seed, others when none is given', async () => {
    const asked = { calls: 3, largest: 20 };
    const [first, again, other] = [
      await post('generate', { ...asked, seed: 5 }),
      await post('generate', { ...asked, seed: 5 }),
      await post('generate', asked),
    ];
    const ids = ([, body]: unknown[]) => (body as { ids: string[] }).ids;
    expect([ids(first).length, ids(again)]).toEqual([3, ids(first)]);
    expect(other).toMatchObject([201, { seed: 6 }]);
    expect(ids(other).some((id) => ids(first).includes(id))).toBe(false);
    expect(await count(`${calls}/$count`)).toBe(6);
  });
});

describe('a later version', () => {
  it('has a higher number, the time of the clock, and what was given; the rest stays', async () => {
    const sessions = [{ id: 's', segments: [{ id: 'g' }] }];
    await post('callRecords', aRecord('a', { participants_v2: participants(3), sessions }));
    await emulator.clock.advance(3_600_000);
    expect(
      await post('callRecords/a/versions', { members: { joinWebUrl: 'https://join.example/' } }),
    ).toEqual([201, { id: 'a', version: '2', lastModifiedDateTime: '2026-11-02T13:00:00.000Z' }]);
    expect(await json(emulator.get(`${calls}/a`))).toMatchObject({
      version: 2,
      lastModifiedDateTime: '2026-11-02T13:00:00.000Z',
      joinWebUrl: 'https://join.example/',
      startDateTime: '2026-03-02T10:00:00Z',
    });
    expect(await count(`${calls}/a/participants_v2/$count`)).toBe(3);
    const expanded = await json(emulator.get(`${calls}/a?$expand=sessions($expand=segments)`));
    expect(expanded['sessions']).toMatchObject(sessions);
    expect((await post('callRecords/none/versions', {}))[0]).toBe(404);
  });

  it('fills what the first one of a generated call lacks', async () => {
    const [, body] = await post('generate', { calls: 1, largest: 40, early: true });
    const [id = ''] = (body as { ids: string[] }).ids;
    const look = async () => {
      const text = await (await emulator.get(`${calls}/${id}?$expand=sessions($expand=segments)`)).text();
      return [await count(`${calls}/${id}/participants_v2/$count`), text.includes('"streams":[{')];
    };
    expect(await look()).toEqual([36, false]);
    await post(`callRecords/${id}/versions`, {});
    expect(await look()).toEqual([40, true]);
  });
});

describe('clients', () => {
  const clientId = '33333333-3333-4333-8333-333333333333';
  const endpoint = () => `${emulator.url}/${development.tenantId}/oauth2/v2.0/token`;
  const ask = async (fields: Record<string, string>) => {
    const answer = await fetch(endpoint(), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: 'https://graph.microsoft.com/.default',
        ...fields,
      }),
    });
    const { error, error_codes, access_token } = await json(answer);
    return { status: answer.status, error, code: (error_codes as number[] | undefined)?.[0], access_token };
  };
  const secret = (client_secret: string) => ask({ client_secret });

  it('are registered, have their secrets rotated and revoked, and are taken away', async () => {
    expect(await secret('one')).toMatchObject({ status: 400, error: 'unauthorized_client', code: 700016 });
    await post('clients', { clientId, secrets: ['one', 'two'] });
    expect((await secret('one')).status).toBe(200);
    await post('clients', { clientId, secrets: ['two'] });
    expect([await secret('one'), (await secret('two')).status]).toMatchObject([
      { status: 401, error: 'invalid_client', code: 7000215 },
      200,
    ]);
    await post('clients', { clientId, secrets: ['two'], tenants: ['44444444-4444-4444-8444-444444444444'] });
    expect(await secret('two')).toMatchObject({ error: 'unauthorized_client' });
    expect(JSON.stringify(await json(emulator.ask('GET', 'clients')))).not.toContain('two');
    expect((await emulator.ask('DELETE', `clients/${clientId}`)).status).toBe(204);
    expect((await emulator.ask('DELETE', `clients/${clientId}`)).status).toBe(404);
  });

  it('prove themselves by a certificate', async () => {
    const { cert, key } = await createSelfSignedCertificate(['client'], new Date());
    const other = await createSelfSignedCertificate(['other'], new Date());
    expect((await post('clients', { clientId, certificates: ['none'] }))[0]).toBe(400);
    await post('clients', { clientId, certificates: [cert] });
    const assert = async (
      pem: string,
      privateKey: string,
      header: 'x5t' | 'x5t#S256',
      claims: object = {},
    ) => {
      const algorithm = header === 'x5t' ? 'sha1' : 'sha256';
      const thumbprint = createHash(algorithm).update(new X509Certificate(pem).raw).digest('base64url');
      const now = Math.floor(Date.now() / 1000);
      const base = { iss: clientId, sub: clientId, aud: endpoint(), nbf: now, exp: now + 600 };
      const assertion = await new SignJWT({ ...base, ...claims })
        .setProtectedHeader({ alg: 'ES256', [header]: thumbprint })
        .sign(await importPKCS8(privateKey, 'ES256'));
      return ask({
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
    };
    const good = await assert(cert, key, 'x5t');
    expect([good.status, (await assert(cert, key, 'x5t#S256')).status]).toEqual([200, 200]);
    const claims = String(good.access_token).split('.')[1] ?? '';
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      appid: clientId,
      appidacr: '2',
    });
    const codes = [
      await assert(other.cert, other.key, 'x5t'),
      await assert(cert, other.key, 'x5t#S256'),
      await assert(cert, key, 'x5t', { aud: 'https://else.example' }),
      await assert(cert, key, 'x5t', { exp: 1000 }),
      await assert(cert, key, 'x5t', { sub: development.clientId }),
      await ask({ client_assertion: 'none', client_assertion_type: 'none' }),
      await secret(''),
    ];
    expect(codes.map(({ status, code }) => [status, code])).toEqual([
      [401, 700027],
      [401, 700027],
      [401, 700023],
      [401, 700024],
      [401, 700021],
      [400, 900144],
      [401, 7000215],
    ]);
  });
});

describe('snapshots', () => {
  it('give the very answers of before, whatever happens in between', async () => {
    const paths = (ids: readonly string[]) => [
      `${calls}?$filter=startDateTime ge 2020-01-01T00:00:00Z`,
      `${calls}/$count`,
      ...ids.flatMap((id) => [
        `${calls}/${id}`,
        `${calls}/${id}/participants_v2`,
        `${calls}/${id}?$expand=sessions($expand=segments)`,
      ]),
    ];
    const headers = { prefer: 'odata.maxpagesize=2' };
    const answers = async (ids: readonly string[]) => {
      const seen: string[] = [];
      for (const path of paths(ids)) {
        const answer = await emulator.get(path, headers);
        seen.push(`${answer.status} ${answer.headers.get('etag')} ${await answer.text()}`);
      }
      return seen;
    };
    const act = fc.oneof(
      fc.record({
        path: fc.constant('generate'),
        body: fc.record({ calls: fc.nat({ max: 3 }), largest: fc.constant(5) }),
      }),
      fc.record({ path: fc.constant('version'), body: fc.constant({}) }),
      fc.record({ path: fc.constant('reset'), body: fc.constant({}) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 4 }), async (acts) => {
        const [, body] = await post('generate', { calls: 3, largest: 5 });
        const { ids } = body as { ids: string[] };
        await post('snapshots', { name: 'before' });
        const before = await answers(ids);
        for (const { path, body: asked } of acts)
          await post(path === 'version' ? `callRecords/${ids[0]}/versions` : path, asked);
        expect((await post('snapshots/before/restore', undefined))[0]).toBe(204);
        expect(await answers(ids)).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });

  it('make the skip tokens of what they took away stale', async () => {
    await post('callRecords', aRecord('a', { participants_v2: participants(5) }));
    await post('snapshots', { name: 'before' });
    await post('callRecords', aRecord('b', { participants_v2: participants(5) }));
    const next = async (path: string) => {
      const page = await json(emulator.get(path, { prefer: 'odata.maxpagesize=1' }));
      return (page['@odata.nextLink'] as string).slice(emulator.url.length);
    };
    const links = [await next(`${calls}/b/participants_v2`), await next(calls)];
    const kept = await next(`${calls}/a/participants_v2`);
    await post('snapshots/before/restore', undefined);
    await post('callRecords', aRecord('c'));
    const statuses = [];
    for (const link of [...links, kept]) statuses.push((await emulator.get(link)).status);
    // The call that was taken away is gone, with every page of it.
    expect(statuses).toEqual([404, 400, 200]);
  });

  it('have safe names, and those that are not there are named', async () => {
    const answers = [];
    for (const name of ['../x', '.x', '', 'a/b', 'x'.repeat(65)])
      answers.push((await post('snapshots', { name }))[0]);
    expect(answers).toEqual([400, 400, 400, 400, 400]);
    expect((await post('snapshots/none/restore', undefined))[0]).toBe(404);
    expect((await emulator.ask('DELETE', 'snapshots/none')).status).toBe(404);
    await post('snapshots', { name: 'a' });
    expect(await json(emulator.ask('GET', 'snapshots'))).toEqual({ value: ['a'] });
    expect((await emulator.ask('DELETE', 'snapshots/a')).status).toBe(204);
  });

  it('need a SQLite store, and so does a reset', async () => {
    await using other = await startEmulator({ store: createOracle() });
    const asked = [
      other.ask('GET', 'snapshots'),
      other.ask('POST', 'snapshots', { name: 'a' }),
      other.ask('POST', 'snapshots/a/restore'),
      other.ask('DELETE', 'snapshots/a'),
      other.ask('POST', 'reset'),
    ];
    for (const answer of await Promise.all(asked))
      expect([answer.status, await answer.json()]).toMatchObject([
        501,
        {
          error: {
            code: 'NotImplemented',
            message:
              'Snapshots and reset need a SQLite store: start dev with --store memory: or --store sqlite:PATH.',
          },
        },
      ]);
  });
});
