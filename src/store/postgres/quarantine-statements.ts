/** Statements of the quarantine, each with its purpose and the index that it uses. */
import { listedFields, quarantineFields } from '../quarantine.ts';
import { selectionOf } from '../table-sql.ts';
import { postgresDialect } from './dialect.ts';

export const listedPieces = selectionOf(postgresDialect, listedFields);
export const wholePieces = selectionOf(postgresDialect, quarantineFields);

export const quarantineStatements = {
  /** Adds a piece unless it is stored already; primary key. */
  addQuarantined: `INSERT INTO rollcall.quarantine
      (tenant_no, digest, at_ms, origin, unit, call_key, long_id, reason, text, crc)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING 1`,
  /** Returns pieces ordered by time; quarantine_by_time. */
  quarantined: `SELECT ${listedPieces.list}, length(q.text) FROM rollcall.quarantine q
    WHERE q.tenant_no = $1 AND (q.at_ms, q.digest) > ($2, $3) ORDER BY q.at_ms, q.digest LIMIT $4`,
  /** Returns the pieces of these calls; quarantine_of_call. */
  quarantinedOfCalls: `SELECT ${listedPieces.list}, length(q.text) FROM rollcall.quarantine q
    WHERE q.tenant_no = $1 AND q.call_key = ANY ($2::bytea[]) ORDER BY q.at_ms, q.digest`,
  /** Returns pieces whose digest has this prefix; the tenant's part of the primary key. */
  quarantinedPiece: `SELECT ${wholePieces.list} FROM rollcall.quarantine q
    WHERE q.tenant_no = $1 AND starts_with(q.digest, $2) ORDER BY q.digest LIMIT 2`,
  /** Returns every piece, in batches; primary key. */
  everyQuarantined: `SELECT ${wholePieces.list} FROM rollcall.quarantine q
    WHERE q.tenant_no = $1 AND q.digest > $2 ORDER BY q.digest LIMIT $3`,
  dropQuarantined: 'DELETE FROM rollcall.quarantine WHERE tenant_no = $1 AND digest = $2 RETURNING 1',
  countQuarantined: 'SELECT unit, count(*) FROM rollcall.quarantine WHERE tenant_no = $1 GROUP BY unit',
  /** Returns the calls of old pieces; quarantine_by_time. */
  quarantinedCallsBefore: `SELECT DISTINCT call_key FROM rollcall.quarantine
    WHERE tenant_no = $1 AND at_ms < $2 AND call_key IS NOT NULL`,
  /** Deletes old pieces of no call and of these calls. */
  dropQuarantinedBefore: `DELETE FROM rollcall.quarantine
    WHERE tenant_no = $1 AND at_ms < $2 AND (call_key IS NULL OR call_key = ANY ($3::bytea[])) RETURNING 1`,
} as const;
