/** SIGHUP: the configuration is read again, by one process and by workers, and no request is lost over it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/serve/auth/certificate.ts';
import { startKeepAliveClient } from '../support/keep-alive-client.ts';
import { exchange } from '../support/raw-http.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';

const list = '/v1.0/communications/callRecords/call/participants_v2';

/** One server for all of these, in their order. */
describe.each([1, 2])('a reload with --workers %i', (workers) => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-reload-'));
  const file = join(folder, 'rollcall.json');
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const write = (configuration: object) => writeFileSync(file, JSON.stringify({ workers, ...configuration }));
  const renew = async () => {
    const made = await createSelfSignedCertificate(['127.0.0.1'], new Date());
    writeFileSync(cert, made.cert);
    writeFileSync(key, made.key);
  };
  let server: WorkersServer;
  beforeAll(async () => {
    write({ participants: 'as-received' });
    await renew();
    const args = ['--config', file, '--tls-cert', cert, '--tls-key', key];
    server = await startWorkersServer({ workers: undefined, args });
    const sessions = [aSession('session', 'found-in-session')];
    await server.import([aRecord('call', { participants_v2: participants(3), sessions })]);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const readAgain = /The configuration was read again\./g;

  /** Resolves when the configuration was read again. */
  async function reload(): Promise<void> {
    const times = server.stderr().match(readAgain)?.length ?? 0;
    server.child.kill('SIGHUP');
    while ((server.stderr().match(readAgain)?.length ?? 0) === times)
      await once(server.child.stderr!, 'data');
  }

  async function listed(): Promise<number> {
    // On a connection of its own: one from before is still answered as before, once.
    const authorization = ['Authorization', `Bearer ${await server.token()}`] as const;
    const { body } = await exchange(server.url, 'GET', list, [authorization]);
    const { value } = JSON.parse(body) as { value: unknown[] };
    return value.length;
  }

  it('takes the new configuration under load, every request is answered, and those who connect see the new certificate', async () => {
    const authorization = `Bearer ${await server.token()}`;
    const load = Array.from({ length: 3 }, () => startKeepAliveClient(server.url, list, authorization));
    await Promise.all(load.map((client) => client.answered(20)));
    expect(await listed()).toBe(3);
    const old = await secured(server);
    const fingerprints = [old.getPeerCertificate().fingerprint256];
    const before = server.workers();
    write({ participants: 'reconciled' });
    await renew();
    await reload();
    expect(await listed()).toBe(4);
    const fresh = await secured(server);
    fingerprints.push(fresh.getPeerCertificate().fingerprint256);
    expect([new Set(fingerprints).size, await health(fresh)]).toEqual([2, 'HTTP/1.1 200 OK']);
    fresh.destroy();
    old.destroy();
    while (server.workers().some((pid) => before.includes(pid))) await load[0]!.answered(1);
    await Promise.all(load.map((client) => client.answered(20)));
    await Promise.all(load.map((client) => client.stop()));
    expect(new Set(load.flatMap(({ outcomes }) => outcomes.map(({ status }) => status)))).toEqual(
      new Set([200]),
    );
    expect([before.length, server.workers().length]).toEqual(workers === 1 ? [0, 0] : [2, 2]);
    expect(server.defects).toEqual([]);
  });

  it('goes on as it was when the configuration is wrong, and names what is', async () => {
    const before = server.workers();
    write({ participants: 'some', 'no-such-option': 1 });
    server.child.kill('SIGHUP');
    await server.logged(
      /was rejected. no-such-option in the configuration file: there is no such option\.\\nparticipants in the configuration file: one of reconciled, as-received is expected./,
    );
    expect([await listed(), server.workers()]).toEqual([4, before]);
  });

  it('names what is taken at the next start only, and may change the number of workers', async () => {
    const before = server.workers();
    const count = workers === 1 ? 1 : 3;
    write({
      workers: count,
      participants: 'as-received',
      store: 'sqlite:elsewhere.db',
      host: '127.0.0.2',
      'store-read': 'postgres://replica/rollcall',
    });
    await reload();
    expect(server.stderr()).toContain('--host: is taken at the next start.');
    expect(server.stderr()).toContain('--store-read: is taken at the next start.');
    expect([server.stderr().includes('--store:'), await listed()]).toEqual([false, 3]);
    while (server.workers().some((pid) => before.includes(pid))) await listed();
    expect(server.workers()).toHaveLength(count === 1 ? 0 : count);
  });
});

async function secured(server: WorkersServer): Promise<TLSSocket> {
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
