/** Statements about the evidence of a tenant, each with its purpose and the index that it uses. */
import { verificationFields } from './evidence-rows.ts';
import { selecting } from './table-sql.ts';

const tenantsWhere = (condition: string) => `SELECT t.tenant_id FROM rollcall.tenant t
  JOIN rollcall.tally y USING (tenant_no) WHERE ${condition} ORDER BY t.tenant_id`;

export const evidenceStatements = {
  /** Return the tenants that have calls, and those that ever had calls or log rows; one row per tenant. */
  tenants: tenantsWhere('y.editions > 0'),
  storedTenants: tenantsWhere('y.editions > 0 OR y.log_changes > 0'),
  /** Return the counts of a tenant; primary key of the tally. */
  tally: `SELECT calls, editions, participants, incomplete, found, versions, odd FROM rollcall.tally
    WHERE tenant_no = $1`,
  changes: 'SELECT last_edition, log_changes FROM rollcall.tally WHERE tenant_no = $1',
  /** Returns all log rows of a tenant, in batches; primary key. */
  everyLogRow: `SELECT kind, ticks, text, crc, row_key FROM rollcall.log_row
    WHERE tenant_no = $1 AND (kind, ticks, row_key) > ($2, $3, $4) ORDER BY kind, ticks, row_key LIMIT $5`,
  /** Returns the last verification; primary key. */
  verification: selecting(
    verificationFields,
    (columns) => `SELECT ${columns} FROM rollcall.verification v WHERE v.tenant_no = $1`,
  ),
  dropVerification: 'DELETE FROM rollcall.verification WHERE tenant_no = $1',
} as const;
