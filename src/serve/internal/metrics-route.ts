/** Answers `GET /metrics` in the Prometheus format: to every client of the port, or to those that send a token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyOf } from '../../graph/exchange.ts';
import { text as textSchema } from '../openapi/schemas.ts';
import { textAnswer } from './json-response.ts';
import type { InternalRoute } from './route.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly text: () => Promise<string>;
}

/** Reads the token that a scraper must send; absent when none is required. @throws Fault `unavailable` */
export type MetricsToken = (() => Promise<string>) | undefined;

const challenge = 'Bearer realm="rollcall metrics"';

export interface MetricsParts {
  readonly metrics: MetricsText;
  readonly metricsToken: MetricsToken;
}

export const metricsRoutes: readonly InternalRoute<MetricsParts>[] = [
  {
    method: 'GET',
    path: '/metrics',
    permission: 'metricsToken',
    isForSupervisor: true, // sums up all workers
    async handler({ metrics, metricsToken }, { exchange: { request } }) {
      if (metricsToken !== undefined && !hasToken(request.headers.authorization, await metricsToken())) {
        const refused = textAnswer(
          'Send the token that --metrics-token-file names: Authorization: Bearer TOKEN.\n',
          401,
        );
        return { ...refused, headers: ['WWW-Authenticate', challenge, ...refused.headers] };
      }
      const body = bodyOf(Buffer.from(await metrics.text()));
      return { status: 200, headers: ['Content-Type', metrics.contentType], body };
    },
    openapi: {
      operationId: 'metrics',
      summary: 'Get metrics for Prometheus',
      description:
        'Metrics of the server and its store, without personal data. With --health-port, on that port only.',
      responses: {
        200: { description: 'The metrics.', content: { 'text/plain': { schema: textSchema } } },
        401: {
          description: 'The token is missing or wrong: --metrics-token-file names the file that holds it.',
          content: { 'text/plain': { schema: textSchema } },
        },
      },
    },
  },
];

/** Compares tokens in constant time for a given length. */
function hasToken(authorization = '', token: string): boolean {
  const [, sent] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return sent !== undefined && timingSafeEqual(digest(sent), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
