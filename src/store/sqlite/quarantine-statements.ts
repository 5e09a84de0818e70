/** Statements about what could not be stored where it stood: the question of each, and the index it rides on. */
import { listedFields, quarantineFields } from '../quarantine.ts';
import { selectionOf } from '../table-sql.ts';
import { sqliteDialect } from './dialect.ts';

export const listedPieces = selectionOf(sqliteDialect, listedFields);
export const wholePieces = selectionOf(sqliteDialect, quarantineFields);

export const quarantineStatements = {
  /** Primary key; the piece that is there already stays. */
  addQuarantined: `INSERT INTO quarantine (tenant_no, digest, at_ms, origin, unit, call_id, reason, text, crc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1`,
  /** Pieces in the order of time; quarantine_by_time. */
  quarantined: `SELECT ${listedPieces.list}, length(q.text) FROM quarantine q
    WHERE q.tenant_no = ? AND (q.at_ms, q.digest) > (?, ?) ORDER BY q.at_ms, q.digest LIMIT ?`,
  /** Those of a call; quarantine_of_call. */
  quarantinedOfCall: `SELECT ${listedPieces.list}, length(q.text) FROM quarantine q
    WHERE q.tenant_no = ? AND q.call_id = ? ORDER BY q.at_ms, q.digest`,
  /** Those whose digest begins so: up to the first that cannot; primary key. */
  quarantinedPiece: `SELECT ${wholePieces.list} FROM quarantine q
    WHERE q.tenant_no = ?1 AND q.digest >= ?2 AND q.digest < ?2 || 'g' ORDER BY q.digest LIMIT 2`,
  /** Every piece, some at a time; primary key. */
  everyQuarantined: `SELECT ${wholePieces.list} FROM quarantine q
    WHERE q.tenant_no = ? AND q.digest > ? ORDER BY q.digest LIMIT ?`,
  dropQuarantined: 'DELETE FROM quarantine WHERE tenant_no = ? AND digest = ? RETURNING 1',
  countQuarantined: 'SELECT unit, count(*) FROM quarantine WHERE tenant_no = ? GROUP BY unit',
  /** quarantine_of_call. */
  dropQuarantinedOfCall: 'DELETE FROM quarantine WHERE tenant_no = ? AND call_id = ?',
  /** Those of no call that is stored; quarantine_by_time, then edition_of_call. */
  dropQuarantinedBefore: `DELETE FROM quarantine AS q
    WHERE q.tenant_no = ? AND q.at_ms < ? AND (q.call_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM edition e WHERE e.tenant_no = q.tenant_no AND e.call_id = q.call_id)) RETURNING 1`,
} as const;
