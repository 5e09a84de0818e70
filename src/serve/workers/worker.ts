/** The worker's side: receives connections from the supervisor, reports to it, and ends on its message or with it. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { drain } from '../http/drain.ts';
import type { ObservedRequests } from '../observe/metrics.ts';
import { createForward, type Forward } from './forwarding.ts';
import type { SupervisorMessage, WorkerFailure, WorkerMessage } from './messages.ts';

/** What a worker answers with. */
export interface WorkerParts {
  readonly forward: Forward;
  /** Has the supervisor log a failure. */
  readonly report: (failure: WorkerFailure) => void;
  /** Called when an authority does not answer: the supervisor then checks the authority itself. */
  readonly reportAuthority: () => void;
}

export interface WorkerServer extends AsyncDisposable {
  /** Does not listen for clients: the supervisor passes it connections. */
  readonly server: Server;
  readonly observed: () => Promise<ObservedRequests>;
}

/** @param create Makes the server by the configuration. Resolves when the worker is to end. */
export async function runWorker(
  create: (configuration: object, parts: WorkerParts) => Promise<WorkerServer>,
): Promise<void> {
  const channel = process as NodeJS.Process & { send: NonNullable<typeof process.send> }; // forked with a channel
  // A connection may end after the last message.
  const send = (message: WorkerMessage) => {
    if (channel.connected) channel.send(message);
  };
  // Signals are for the supervisor, though a terminal or a service manager may send them to workers too. Without the
  // supervisor there are no new connections, and no answers to forwarded requests.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(1));
  const { privatePath, configuration } = await started();
  await using made = await create(configuration, {
    forward: createForward(privatePath),
    report: (failure) => send({ kind: 'failure', failure }),
    reportAuthority: () => send({ kind: 'authority' }),
  });
  const { server, observed } = made;
  const connections = trackConnections((count) => send({ kind: 'closed', count }));
  const drained = Promise.withResolvers<undefined>();
  process.on('message', (message: SupervisorMessage, socket?: Socket) => {
    switch (message.kind) {
      case 'connection':
        send({ kind: 'taken' });
        if (socket === undefined)
          send({ kind: 'closed', count: 1 }); // it ended in transit
        else take(socket);
        return;
      case 'report':
        void observed().then((all) => send({ kind: 'report', observed: all }));
        return;
      case 'drain':
        void drain(server, connections.all).then(() => drained.resolve(undefined));
        return;
      case 'start':
        return;
    }
  });
  // Node times out slow and idle connections of a server only while it listens.
  await listen(server, join(dirname(privatePath), `${process.pid}.sock`));
  send({ kind: 'ready' });
  await drained.promise;
  const last: WorkerMessage = { kind: 'report', observed: await observed() };
  await new Promise<void>((resolve) => channel.send(last, () => resolve()));
  process.removeAllListeners('disconnect');
  process.disconnect();

  function take(socket: Socket): void {
    connections.add(socket);
    // As for connections that a server accepts: a client may end its side and still get an answer.
    socket.allowHalfOpen = true;
    server.emit('connection', socket);
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

/** The first message. */
function started(): Promise<Extract<SupervisorMessage, { kind: 'start' }>> {
  return new Promise((resolve) => {
    const receive = (message: SupervisorMessage) => {
      if (message.kind !== 'start') return;
      process.off('message', receive);
      resolve(message);
    };
    process.on('message', receive);
  });
}

/** Reports the ends of connections, several at a time. */
function trackConnections(onClosed: (count: number) => void) {
  const all = new Set<Socket>();
  let closed = 0;
  return {
    all,
    add(socket: Socket) {
      all.add(socket);
      socket.once('close', () => {
        all.delete(socket);
        if (closed++ === 0)
          setImmediate(() => {
            onClosed(closed);
            closed = 0;
          });
      });
    },
  };
}
