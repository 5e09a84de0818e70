/** The stage of `dev` with workers: what it plays and counts is as if one process answered. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestReport } from '../../src/http/stage/request-counts.ts';
import type { KnownFault } from '../../src/stage/faults.ts';
import { development } from '../../src/auth/issuer/issuer.ts';
import { exchange } from '../support/raw-http.ts';
import { startReceiver } from '../support/receiver.ts';
import { aRecord, participants } from '../support/records.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';

let server: WorkersServer;
beforeAll(async () => {
  server = await startWorkersServer();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});
afterEach(async () => {
  for (const path of ['faults', 'requests']) await server.ask('DELETE', path);
});

const calls = '/v1.0/communications/callRecords';

async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const answer = await server.ask(method, path, body);
  const text = await answer.text();
  expect(answer.ok, text).toBe(true);
  return text === '' ? undefined : JSON.parse(text);
}

/** Many at once, each on a connection of its own, so that every worker gets some. */
async function statuses(count: number, path: string, method = 'GET'): Promise<number[]> {
  const authorization = ['Authorization', `Bearer ${await server.token()}`] as const;
  const answers = Array.from({ length: count }, () => exchange(server.url, method, path, [authorization]));
  return (await Promise.all(answers)).map(({ status }) => status).sort();
}

const report = async () => (await ask('GET', 'requests')) as RequestReport;

describe('records added on the stage', () => {
  it('are there for every worker once they are taken', async () => {
    for (let i = 0; i < 20; i++) {
      await ask('POST', 'callRecords', aRecord(`added-${i}`));
      expect(await statuses(4, `${calls}/added-${i}`)).toEqual([200, 200, 200, 200]);
    }
  });

  it('come in large bodies too, in pieces without a length', async () => {
    const records = Array.from({ length: 20 }, (_, i) =>
      JSON.stringify(aRecord(`large-${i}`, { participants_v2: participants(500) })),
    );
    const text = `${records.join('\n')}\n`;
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${server.url}/rollcall/dev/callRecords`,
        { method: 'POST', headers: { 'content-type': 'application/x-ndjson', expect: '100-continue' } },
        (answer) => answer.resume().on('end', () => resolve(answer.statusCode)),
      ).on('error', reject);
      sent.on('continue', () => {
        for (const record of records) sent.write(`${record}\n`);
        sent.end();
      });
    });
    expect([status, text.length > 2 ** 21]).toEqual([201, true]);
    expect(await statuses(4, `${calls}/large-19/participants_v2`)).toEqual([200, 200, 200, 200]);
  });
});

describe('a fault', () => {
  it('is in force for every worker once it is taken, for exactly as many requests as it says', async () => {
    await ask('POST', 'callRecords', aRecord('call'));
    for (let round = 0; round < 10; round++) {
      await ask('POST', 'faults', { match: { callId: 'call' }, times: 3, effect: { status: 503 } });
      expect(await statuses(8, `${calls}/call`)).toEqual([200, 200, 200, 200, 200, 503, 503, 503]);
      const { value } = (await ask('GET', 'faults')) as { value: KnownFault[] };
      expect(value.map(({ met, isOver }) => [met, isOver])).toEqual([[3, true]]);
      await ask('DELETE', 'faults');
      expect(await statuses(4, `${calls}/call`)).toEqual([200, 200, 200, 200]);
    }
  });

  it('cuts the connection before the answer, and in the middle of it', async () => {
    await ask('POST', 'callRecords', aRecord('cut', { participants_v2: participants(100) }));
    for (const cut of ['before', 'middle']) {
      await ask('POST', 'faults', { match: { callId: 'cut' }, times: 1, effect: { cut } });
      const text = server.get(`${calls}/cut/participants_v2`).then((answer) => answer.text());
      await expect(text).rejects.toThrow(cut === 'before' ? 'fetch failed' : 'terminated');
      expect((await server.get(`${calls}/cut/participants_v2`)).status).toBe(200);
    }
  });

  it('hides a call, and the end of a list, from every worker', async () => {
    await ask('POST', 'callRecords', aRecord('hidden', { participants_v2: participants(5) }));
    const listed = async () => {
      const answer = await server.get(`${calls}/hidden/participants_v2`);
      const { value } = (await answer.json()) as { value?: unknown[] };
      return value?.length ?? answer.status;
    };
    const seen = [await listed()];
    await ask('POST', 'faults', { match: { callId: 'hidden' }, effect: { participantsMissing: 2 } });
    seen.push(await listed());
    await ask('POST', 'faults', { match: { callId: 'hidden' }, effect: { late: true } });
    seen.push(await listed());
    await ask('DELETE', 'faults');
    expect([...seen, await listed()]).toEqual([5, 3, 404, 5]);
  });
});

describe('requests', () => {
  it('are counted exactly, whichever worker met them, and held against the limits', async () => {
    await ask('POST', 'callRecords', aRecord('counted'));
    await ask('DELETE', 'requests');
    expect(await statuses(12, `${calls}/counted`)).toEqual(Array(12).fill(200));
    expect(await statuses(5, `${calls}/not-there`)).toEqual(Array(5).fill(404));
    const { requests, endpoints, limits } = await report();
    expect([requests, endpoints]).toEqual([
      17,
      [
        {
          method: 'GET',
          endpoint: 'communications/callRecords/{id}',
          requests: 17,
          statuses: { 200: 12, 404: 5 },
        },
      ],
    ]);
    const largest = Object.fromEntries(limits.map((limit) => [limit.name, limit.largest]));
    expect(largest).toMatchObject({ appInTenant: 17, callRecordFirstPage: 12 });
    await ask('DELETE', 'requests');
    expect((await report()).requests).toBe(0);
  });

  it('are counted once where a worker sent them on, items of batches too', async () => {
    await ask('DELETE', 'requests');
    const batch = (method: string) => ({
      requests: [{ id: '1', method, url: '/subscriptions/none', headers: {} }],
    });
    for (const method of ['GET', 'DELETE'])
      expect((await server.send('POST', '/v1.0/$batch', batch(method))).status).toBe(200);
    const { endpoints } = await report();
    expect(endpoints.map((one) => `${one.method} ${one.endpoint} ${one.requests}`).sort()).toEqual([
      'DELETE subscriptions/{id} 1',
      'GET subscriptions/{id} 1',
      'POST $batch 2',
    ]);
  });
});

describe('a client', () => {
  it('gets its token from whichever worker, until its secret is taken from it', async () => {
    const form = (secret: string) =>
      new URLSearchParams({
        client_id: development.clientId,
        client_secret: secret,
        grant_type: 'client_credentials',
        scope: 'https://graph.microsoft.com/.default',
      });
    const issue = async (secret: string) => {
      const path = `${server.url}/${development.tenantId}/oauth2/v2.0/token`;
      return (await fetch(path, { method: 'POST', body: form(secret) })).status;
    };
    expect(await issue(development.clientSecret)).toBe(200);
    await ask('POST', 'clients', { clientId: development.clientId, secrets: ['another'] });
    expect([await issue(development.clientSecret), await issue('another')]).toEqual([401, 200]);
    await ask('POST', 'clients', { clientId: development.clientId, secrets: [development.clientSecret] });
  });
});

describe('a subscriber', () => {
  it('is validated, and told once of a call that another process imports', async () => {
    await using receiver = await startReceiver();
    const made = await server.send('POST', '/v1.0/subscriptions', {
      changeType: 'created',
      notificationUrl: receiver.url,
      resource: 'communications/callRecords',
      expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(made.status, await made.clone().text()).toBe(201);
    const { id } = (await made.json()) as { id: string };
    await server.import([aRecord('told')]);
    await receiver.arrived(1);
    expect(receiver.notifications().map(({ resourceData }) => resourceData?.['id'])).toEqual(['told']);
    expect((await server.send('DELETE', `/v1.0/subscriptions/${id}`)).status).toBe(204);
  });
});

describe('a snapshot that is brought back', () => {
  it('is what every worker answers from', async () => {
    await ask('POST', 'callRecords', aRecord('before'));
    await ask('POST', 'snapshots', { name: 'one' });
    await ask('POST', 'callRecords', aRecord('after'));
    expect(await statuses(4, `${calls}/after`)).toEqual([200, 200, 200, 200]);
    await ask('POST', 'snapshots/one/restore');
    expect(await statuses(4, `${calls}/after`)).toEqual([404, 404, 404, 404]);
    expect(await statuses(4, `${calls}/before`)).toEqual([200, 200, 200, 200]);
  });
});

describe('the clock', () => {
  it('is moved for every worker: it comes last, for it stays moved', async () => {
    await using forgetful = await startWorkersServer({ retentionDays: 30 });
    const startDateTime = new Date(Date.now() - 86_400_000).toISOString();
    await forgetful.import([aRecord('recent', { startDateTime, endDateTime: startDateTime })]);
    const seen = [(await forgetful.get(`${calls}/recent`)).status];
    expect((await forgetful.ask('POST', 'clock', { advance: 'P31D' })).status).toBe(200);
    seen.push((await forgetful.get(`${calls}/recent`)).status);
    expect(seen).toEqual([200, 404]);
  });
});

describe('--throttle', () => {
  it('counts exactly over all workers', async () => {
    await using throttled = await startWorkersServer({ throttleScale: 1 });
    await throttled.import([aRecord('call')]);
    const authorization = ['Authorization', `Bearer ${await throttled.token()}`] as const;
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => exchange(throttled.url, 'GET', `${calls}/call`, [authorization])),
    );
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([count(200), count(429)]).toEqual([10, 6]);
  });
});
