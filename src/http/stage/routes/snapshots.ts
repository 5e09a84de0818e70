/** Going back: snapshots by name, and the empty store. */
import { checkSnapshotName } from '../../../store/snapshots.ts';
import { type StageRoute, withBody } from '../route.ts';

export const snapshotRoutes: readonly StageRoute[] = [
  {
    method: 'GET',
    template: 'snapshots',
    summary: 'The names of the snapshots',
    status: 200,
    answer: async ({ stage }) => ({ status: 200, body: { value: await stage.snapshots() } }),
  },
  withBody('snapshot', {
    method: 'POST',
    template: 'snapshots',
    summary: 'Keeps everything the store holds under a name, in the place of what the name stood for',
    status: 201,
    async answer({ stage }, { body: { name } }) {
      await stage.save(name);
      return { status: 201, body: { name } };
    },
  }),
  withBody('nothing', {
    method: 'POST',
    template: 'snapshots/{name}/restore',
    summary: 'Brings back what the store held',
    status: 204,
    async answer({ stage }, { keys }) {
      await stage.restore(nameIn(keys));
      return { status: 204 };
    },
  }),
  {
    method: 'DELETE',
    template: 'snapshots/{name}',
    summary: 'Deletes a snapshot',
    status: 204,
    async answer({ stage }, { keys }) {
      await stage.deleteSnapshot(nameIn(keys));
      return { status: 204 };
    },
  },
  withBody('nothing', {
    method: 'POST',
    template: 'reset',
    summary: 'Empties the store, ends scenarios, and forgets faults, counts and registered clients',
    status: 204,
    async answer({ stage, scenarios, counts }) {
      scenarios.stopAll();
      await stage.reset();
      counts.clear();
      return { status: 204 };
    },
  }),
];

/** @throws Fault `badStage` for what is no name: a path, above all */
function nameIn([name = '']: readonly string[]): string {
  checkSnapshotName(name);
  return name;
}
