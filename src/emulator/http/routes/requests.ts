/** What was asked of the API. */
import type { StageRoute } from '../control-route.ts';

export const requestRoutes: readonly StageRoute[] = [
  {
    method: 'GET',
    template: 'requests',
    summary: "How often each endpoint was asked, and how near that came to Graph's limits",
    status: 200,
    answer: ({ counts }) => ({ status: 200, body: counts.report() }),
  },
  {
    method: 'DELETE',
    template: 'requests',
    summary: 'Counts from nothing again',
    status: 204,
    answer({ counts }) {
      counts.clear();
      return { status: 204 };
    },
  },
];
