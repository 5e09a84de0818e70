/** Implements the worker's side: it receives connections, reports, and ends on a message or when the channel closes. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { drain } from '../http/drain.ts';
import type { ObservedRequests } from '../observe/metrics.ts';
import { createForward, type Forward } from './forwarding.ts';
import type { SupervisorMessage, WorkerFailure, WorkerMessage } from './messages.ts';

export interface WorkerParts {
  readonly forward: Forward;
  /** Sends a failure to the supervisor's log. */
  readonly report: (failure: WorkerFailure) => void;
  /** Called when an authority does not respond: the supervisor then checks it itself. */
  readonly reportAuthority: () => void;
}

export interface WorkerServer extends AsyncDisposable {
  /** The server, which does not listen for clients: the supervisor passes it connections. */
  readonly server: Server;
  readonly observed: () => Promise<ObservedRequests>;
}

/** Runs a worker until it must end. @param create Creates the server from the configuration. */
export async function runWorker(
  create: (configuration: object, parts: WorkerParts) => Promise<WorkerServer>,
): Promise<void> {
  const channel = process as NodeJS.Process & { send: NonNullable<typeof process.send> }; // forked with a channel
  // A connection may end after the last message.
  const send = (message: WorkerMessage) => {
    if (channel.connected) channel.send(message);
  };
  // Only the supervisor handles signals, though a terminal or a service manager may send them to workers too. Without
  // the supervisor there are no new connections and no responses to forwarded requests.
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
          send({ kind: 'closed', count: 1 }); // it closed in transit
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
  // Node enforces a server's timeouts for slow and idle connections only while it listens.
  await listen(server, join(dirname(privatePath), `${process.pid}.sock`));
  send({ kind: 'ready' });
  await drained.promise;
  const last: WorkerMessage = { kind: 'report', observed: await observed() };
  await new Promise<void>((resolve) => channel.send(last, () => resolve()));
  process.removeAllListeners('disconnect');
  process.disconnect();

  function take(socket: Socket): void {
    connections.add(socket);
    // As for connections that a server accepts: a client may half-close and still get a response.
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

/** Resolves with the first message, `start`. */
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

/** Reports closed connections, several at a time. */
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
