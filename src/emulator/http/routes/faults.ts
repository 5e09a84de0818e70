/** Scripted faults. */
import { Fault } from '../../../contract/faults.ts';
import { type StageRoute, withBody } from '../control-route.ts';

export const faultRoutes: readonly StageRoute[] = [
  {
    method: 'GET',
    template: 'faults',
    summary: 'The scripted faults, and how often each was met',
    status: 200,
    answer: ({ stage }) => ({ status: 200, body: { value: stage.faults.list() } }),
  },
  withBody('faults', {
    method: 'POST',
    template: 'faults',
    summary: 'Adds a fault, or several',
    status: 201,
    answer({ stage }, { body }) {
      const rules = Array.isArray(body) ? body : [body];
      return { status: 201, body: { value: rules.map((rule) => stage.faults.add(rule)) } };
    },
  }),
  {
    method: 'DELETE',
    template: 'faults',
    summary: 'Takes all faults away',
    status: 204,
    answer({ stage }) {
      stage.faults.clear();
      return { status: 204 };
    },
  },
  {
    method: 'DELETE',
    template: 'faults/{id}',
    summary: 'Takes one fault away',
    status: 204,
    answer({ stage }, { keys: [id = ''] }) {
      if (!stage.faults.remove(id))
        throw new Fault('pageMissing', `There is no fault '${id}'. GET faults lists them.`);
      return { status: 204 };
    },
  },
];
