/** Going back: snapshots by name, and the empty store. */
import { type StageRoute, withBody } from '../control-route.ts';

export const snapshotRoutes: readonly StageRoute[] = [
  {
    method: 'GET',
    template: 'snapshots',
    summary: 'The names of the snapshots',
    status: 200,
    answer: ({ stage }) => ({ status: 200, body: { value: stage.snapshots().list() } }),
  },
  withBody('snapshot', {
    method: 'POST',
    template: 'snapshots',
    summary: 'Keeps everything the store holds under a name, in the place of what the name stood for',
    status: 201,
    answer({ stage }, { body: { name } }) {
      stage.snapshots().save(name);
      return { status: 201, body: { name } };
    },
  }),
  withBody('nothing', {
    method: 'POST',
    template: 'snapshots/{name}/restore',
    summary: 'Brings back what the store held',
    status: 204,
    async answer({ stage }, { keys }) {
      await stage.restore(keys[0] ?? '');
      return { status: 204 };
    },
  }),
  {
    method: 'DELETE',
    template: 'snapshots/{name}',
    summary: 'Deletes a snapshot',
    status: 204,
    answer({ stage }, { keys }) {
      stage.deleteSnapshot(keys[0] ?? '');
      return { status: 204 };
    },
  },
  withBody('nothing', {
    method: 'POST',
    template: 'reset',
    summary: 'Empties the store, ends scenarios, and forgets faults, counts and registered clients',
    status: 204,
    async answer({ stage, scenarios, counts }) {
      stage.snapshots(); // throws on another store, before anything ends
      scenarios.stopAll();
      await stage.reset();
      counts.clear();
      return { status: 204 };
    },
  }),
];
