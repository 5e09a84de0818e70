/** What a SQLite store tells of itself. */
import type { EvidenceStore, Recorded, Tally } from '../evidence.ts';
import type { Connection } from './connection.ts';
import { editionOf } from '../rows.ts';

/** @param tenantNoOf Number of a tenant; `undefined` when the store has none of it. */
export function sqliteEvidence(
  connection: Connection,
  tenantNoOf: (tenantId: string) => number | undefined,
): EvidenceStore {
  const ids = (statement: 'callIds' | 'wantingIds', tenantId: string, after: string, limit: number) =>
    connection.all(statement, tenantNoOf(tenantId) ?? 0, after, limit).map((row) => row[0] as string);
  return {
    tenants: () => connection.all('tenants').map((row) => row[0] as string),

    tally(tenantId): Tally {
      const row = connection.get('tally', tenantNoOf(tenantId) ?? 0) ?? [0, 0, 0, 0, 0, 0];
      const [calls, editions, participants, incomplete, found, versions] = row as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return { calls, editions, versions, participants, incomplete, found };
    },

    calls: (tenantId, after, limit) => ids('callIds', tenantId, after ?? '', limit),
    wanting: (tenantId, after, limit) => ids('wantingIds', tenantId, after ?? '', limit),

    editions: (tenantId, callId) =>
      connection
        .all('editionsOfCall', tenantNoOf(tenantId) ?? 0, callId)
        .map((row) => editionOf(tenantId, callId, row)),

    recorded(edition): Recorded {
      const row = connection.get('recorded', edition.edition)!; // the edition was read from this store
      const before = row[3] as Uint8Array | null;
      return {
        headDigest: row[0] as string,
        participantsDigest: (row[1] as string | null) ?? undefined,
        sessionsDigest: (row[2] as string | null) ?? undefined,
        item: before === null ? undefined : { before, after: (row[4] as Uint8Array | null) ?? undefined },
      };
    },

    lastVerification(tenantId) {
      const row = connection.get('verification', tenantNoOf(tenantId) ?? 0);
      return row && { endedMs: row[0] as number, report: row[1] as string };
    },

    keepVerification(tenantId, { endedMs, report }) {
      const tenantNo = tenantNoOf(tenantId);
      if (tenantNo !== undefined)
        connection.transaction(() => connection.run('keepVerification', tenantNo, endedMs, report));
    },

    engineFaults: () => connection.all('integrity').filter((row) => row[0] !== 'ok').length,
  };
}
