/** Rows of what a store tells of itself. */
import { fieldsOf } from './table-sql.ts';

export const verificationFields = fieldsOf(
  { v: 'verification' },
  { endedMs: 'v.ended_ms', report: 'v.report' },
);
