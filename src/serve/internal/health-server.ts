/** Serves `/healthz`, `/readyz` and `/metrics` on a separate port. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../contract/faults.ts';
import type { Readiness } from '../observe/readiness.ts';
import { corsRules } from '../http/cors.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import { healthRoutes } from './health.ts';
import { drain } from '../http/drain.ts';
import { metricsRoutes, type MetricsText, type MetricsToken } from './metrics-route.ts';
import { bindRoutes } from './route.ts';
import { answerInternal, createRouteTable } from './route-table.ts';
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
  const table = createRouteTable([
    ...bindRoutes(healthRoutes, { readiness }),
    ...bindRoutes(metricsRoutes, { metrics, metricsToken }),
  ]);
  const { server, connections } = createServer({
    routeOf(target) {
      const found = table.find(target.path);
      return {
        template: found?.template ?? 'other',
        answer(exchange) {
          if (found === undefined)
            throw new Fault('pageMissing', 'Not found. This port serves /healthz, /readyz and /metrics.');
          return answerInternal(found, exchange, target, '');
        },
      };
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
