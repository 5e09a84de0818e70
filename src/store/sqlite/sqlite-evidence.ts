/** Does what the evidence of a SQLite store needs from the engine. */
import { createEvidence } from '../evidence-store.ts';
import type { EvidenceStore } from '../evidence.ts';
import type { Database } from '../steps.ts';
import { StoreError } from '../store-errors.ts';
import type { Connection } from './connection.ts';
import { indexMismatches } from './index-mismatches.ts';
import { readCalls } from './stored-calls.ts';
import type { Tenants } from './tenants.ts';

export function sqliteEvidence(database: Database, connection: Connection, tenants: Tenants): EvidenceStore {
  const numberOf = (tenantId: string) => tenants.numberOf(tenantId) ?? 0;
  return createEvidence(database, {
    knows: (tenantId) => tenants.numberOf(tenantId) !== undefined,
    whole: (tenantId, callIds) => readCalls(connection, { tenantId, tenantNo: numberOf(tenantId) }, callIds),
    misplaced: (tenantId, calls) => indexMismatches(connection, numberOf(tenantId), calls),

    engineFaults() {
      const faults = connection.all('integrity').map((row) => String(row[0]));
      // A page that could not be read is one of the faults, with its error code.
      const failed = faults.map((fault) => Number(/error code=(\d+)/.exec(fault)?.[1] ?? 0) & 0xff);
      if (failed.some((code) => code === 7 || code === 10))
        throw new StoreError('The store does not respond: the disk reports an input or output error.');
      return faults.filter((fault) => fault !== 'ok').length;
    },
  });
}
