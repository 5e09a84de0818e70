/** Lists, adds and removes scripted faults. */
import { Fault } from '../../../contract/faults.ts';
import { type ControlRoute, withBody } from '../control-route.ts';

export const faultRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'faults',
    summary: 'Returns the scripted faults, and how often each was injected',
    status: 200,
    answer: ({ emulator }) => ({ status: 200, body: { value: emulator.faults.list() } }),
  },
  withBody('faults', {
    method: 'POST',
    template: 'faults',
    summary: 'Adds a fault, or several',
    status: 201,
    answer({ emulator }, { body }) {
      const rules = Array.isArray(body) ? body : [body];
      return { status: 201, body: { value: rules.map((rule) => emulator.faults.add(rule)) } };
    },
  }),
  {
    method: 'DELETE',
    template: 'faults',
    summary: 'Removes all faults',
    status: 204,
    answer({ emulator }) {
      emulator.faults.clear();
      return { status: 204 };
    },
  },
  {
    method: 'DELETE',
    template: 'faults/{id}',
    summary: 'Removes one fault',
    status: 204,
    answer({ emulator }, { keys: [id = ''] }) {
      if (!emulator.faults.remove(id))
        throw new Fault('pageMissing', `There is no fault '${id}'. GET faults lists them.`);
      return { status: 204 };
    },
  },
];
