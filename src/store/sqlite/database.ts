/** Runs tasks of both engines on a SQLite store, each within one turn of the event loop. */
import { editionOf, editionWidth } from '../rows.ts';
import { all, type CallWriter, type Database, type EngineColumns } from '../steps.ts';
import { indexAndCount } from '../edition-decisions.ts';
import type { ListedOf } from '../subscription-store.ts';
import { noTally } from '../tally.ts';
import { addEdition } from './add-edition.ts';
import type { Connection } from './connection.ts';
import type { SqliteSearch } from './sqlite-search.ts';
import type { Tenants } from './tenants.ts';

export const sqliteColumns: EngineColumns = {
  ...{ callWidth: 1, editionWidth, editionOf },
  callOf: (row, at = 0) => row[at] as string,
  editionPlace: (_tenantNo, _callId, { edition }) => [edition],
  listPlace: (tenantNo, _callId, list) => [tenantNo, list],
};

export function sqliteDatabase(connection: Connection, tenants: Tenants, search: SqliteSearch): Database {
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
    writeCalls(tenantNo, steps) {
      const { result, entries } = connection.transaction(() => {
        const entries = search.writer(tenantNo);
        const tally = noTally();
        const writer: CallWriter = {
          get lastEdition() {
            return Number(connection.get('lastEditionNo')?.[0] ?? 0);
          },
          add(decided) {
            addEdition(connection, tenantNo, decided.written);
            indexAndCount(decided, entries, tally);
          },
        };
        const result = connection.runSteps(steps(writer));
        if (tally[1] !== 0) {
          connection.run('addTally', tenantNo, ...tally);
          connection.run('noteEdition', writer.lastEdition, tenantNo);
        }
        entries.flush();
        return { result, entries };
      });
      entries.remember();
      return result;
    },
    columns: sqliteColumns,
  };
}

export const listedOf: ListedOf = function* (tenantNo, call, ids, starts) {
  const texts = [JSON.stringify(ids), `[${starts.join()}]`] as const;
  const rows = yield* all('listsWithParticipants', ...texts, tenantNo, call);
  return rows.map(([id, list]) => ({ id: id as string, list: Number(list) }));
};
