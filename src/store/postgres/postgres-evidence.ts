/** Does what the evidence of a PostgreSQL store needs from the engine. */
import { createEvidence } from '../evidence-store.ts';
import type { EvidenceStore } from '../evidence.ts';
import type { Database } from '../steps.ts';
import type { Connection } from './connection.ts';
import { indexMismatches } from './index-mismatches.ts';
import { readCalls } from './stored-calls.ts';
import type { Tenants } from './tenants.ts';

export function postgresEvidence(
  database: Database,
  connection: Connection,
  tenants: Tenants,
): EvidenceStore {
  const numberOf = async (tenantId: string) => (await tenants.numberOf(tenantId)) ?? 0;
  return createEvidence(database, {
    knows: async (tenantId) => (await tenants.numberOf(tenantId)) !== undefined,
    whole: async (tenantId, callIds) =>
      readCalls(connection, { tenantId, tenantNo: await numberOf(tenantId) }, callIds),
    misplaced: async (tenantId, calls) => indexMismatches(connection, await numberOf(tenantId), calls),
    engineFaults: async () => Number((await connection.get('checksumFailures'))?.[0] ?? 0),
  });
}
