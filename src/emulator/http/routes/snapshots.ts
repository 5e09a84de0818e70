/** Saves and restores snapshots, and resets the emulator. */
import { type ControlRoute, withBody } from '../control-route.ts';

export const snapshotRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'snapshots',
    summary: 'Returns the names of the snapshots',
    status: 200,
    answer: ({ emulator }) => ({ status: 200, body: { value: emulator.snapshots().list() } }),
  },
  withBody('snapshot', {
    method: 'POST',
    template: 'snapshots',
    summary: 'Saves the content of the store under a name, replacing an earlier snapshot of that name',
    status: 201,
    answer({ emulator }, { body: { name } }) {
      emulator.snapshots().save(name);
      return { status: 201, body: { name } };
    },
  }),
  withBody('nothing', {
    method: 'POST',
    template: 'snapshots/{name}/restore',
    summary: 'Restores a snapshot',
    status: 204,
    async answer({ emulator }, { keys }) {
      await emulator.restore(keys[0] ?? '');
      return { status: 204 };
    },
  }),
  {
    method: 'DELETE',
    template: 'snapshots/{name}',
    summary: 'Deletes a snapshot',
    status: 204,
    answer({ emulator }, { keys }) {
      emulator.deleteSnapshot(keys[0] ?? '');
      return { status: 204 };
    },
  },
  withBody('nothing', {
    method: 'POST',
    template: 'reset',
    summary: 'Clears the store, faults, recorded requests and registered clients, and ends scenarios',
    status: 204,
    async answer({ emulator, scenarios, recorder }) {
      emulator.snapshots(); // throws on another store, before anything ends
      scenarios.stopAll();
      await emulator.reset();
      recorder.clear();
      return { status: 204 };
    },
  }),
];
