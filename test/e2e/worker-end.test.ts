/** The end of a worker, step by step, with the test as its supervisor. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a connection that outlasts the last word of its worker does not end it by an error', async () => {
  const worker = fork(new URL('../support/late-worker.ts', import.meta.url), { silent: true });
  let said = '';
  worker.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
  const heard = (kind: string) =>
    new Promise<void>((resolve) =>
      worker.on('message', (message: { readonly kind: string }) => message.kind === kind && resolve()),
    );
  const ready = heard('ready');
  worker.send({ kind: 'start', privatePath: join(folder, 'supervisor.sock'), configuration: {} });
  await ready;
  const reporting = heard('reporting');
  worker.send({ kind: 'drain' });
  await reporting;

  // It has waited for the connections it had, and gets one more.
  const entrance = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(entrance, 'listening');
  const client = connect((entrance.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(entrance, 'connection')) as [Socket];
  const taken = heard('taken');
  const [ended, disconnected] = [heard('report'), once(worker, 'disconnect')];
  worker.send({ kind: 'connection' }, socket);
  await Promise.all([taken, ended, disconnected]);

  // Which ends when nobody hears of it.
  const exited = once(worker, 'exit');
  client.end();
  expect([await exited, said]).toEqual([[0, null], '']);
  entrance.close();
});
