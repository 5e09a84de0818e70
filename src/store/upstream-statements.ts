/** Statements about upstream and the fetch queue of a tenant, each with its purpose and the index that it uses. */
import { queueFields, spanFields } from './upstream-rows.ts';
import { selecting } from './table-sql.ts';

const ofCalls = 'c.tenant_no = $1 AND c.call_key = ANY ($2::bytea[])';
const queuedWhere = (condition: string) =>
  selecting(queueFields, (columns) => `SELECT ${columns} FROM rollcall.upstream_call c WHERE ${condition}`);

export const upstreamStatements = {
  deletePending: `DELETE FROM rollcall.upstream_call AS c WHERE ${ofCalls}`,
  /** Returns the due calls; upstream_call_due, in its order. */
  duePending: queuedWhere(`c.tenant_no = $1 AND c.gone = 0 AND c.taken = 0 AND c.due_ms <= $2
    ORDER BY c.start_ticks NULLS FIRST, c.call_key LIMIT $3`),
  leasePending: `UPDATE rollcall.upstream_call AS c SET taken = 1 WHERE ${ofCalls}`,
  /** Return and release the leased calls; upstream_call_due. */
  leased: queuedWhere('c.tenant_no = $1 AND c.gone = 0 AND c.taken = 1'),
  releaseLeased:
    'UPDATE rollcall.upstream_call SET taken = 0 WHERE tenant_no = $1 AND gone = 0 AND taken = 1',
  /** Counts calls by a scan of the tenant's part of upstream_call_due. */
  countPending: `SELECT count(*) FILTER (WHERE gone = 0), count(*) FILTER (WHERE gone = 1),
      min(due_ms) FILTER (WHERE gone = 0 AND taken = 0) FROM rollcall.upstream_call WHERE tenant_no = $1`,
  /** Counts the calls that are missing; the tenant's part of the primary key. */
  countMissing: `SELECT count(*), count(*) FILTER (WHERE gone = 1 OR coalesce(start_ticks, wanted_ms * 10000) < $2)
    FROM rollcall.upstream_call
    WHERE tenant_no = $1 AND (start_ticks IS NULL OR start_ticks >= $3)`,
  /** Returns the rows of these calls; primary key. */
  pendingOfCalls: queuedWhere(ofCalls),
  /** Returns rows in the order of the primary key. */
  pendingCalls: queuedWhere('c.tenant_no = $1 AND c.call_key > $2 ORDER BY c.call_key LIMIT $3'),

  /** Returns listed spans; primary key. */
  listedSpans: selecting(
    spanFields,
    (columns) => `SELECT ${columns} FROM rollcall.upstream_span s
    WHERE s.tenant_no = $1 AND s.what = $2 ORDER BY s.from_ticks`,
  ),

  /** Returns a text of the sync; primary key. */
  upstreamState: 'SELECT value FROM rollcall.upstream_state WHERE tenant_no = $1 AND name = $2',
} as const;
