/** Runs tasks of both engines on a PostgreSQL store. */
import { all, type Database } from '../steps.ts';
import type { ListedOf } from '../subscription-store.ts';
import type { Connection } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyName, keyOf } from './keys.ts';
import type { Tenants } from './tenants.ts';

export function postgresDatabase(connection: Connection, tenants: Tenants): Database {
  const numberOf = async (tenantId: string) => (await tenants.numberOf(tenantId)) ?? 0;
  return {
    read: (steps) => connection.runSteps(steps()),
    readOf: async (tenantId, steps) => connection.runSteps(steps(await numberOf(tenantId))),
    write: (steps) => connection.transaction((transaction) => transaction.runSteps(steps())),
    async writeOf(tenantId, steps) {
      const tenantNo = await numberOf(tenantId);
      return connection.transaction((transaction) => transaction.runSteps(steps(tenantNo)));
    },
    async addTo(tenantId, steps) {
      const tenantNo = await tenants.add(tenantId);
      return connection.transaction((transaction) => transaction.runSteps(steps(tenantNo)));
    },
    columns: {
      callWidth: 2,
      editionWidth: 1,
      callOf: (row, at = 0) => idOf(row[at] as Buffer, (row[at + 1] as Buffer | null | undefined) ?? null),
      editionOf: (tenantId, callId, [text]) => editionFrom(tenantId, callId, text),
    },
  };
}

export const listedOf: ListedOf = function* (tenantNo, call, ids, starts) {
  const idOfKey = new Map(ids.map((id) => [keyName(keyOf(id)), id]));
  const rows = yield* all('listsWithParticipants', tenantNo, { keys: ids }, `{${starts.join()}}`, call);
  return rows.map(([key, list]) => ({ id: idOfKey.get(keyName(key))!, list: Number(list) })); // it is one of the requested ids
};
