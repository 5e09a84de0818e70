/** Statements of the quarantine, each with its purpose and the index that it uses. */
import { listedFields, quarantineFields } from '../quarantine.ts';
import { selectionOf } from '../table-sql.ts';
import { sqliteDialect } from './dialect.ts';

export const listedPieces = selectionOf(sqliteDialect, listedFields);
export const wholePieces = selectionOf(sqliteDialect, quarantineFields);

export const quarantineStatements = {
  /** Adds a piece unless it is stored already; primary key. */
  addQuarantined: `INSERT INTO quarantine (tenant_no, digest, at_ms, origin, unit, call_id, reason, text, crc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1`,
  /** Returns pieces ordered by time; quarantine_by_time. */
  quarantined: `SELECT ${listedPieces.list}, length(q.text) FROM quarantine q
    WHERE q.tenant_no = ? AND (q.at_ms, q.digest) > (?, ?) ORDER BY q.at_ms, q.digest LIMIT ?`,
  /** Returns the pieces of a call; quarantine_of_call. */
  quarantinedOfCall: `SELECT ${listedPieces.list}, length(q.text) FROM quarantine q
    WHERE q.tenant_no = ? AND q.call_id = ? ORDER BY q.at_ms, q.digest`,
  /** Returns pieces whose digest has this prefix, as a range; primary key. */
  quarantinedPiece: `SELECT ${wholePieces.list} FROM quarantine q
    WHERE q.tenant_no = ?1 AND q.digest >= ?2 AND q.digest < ?2 || 'g' ORDER BY q.digest LIMIT 2`,
  /** Returns every piece, in batches; primary key. */
  everyQuarantined: `SELECT ${wholePieces.list} FROM quarantine q
    WHERE q.tenant_no = ? AND q.digest > ? ORDER BY q.digest LIMIT ?`,
  dropQuarantined: 'DELETE FROM quarantine WHERE tenant_no = ? AND digest = ? RETURNING 1',
  countQuarantined: 'SELECT unit, count(*) FROM quarantine WHERE tenant_no = ? GROUP BY unit',
  /** Deletes the pieces of a call; quarantine_of_call. */
  dropQuarantinedOfCall: 'DELETE FROM quarantine WHERE tenant_no = ? AND call_id = ?',
  /** Deletes old pieces of calls that are not stored; quarantine_by_time, then edition_of_call. */
  dropQuarantinedBefore: `DELETE FROM quarantine AS q
    WHERE q.tenant_no = ? AND q.at_ms < ? AND (q.call_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM edition e WHERE e.tenant_no = q.tenant_no AND e.call_id = q.call_id)) RETURNING 1`,
} as const;
