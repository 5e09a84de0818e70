/** Runs a worker with short limits for its clients, so that tests do not wait for the usual ones. */
import { systemClock } from '../../src/base/clock.ts';
import type { HttpLimits } from '../../src/graph/limits.ts';
import { readBody } from '../../src/graph/read-body.ts';
import { createServer, type ServedRoute, type ServerOptions } from '../../src/serve/http/server.ts';
import { send } from '../../src/graph/exchange.ts';
import { runWorker } from '../../src/serve/workers/worker.ts';

/** More than both sides can buffer. */
export const largeBytes = 64 * 2 ** 20;

/** Reads a body and responds; with a large response when the path requests it. */
export function limitedServer(limits: Partial<HttpLimits>, onAnswered: ServerOptions['onAnswered']) {
  const large = [Buffer.alloc(largeBytes)];
  const route: ServedRoute = {
    template: 'other',
    async answer(exchange) {
      const { url, method } = exchange.request;
      if (method === 'POST') await readBody(exchange.request, 1000);
      send(exchange, { status: 200, headers: [], body: url === '/large' ? large : 'well' });
    },
  };
  return createServer({
    routeOf: () => route,
    challenge: '',
    cors: () => [],
    tls: undefined,
    clock: systemClock.now,
    limits,
    onAnswered,
    onDefect(error) {
      throw error;
    },
  });
}

if (process.send !== undefined && process.argv[1] === import.meta.filename)
  await runWorker((limits) =>
    Promise.resolve({
      server: limitedServer(limits, () => undefined).server,
      observed: () => Promise.resolve([]),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  );
