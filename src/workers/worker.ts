/** A worker's side: takes connections from the supervisor, does what it is asked, and ends when it is told or alone. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { drain } from '../http/drain.ts';
import type { ObservedRequests } from '../http/metrics.ts';
import { MetRequestLog } from '../http/stage/met-requests.ts';
import type { Clock } from '../clock.ts';
import { createForward, type Forward } from './forwarding.ts';
import type { Said, Told, WorkerReport } from './messages.ts';

/** What a worker answers with. */
export interface WorkerParts {
  readonly forward: Forward;
  readonly isAlone: () => boolean;
  /** Where requests are noted that a stage is to count. */
  readonly met: MetRequestLog;
}

export interface WorkerServer extends AsyncDisposable {
  /** Does not listen for clients: connections are handed to it. */
  readonly server: Server;
  readonly observed: () => Promise<ObservedRequests>;
}

/** Requests noted before they are told unasked: a minute or two of memory is not to be spent on them. */
const mostMet = 10_000;

/** @param create Makes the server as the supervisor says. Resolves when the worker is to end. */
export async function runWorker(
  clock: Clock,
  create: (configuration: object, parts: WorkerParts) => Promise<WorkerServer>,
): Promise<void> {
  const channel = process as NodeJS.Process & { send: NonNullable<typeof process.send> }; // forked with a channel
  // A connection may end after the last word was said.
  const say = (said: Said) => {
    if (channel.connected) channel.send(said);
  };
  // Signals are for the supervisor, whom a terminal or a service manager may send them with us; without it there is
  // nobody to hand us anything, or to answer what we may not.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(1));
  const met = new MetRequestLog(clock.now, mostMet, (full) => say({ kind: 'met', met: full }));
  const start = await told('start');
  let isAlone = false;
  await using made = await create(start.configuration, {
    forward: createForward(start.privatePath),
    isAlone: () => isAlone,
    met,
  });
  const { server, observed } = made;
  const report = async (): Promise<WorkerReport> => ({ observed: await observed(), met: met.take() });
  const connections = trackConnections((count) => say({ kind: 'closed', count }));
  const drained = Promise.withResolvers<undefined>();
  process.on('message', (message: Told, socket?: Socket) => {
    switch (message.kind) {
      case 'connection':
        say({ kind: 'taken' });
        if (socket === undefined)
          say({ kind: 'closed', count: 1 }); // it ended on its way here
        else take(socket);
        return;
      case 'alone':
        ({ isAlone } = message);
        say({ kind: 'done', number: message.number });
        return;
      case 'report':
        void report().then((made) => say({ kind: 'done', number: message.number, report: made }));
        return;
      case 'drain':
        void drain(server, connections.all).then(() => drained.resolve(undefined));
        return;
      case 'start':
        return;
    }
  });
  // Node watches over slow and idle connections of a server only while it listens somewhere.
  await listen(server, join(dirname(start.privatePath), `${process.pid}.sock`));
  say({ kind: 'ready' });
  await drained.promise;
  await new Promise<void>((resolve) => {
    void report().then((last) =>
      channel.send({ kind: 'ended', report: last } satisfies Said, () => resolve()),
    );
  });
  process.removeAllListeners('disconnect');
  process.disconnect();

  function take(socket: Socket): void {
    connections.add(socket);
    // As the server has it for connections of its own: a client may end its side and still be answered.
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

function told<Kind extends Told['kind']>(kind: Kind): Promise<Extract<Told, { kind: Kind }>> {
  return new Promise((resolve) => {
    const hear = (message: Told) => {
      if (message.kind !== kind) return;
      process.off('message', hear);
      resolve(message as Extract<Told, { kind: Kind }>); // of this kind
    };
    process.on('message', hear);
  });
}

/** Tells of the ends of connections, several at a time. */
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
