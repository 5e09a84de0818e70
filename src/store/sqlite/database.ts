/** Runs tasks of both engines on a SQLite store, each within one turn of the event loop. */
import { editionOf, editionWidth } from '../rows.ts';
import { all, type Database } from '../steps.ts';
import type { ListedOf } from '../subscription-store.ts';
import type { Connection } from './connection.ts';
import type { Tenants } from './tenants.ts';

export function sqliteDatabase(connection: Connection, tenants: Tenants): Database {
  return {
    read: (steps) => connection.runSteps(steps()),
    readOf: (tenantId, steps) => connection.runSteps(steps(tenants.numberOf(tenantId) ?? 0)),
    write: (steps) => connection.transaction(() => connection.runSteps(steps())),
    writeOf(tenantId, steps) {
      const tenantNo = tenants.numberOf(tenantId) ?? 0;
      return connection.transaction(() => connection.runSteps(steps(tenantNo)));
    },
    addTo: (tenantId, steps) =>
      connection.transaction(() => connection.runSteps(steps(tenants.add(tenantId)))),
    columns: { callWidth: 1, editionWidth, callOf: (row, at = 0) => row[at] as string, editionOf },
  };
}

export const listedOf: ListedOf = function* (tenantNo, call, ids, starts) {
  const texts = [JSON.stringify(ids), `[${starts.join()}]`] as const;
  const rows = yield* all('listsWithParticipants', ...texts, tenantNo, call);
  return rows.map(([id, list]) => ({ id: id as string, list: Number(list) }));
};
