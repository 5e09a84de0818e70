/** Scenarios that are played. */
import { type ControlRoute, withBody } from '../control-route.ts';

export const scenarioRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'scenarios',
    summary: 'The scenarios, and how far each is',
    status: 200,
    answer: ({ scenarios }) => ({ status: 200, body: { value: scenarios.list() } }),
  },
  withBody('scenario', {
    method: 'POST',
    template: 'scenarios',
    summary: 'Plays a scenario; answers when the steps that are due at once are done',
    status: 201,
    answer: async ({ scenarios }, { body }) => ({ status: 201, body: await scenarios.start(body) }),
  }),
  {
    method: 'GET',
    template: 'scenarios/{id}',
    summary: 'How far a scenario is, and which step failed',
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
