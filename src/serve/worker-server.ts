/** Creates a worker's server, which answers reads and forwards other requests to the supervisor. */
import type { Server } from 'node:http';
import { createMetrics, type Metrics } from './observe/metrics.ts';
import { createServer } from './http/server.ts';
import type { RequestInterceptor } from './http/request-interceptor.ts';

import { type AnsweringOptions, serverOptionsOf, keysOf } from './server-options.ts';

type WorkerOptions = Omit<AnsweringOptions, 'interceptor'> & {
  readonly interceptor: (metrics: Metrics) => RequestInterceptor;
};

/** Creates a server for the connections that the supervisor passes. It neither listens nor writes to the store. */
export async function createWorkerServer({
  interceptor,
  ...rest
}: WorkerOptions): Promise<{ readonly server: Server; readonly metrics: Metrics }> {
  const { store, clock } = rest;
  const metrics = createMetrics({
    store,
    clock,
    role: 'worker',
    notifications: () => ({}),
    failedFetches: () => rest.verifier.failures(),
    // The supervisor exports these metrics.
    others: () => Promise.resolve([]),
    readiness: () => Promise.resolve({ ready: true, checks: [] }),
    credentials: () => [],
  });
  const options: AnsweringOptions = { ...rest, interceptor: interceptor(metrics) };
  const handshake = () => Promise.reject(new Error('A worker received a request for a change.'));
  const keys = await keysOf(store);
  const { server } = createServer(
    serverOptionsOf(options, { keys, handshake, requiresHttps: true, metrics }),
  );
  return { metrics, server };
}
