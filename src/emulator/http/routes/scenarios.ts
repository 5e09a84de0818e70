/** Starts, lists and ends scenarios. */
import { type ControlRoute, withBody } from '../control-route.ts';

export const scenarioRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'scenarios',
    summary: 'Returns the scenarios and their progress',
    status: 200,
    answer: ({ scenarios }) => ({ status: 200, body: { value: scenarios.list() } }),
  },
  withBody('scenario', {
    method: 'POST',
    template: 'scenarios',
    summary: 'Runs a scenario; answers when its first due steps are done',
    status: 201,
    answer: async ({ scenarios }, { body }) => ({ status: 201, body: await scenarios.start(body) }),
  }),
  {
    method: 'GET',
    template: 'scenarios/{id}',
    summary: 'Returns the progress of a scenario, and the step that failed',
    status: 200,
    answer: ({ scenarios }, { keys: [id = ''] }) => ({ status: 200, body: scenarios.get(id) }),
  },
  {
    method: 'DELETE',
    template: 'scenarios/{id}',
    summary: 'Ends a scenario before its next step',
    status: 204,
    async answer({ scenarios }, { keys: [id = ''] }) {
      await scenarios.stop(id);
      return { status: 204 };
    },
  },
];
