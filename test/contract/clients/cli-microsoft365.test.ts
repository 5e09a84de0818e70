/**
 * CLI for Microsoft 365, which knows no other hosts than Microsoft's: a proxy leads those to a running server, whose
 * certificate names them.
 */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../../src/base/development.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.ts';
import { withoutControl } from '../../support/naive-projection.ts';
import { type ClientServer, startClientServer } from './client-server.ts';
import { calls, conversation, masked, meeting, without } from './tenant.ts';

const hosts = ['graph.microsoft.com', 'login.microsoftonline.com'];
const m365 = createRequire(import.meta.url).resolve('@pnp/cli-microsoft365/dist/index.js');

let clients: ClientServer;
let proxy: ConnectProxy;
beforeAll(async () => {
  clients = await startClientServer(hosts);
  proxy = await startConnectProxy(hosts, Number(new URL(clients.origin).port));
  await run('cli', 'config', 'set', '--key', 'disableTelemetry', '--value', 'true');
  const { tenantId, clientId, clientSecret } = development;
  await run(
    ...['login', '--authType', 'secret', '--tenant', tenantId, '--appId', clientId, '--secret', clientSecret],
  );
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await clients[Symbol.asyncDispose]();
});

/** A command of the CLI; its settings, its connection and its tokens are kept in the test's own folder. */
function run(...command: readonly string[]): Promise<string> {
  return clients.runText(m365, command, {
    HOME: clients.folder,
    XDG_CONFIG_HOME: clients.folder,
    HTTPS_PROXY: proxy.url,
    NO_UPDATE_NOTIFIER: '1',
  });
}
const read = async (...command: string[]) =>
  JSON.parse(await run('teams', 'callrecord', ...command, '--output', 'json')) as unknown;

describe('m365 teams callrecord list', () => {
  it('gives every call of every page, as its record says', async () => {
    const listed = (await read('list')) as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
    const own = without(calls[0]!, 'sessions', 'participants_v2');
    expect(listed[0]).toEqual(withoutControl({ ...own, participants: [] }));
  });

  it('gives the calls of a participant within a span', async () => {
    const from = calls[40]!.startDateTime.slice(0, 19) + 'Z';
    const to = calls[120]!.startDateTime.slice(0, 19) + 'Z';
    const userId = calls[50]!.organizer_v2.id;
    const expected = calls.filter(
      ({ startDateTime, participants_v2 }) =>
        startDateTime.slice(0, 19) + 'Z' >= from &&
        startDateTime.slice(0, 19) + 'Z' < to &&
        participants_v2.some(({ id }) => id === userId),
    );
    expect(expected.length).toBeGreaterThan(0);
    const listed = await read('list', '--userId', userId, '--startDateTime', from, '--endDateTime', to);
    expect((listed as { id: string }[]).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });
});

describe('m365 teams callrecord get', () => {
  it('gives a call with its sessions, their segments and its participants', async () => {
    expect(await read('get', '--id', conversation.id)).toEqual(withoutControl(masked(conversation)));
  });

  it('gives the first page of what a large meeting holds', async () => {
    const call = (await read('get', '--id', meeting.id)) as typeof meeting;
    expect([call.sessions.length, call.participants_v2.length]).toEqual([60, 130]);
    expect(call.participants_v2).toEqual(withoutControl(meeting.participants_v2.slice(0, 130)));
  });

  it('fails for an unknown call', async () => {
    // Of Graph's empty message it makes words of its own.
    await expect(read('get', '--id', '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 1,
    });
  });
});

it('asks nothing of other hosts', () => {
  expect(proxy.refused).toEqual([]);
});
