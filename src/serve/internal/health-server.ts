/** A server of nothing but `/healthz`, `/readyz` and `/metrics`, on a port of its own. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../contract/faults.ts';
import type { Readiness } from '../observe/readiness.ts';
import { corsRules } from '../http/cors.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import { healthPaths } from './health.ts';
import { drain } from '../http/drain.ts';
import { answerMetrics, type MetricsText, type MetricsToken } from './metrics-route.ts';
import { createServer } from '../http/server.ts';

interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: MetricsText;
  readonly metricsToken: MetricsToken;
  readonly onDefect: OnDefect;
}

export interface HealthServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { host, port, clock, readiness, metrics, metricsToken, onDefect } = options;
  const paths = healthPaths(readiness);
  const { server, connections } = createServer({
    handle(exchange) {
      const [path = ''] = (exchange.request.url ?? '').split('?', 1);
      if (path === '/metrics') return answerMetrics(exchange, metrics, metricsToken);
      const answered = paths(exchange, path);
      if (answered === undefined)
        throw new Fault('pageMissing', 'Here are /healthz, /readyz and /metrics alone.');
      return answered;
    },
    challenge: '',
    cors: corsRules([]),
    tls: undefined,
    clock: clock.now,
    onDefect,
    onAnswered: () => undefined,
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    stop: () => drain(server, connections),
  };
}
