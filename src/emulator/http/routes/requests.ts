/** What was asked of the API. */
import type { ControlRoute } from '../control-route.ts';

export const requestRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'requests',
    summary: "How often each endpoint was asked, and how near that came to Graph's limits",
    status: 200,
    answer: ({ recorder }) => ({ status: 200, body: recorder.report() }),
  },
  {
    method: 'DELETE',
    template: 'requests',
    summary: 'Counts from nothing again',
    status: 204,
    answer({ recorder }) {
      recorder.clear();
      return { status: 204 };
    },
  },
];
