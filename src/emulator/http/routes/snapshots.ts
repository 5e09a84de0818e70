/** Going back: snapshots by name, and the empty store. */
import { type ControlRoute, withBody } from '../control-route.ts';

export const snapshotRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'snapshots',
    summary: 'The names of the snapshots',
    status: 200,
    answer: ({ emulator }) => ({ status: 200, body: { value: emulator.snapshots().list() } }),
  },
  withBody('snapshot', {
    method: 'POST',
    template: 'snapshots',
    summary: 'Keeps everything the store holds under a name, in the place of what the name stood for',
    status: 201,
    answer({ emulator }, { body: { name } }) {
      emulator.snapshots().save(name);
      return { status: 201, body: { name } };
    },
  }),
  withBody('nothing', {
    method: 'POST',
    template: 'snapshots/{name}/restore',
    summary: 'Brings back what the store held',
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
    summary: 'Empties the store, ends scenarios, and forgets faults, counts and registered clients',
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
