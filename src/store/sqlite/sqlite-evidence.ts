/** Reads the evidence of a SQLite store. */
import { verificationCheck, wholeVerification } from '../evidence-rows.ts';
import type { EvidenceStore, Tally } from '../evidence.ts';
import { editionOf, editionWidth, isLogRowWhole, type Row } from '../rows.ts';
import { StoreError, unlessDamaged } from '../store-errors.ts';
import { noTally } from '../tally.ts';
import type { Connection } from './connection.ts';
import { underKeys } from '../under-keys.ts';
import { verification } from './statements.ts';
import { indexMismatches } from './index-mismatches.ts';
import { readCalls } from './stored-calls.ts';

/** Log rows that are read together. */
const logRowsAtOnce = 1000;

/**
 * Creates the evidence.
 *
 * @param tenantNoOf Returns the number of a tenant; `undefined` when the store has no data of it.
 */
export function sqliteEvidence(
  connection: Connection,
  tenantNoOf: (tenantId: string) => number | undefined,
): EvidenceStore {
  const ids = (statement: 'callIds' | 'wantingIds', tenantId: string, after: string, limit: number) =>
    connection.all(statement, tenantNoOf(tenantId) ?? 0, after, limit).map((row) => row[0] as string);
  const newest = (
    statement: 'lackingEditions' | 'oddEditions',
    tenantId: string,
    after: string | undefined,
    limit: number,
  ) =>
    connection.all(statement, tenantNoOf(tenantId) ?? 0, after ?? '', limit).map((row) => {
      const callId = row[editionWidth] as string;
      return { callId, edition: unlessDamaged(() => editionOf(tenantId, callId, row)) };
    });
  return {
    tenants: () => connection.all('tenants').map((row) => row[0] as string),
    stored: () => connection.all('storedTenants').map((row) => row[0] as string),

    changes(tenantId) {
      const [lastEdition = 0, logChanges = 0] = connection.get('changes', tenantNoOf(tenantId) ?? 0) ?? [];
      return { lastEdition: Number(lastEdition), logChanges: Number(logChanges) };
    },

    tally(tenantId): Tally {
      const row = connection.get('tally', tenantNoOf(tenantId) ?? 0) ?? noTally();
      const [calls = 0, editions = 0, participants = 0, incomplete = 0, found = 0, versions = 0, odd = 0] =
        row.map(Number);
      return { calls, editions, versions, participants, incomplete, found, odd };
    },

    calls: (tenantId, after, limit) => ids('callIds', tenantId, after ?? '', limit),
    wanting: (tenantId, after, limit) => ids('wantingIds', tenantId, after ?? '', limit),

    lacking: (tenantId, after, limit) => newest('lackingEditions', tenantId, after, limit),
    odd: (tenantId, after, limit) => newest('oddEditions', tenantId, after, limit),
    newest: (tenantId, callIds) =>
      callIds.flatMap(
        (callId) =>
          unlessDamaged(() =>
            underKeys(callId, (key) => {
              const row = connection.get('latestEdition', tenantNoOf(tenantId) ?? 0, key);
              return row && editionOf(tenantId, key, row);
            }),
          ) ?? [],
      ),

    knows: (tenantId) => tenantNoOf(tenantId) !== undefined,

    editions: (tenantId, callId) =>
      underKeys(callId, (key) => {
        const rows = connection.all('editionsOfCall', tenantNoOf(tenantId) ?? 0, key);
        return rows.length === 0 ? undefined : rows.map((row) => editionOf(tenantId, key, row));
      }) ?? [],

    whole: (tenantId, callIds) =>
      readCalls(connection, { tenantId, tenantNo: tenantNoOf(tenantId) ?? 0 }, callIds),
    misplaced: (tenantId, calls) => indexMismatches(connection, tenantNoOf(tenantId) ?? 0, calls),

    checkLogRows(tenantId) {
      let [count, damaged] = [0, 0];
      for (let after: Row = ['', -(2n ** 63n), '']; ;) {
        const rows = connection.all('everyLogRow', tenantNoOf(tenantId) ?? 0, ...after, logRowsAtOnce);
        count += rows.length;
        damaged += rows.filter((row) => !isLogRowWhole(row)).length;
        const last = rows.at(-1);
        if (last === undefined || rows.length < logRowsAtOnce) return { rows: count, damaged };
        after = [last[0]!, last[1]!, last[4]!];
      }
    },

    lastVerification(tenantId) {
      const row = connection.get('verification', tenantNoOf(tenantId) ?? 0);
      return row && wholeVerification(verification.read(row));
    },

    keepVerification(tenantId, kept) {
      const tenantNo = tenantNoOf(tenantId);
      if (tenantNo === undefined) return;
      const { endedMs, report } = kept;
      const row = { tenant_no: tenantNo, ended_ms: endedMs, report, crc: verificationCheck(kept) };
      connection.transaction(() => connection.write([{ put: 'verification', row }]));
    },

    engineFaults() {
      const faults = connection.all('integrity').map((row) => String(row[0]));
      // A page that could not be read is one of the faults, with its error code.
      const failed = faults.map((fault) => Number(/error code=(\d+)/.exec(fault)?.[1] ?? 0) & 0xff);
      if (failed.some((code) => code === 7 || code === 10))
        throw new StoreError('The store does not respond: the disk reports an input or output error.');
      return faults.filter((fault) => fault !== 'ok').length;
    },
  };
}
