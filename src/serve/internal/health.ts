/** Answers `GET /healthz` while the process runs, and `GET /readyz` with the result of each readiness check. */
import type { Readiness } from '../observe/readiness.ts';
import { refusals, success } from '../openapi/paths.ts';
import { closed, listOf, reference, text, yesOrNo } from '../openapi/schemas.ts';
import { jsonAnswer, textAnswer } from './json-response.ts';
import type { InternalRoute } from './route.ts';

export interface HealthParts {
  readonly readiness: () => Promise<Readiness>;
}

const plainText = { content: { 'text/plain': { schema: text } } };

export const healthRoutes: readonly InternalRoute<HealthParts>[] = [
  {
    method: 'GET',
    path: '/healthz',
    permission: 'none',
    // Does not check the store: restarting the process does not repair its store.
    handler: () => textAnswer('ok\n'),
    openapi: {
      operationId: 'liveness',
      summary: 'Check that the process runs',
      description: 'For a liveness probe. It does not depend on the store.',
      responses: { 200: { description: 'The process runs.', ...plainText }, 400: refusals[400] },
    },
  },
  {
    method: 'GET',
    path: '/readyz',
    permission: 'none',
    async handler({ readiness }) {
      const found = await readiness();
      return jsonAnswer(JSON.stringify(found), { status: found.ready ? 200 : 503 });
    },
    openapi: {
      operationId: 'readiness',
      summary: 'Check that the server can answer requests',
      description: 'For a readiness probe: each check, its state, and what to do about it.',
      responses: {
        200: success('application/json', reference('schemas', 'readiness')),
        400: refusals[400],
        503: {
          description: 'A check failed: the server cannot answer requests, or not completely.',
          content: { 'application/json': { schema: reference('schemas', 'readiness') } },
        },
      },
      schemas: {
        readiness: closed({
          ready: yesOrNo,
          checks: listOf(closed({ about: text, state: text, says: text, remedy: text }, ['remedy'])),
        }),
      },
    },
  },
];
