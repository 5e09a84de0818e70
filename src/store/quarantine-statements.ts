/** Statements of the quarantine, each with its purpose and the index that it uses. */
import { listedFields, quarantineFields } from './quarantine.ts';
import { selecting } from './table-sql.ts';

const listedWhere = (condition: string) =>
  selecting(listedFields, (columns) => `SELECT ${columns} FROM rollcall.quarantine q WHERE ${condition}`);
const wholeWhere = (condition: string) =>
  selecting(quarantineFields, (columns) => `SELECT ${columns} FROM rollcall.quarantine q WHERE ${condition}`);

export const quarantineStatements = {
  /** Returns pieces ordered by time; quarantine_by_time. */
  quarantined: listedWhere(
    'q.tenant_no = $1 AND (q.at_ms, q.digest) > ($2, $3) ORDER BY q.at_ms, q.digest LIMIT $4',
  ),
  /** Returns the pieces of these calls; quarantine_of_call. */
  quarantinedOfCalls: listedWhere(
    'q.tenant_no = $1 AND q.call_key = ANY ($2::bytea[]) ORDER BY q.at_ms, q.digest',
  ),
  /** Returns pieces whose digest has this prefix, from the place of the prefix in the primary key. */
  quarantinedPiece: wholeWhere(`q.tenant_no = $1 AND q.digest >= $2 AND substr(q.digest, 1, length($2)) = $2
    ORDER BY q.digest LIMIT 2`),
  /** Returns every piece, in batches; primary key. */
  everyQuarantined: wholeWhere('q.tenant_no = $1 AND q.digest > $2 ORDER BY q.digest LIMIT $3'),
  dropQuarantined: 'DELETE FROM rollcall.quarantine WHERE tenant_no = $1 AND digest = $2 RETURNING 1',
  countQuarantined: 'SELECT unit, count(*) FROM rollcall.quarantine WHERE tenant_no = $1 GROUP BY unit',
  /** Deletes the pieces of calls; quarantine_of_call. */
  dropQuarantinedOfCalls:
    'DELETE FROM rollcall.quarantine WHERE tenant_no = $1 AND call_key = ANY ($2::bytea[])',
} as const;
