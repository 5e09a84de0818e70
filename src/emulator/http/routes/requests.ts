/** Shows and clears the recorded requests. */
import type { ControlRoute } from '../control-route.ts';

export const requestRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'requests',
    summary: "Returns the number of requests to each endpoint, and how near they came to Graph's limits",
    status: 200,
    answer: ({ recorder }) => ({ status: 200, body: recorder.report() }),
  },
  {
    method: 'DELETE',
    template: 'requests',
    summary: 'Clears the recorded requests',
    status: 204,
    answer({ recorder }) {
      recorder.clear();
      return { status: 204 };
    },
  },
];
