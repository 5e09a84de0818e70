/** Runs tasks of both engines on a PostgreSQL store. */
import { all, type CallWriter, type Database, type EngineColumns } from '../steps.ts';
import { indexAndCount } from '../edition-decisions.ts';
import type { ListedOf } from '../subscription-store.ts';
import { noTally } from '../tally.ts';
import { EditionWriter } from './add-editions.ts';
import type { Connection } from './connection.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyName, keyOf } from './keys.ts';
import type { PostgresSearch } from './postgres-search.ts';
import type { Tenants } from './tenants.ts';

export const postgresColumns: EngineColumns = {
  ...{ callWidth: 2, editionWidth: 1 },
  callOf: (row, at = 0) => idOf(row[at] as Buffer, (row[at + 1] as Buffer | null | undefined) ?? null),
  editionOf: (tenantId, callId, [text]) => editionFrom(tenantId, callId, text),
  editionPlace: (tenantNo, callId, { version, edition }) => [tenantNo, { key: callId }, version, edition],
  listPlace: (tenantNo, callId, list) => [tenantNo, { key: callId }, list],
};

export function postgresDatabase(connection: Connection, tenants: Tenants, search: PostgresSearch): Database {
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
    async writeCalls(tenantNo, steps) {
      const { result, entries } = await connection.transaction(async (transaction) => {
        const lock = (await transaction.get('lockTenant', tenantNo))!; // the tenant has a row
        const entries = search.writer(transaction, tenantNo, lock);
        const editions = new EditionWriter(transaction, tenantNo);
        const tally = noTally();
        let lastEdition = Number(lock[0]);
        const writer: CallWriter = {
          get lastEdition() {
            return lastEdition;
          },
          add(decided) {
            lastEdition = decided.written.edition.edition;
            editions.add(decided.written);
            indexAndCount(decided, entries, tally);
          },
        };
        const result = await transaction.runSteps(steps(writer));
        await editions.flush();
        await entries.flush();
        if (tally[1] !== 0) await transaction.run('addTally', tenantNo, lastEdition, ...tally);
        return { result, entries };
      });
      entries.remember();
      return result;
    },
    columns: postgresColumns,
  };
}

export const listedOf: ListedOf = function* (tenantNo, call, ids, starts) {
  const idOfKey = new Map(ids.map((id) => [keyName(keyOf(id)), id]));
  const rows = yield* all('listsWithParticipants', tenantNo, { keys: ids }, `{${starts.join()}}`, call);
  return rows.map(([key, list]) => ({ id: idOfKey.get(keyName(key))!, list: Number(list) })); // it is one of the requested ids
};
