/** The last migrations of the schema: new ones are added at the end. */
import { tableText } from '../table-sql.ts';
import { postgresDialect } from './dialect.ts';

export const recentMigrations: readonly string[] = [
  // Marks of what is odd in a call, and what could not be stored where it stood.
  `
  -- As oddities.ts writes them; null where there are none.
  ALTER TABLE rollcall.edition ADD COLUMN odd text;
  CREATE INDEX edition_odd ON rollcall.edition (tenant_no, call_key, edition_no) WHERE odd IS NOT NULL;
  ALTER TABLE rollcall.tally ADD COLUMN odd bigint NOT NULL DEFAULT 0;

  ${tableText(postgresDialect, 'quarantine')}
  CREATE INDEX quarantine_by_time ON rollcall.quarantine (tenant_no, at_ms, digest);
  CREATE INDEX quarantine_of_call ON rollcall.quarantine (tenant_no, call_key) WHERE call_key IS NOT NULL;
  `,

  // Tells what a verification read from what came later, and whether its report is what was written.
  `
  ALTER TABLE rollcall.tally ADD COLUMN log_changes bigint NOT NULL DEFAULT 0;
  INSERT INTO rollcall.tally (tenant_no, log_changes) SELECT DISTINCT tenant_no, 1 FROM rollcall.log_row
    ON CONFLICT (tenant_no) DO UPDATE SET log_changes = 1;
  ALTER TABLE rollcall.verification ADD COLUMN crc bigint;
  `,

  // The last call that was checked for participants to infer; no row when all were.
  `
  ALTER TABLE rollcall.tally ADD COLUMN inferring_after bytea;
  UPDATE rollcall.tally SET inferring_after = '' WHERE calls > 0;
  `,

  // Whose calls a subscription is filtered by.
  `
  ALTER TABLE rollcall.subscription ADD COLUMN participant_ids bytea;
  `,
];
