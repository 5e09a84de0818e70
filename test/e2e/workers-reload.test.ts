/** SIGHUP: the configuration is read again, by one process and by workers, and no request is lost over it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { startKeepAliveClient } from '../support/keep-alive-client.ts';
import { exchange } from '../support/raw-http.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';

const list = '/v1.0/communications/callRecords/call/participants_v2';
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-reload-'));
  file = join(folder, 'rollcall.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (configuration: object) => writeFileSync(file, JSON.stringify(configuration));

async function startConfigured(workers: number): Promise<WorkersServer> {
  const server = await startWorkersServer({ workers, args: ['--config', file] });
  const sessions = [aSession('session', 'found-in-session')];
  await server.import([aRecord('call', { participants_v2: participants(3), sessions })]);
  return server;
}

async function reload(server: WorkersServer, says: RegExp): Promise<void> {
  server.child.kill('SIGHUP');
  await server.logged(says);
}

async function listed(server: WorkersServer): Promise<number> {
  // On a connection of its own: one from before is still answered as before, once.
  const authorization = ['Authorization', `Bearer ${await server.token()}`] as const;
  const { body } = await exchange(server.url, 'GET', list, [authorization]);
  const { value } = JSON.parse(body) as { value: unknown[] };
  return value.length;
}

describe.each([1, 2])('a reload with --workers %i', (workers) => {
  it('takes the new configuration under load, and every request is answered', async () => {
    write({ participants: 'as-received' });
    await using server = await startConfigured(workers);
    const authorization = `Bearer ${await server.token()}`;
    const load = Array.from({ length: 3 }, () => startKeepAliveClient(server.url, list, authorization));
    await Promise.all(load.map((client) => client.answered(20)));
    expect(await listed(server)).toBe(3);
    const before = server.workers();
    write({ participants: 'reconciled' });
    await reload(server, /The configuration was read again\./);
    expect(await listed(server)).toBe(4);
    while (server.workers().some((pid) => before.includes(pid))) await load[0]!.answered(1);
    await Promise.all(load.map((client) => client.answered(20)));
    await Promise.all(load.map((client) => client.stop()));
    expect(new Set(load.flatMap(({ outcomes }) => outcomes.map(({ status }) => status)))).toEqual(
      new Set([200]),
    );
    expect([before.length, server.workers().length]).toEqual(workers === 1 ? [0, 0] : [2, 2]);
    expect(server.defects).toEqual([]);
  });

  it('shows the new certificate to those who connect', async () => {
    write({});
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const renew = async () => {
      const made = await createSelfSignedCertificate(['127.0.0.1'], new Date());
      writeFileSync(cert, made.cert);
      writeFileSync(key, made.key);
    };
    await renew();
    const args = ['--config', file, '--tls-cert', cert, '--tls-key', key];
    await using server = await startWorkersServer({ workers, args });
    const old = await connectTo(server);
    const fingerprints = [old.getPeerCertificate().fingerprint256];
    await renew();
    await reload(server, /The configuration was read again\./);
    const fresh = await connectTo(server);
    fingerprints.push(fresh.getPeerCertificate().fingerprint256);
    expect([new Set(fingerprints).size, await health(fresh)]).toEqual([2, 'HTTP/1.1 200 OK']);
    fresh.destroy();
    old.destroy();
  });

  it('goes on as it was when the configuration is wrong, and names what is', async () => {
    write({ participants: 'as-received' });
    await using server = await startConfigured(workers);
    const before = server.workers();
    write({ participants: 'some', 'no-such-option': 1 });
    await reload(
      server,
      /was rejected. no-such-option in the configuration file: there is no such option\.\\nparticipants in the configuration file: one of reconciled, as-received is expected./,
    );
    expect([await listed(server), server.workers()]).toEqual([3, before]);
    write({ participants: 'reconciled' });
    await reload(server, /The configuration was read again\./);
    expect(await listed(server)).toBe(4);
    // What is taken at the next start only is named.
    write({
      participants: 'as-received',
      store: 'sqlite:elsewhere.db',
      host: '127.0.0.2',
      'store-read': 'postgres://replica/rollcall',
    });
    await reload(server, /The configuration was read again\.[^]*The configuration was read again\./);
    expect(server.stderr()).toContain('--host: is taken at the next start.');
    expect(server.stderr()).toContain('--store-read: is taken at the next start.');
    expect([server.stderr().includes('--store:'), await listed(server)]).toEqual([false, 3]);
  });
});

it('may change the number of workers', async () => {
  write({ workers: 2 });
  await using server = await startWorkersServer({ args: ['--config', file], workers: undefined });
  const before = server.workers();
  write({ workers: 3 });
  await reload(server, /The configuration was read again\./);
  while (server.workers().some((pid) => before.includes(pid))) await server.get('/healthz');
  expect([before.length, server.workers().length]).toEqual([2, 3]);
});

async function connectTo(server: WorkersServer): Promise<TLSSocket> {
  const socket = connect({
    port: Number(new URL(server.url).port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** @returns the status line */
async function health(socket: TLSSocket): Promise<string> {
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [piece] = (await once(socket, 'data')) as [Buffer];
  return piece.toString('latin1').split('\r\n')[0]!;
}
