/** The last migrations of the schema; a further one is added at the end. */
import { dayColumnsOf, tableText } from '../table-sql.ts';
import { postgresDialect } from './dialect.ts';

/** Empties the search index, and lists all calls to be indexed again. */
const indexAgain = `TRUNCATE rollcall.found_call, rollcall.phrase, rollcall.call_day;
  UPDATE rollcall.tally SET phrases_dropped = phrases_dropped + 1 WHERE calls > 0;
  INSERT INTO rollcall.search_backlog (tenant_no, start_ticks, call_no)
    SELECT tenant_no, 9223372036854775807, 0 FROM rollcall.tally WHERE calls > 0
    ON CONFLICT (tenant_no) DO UPDATE SET start_ticks = excluded.start_ticks, call_no = excluded.call_no;`;

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

  // How calls ended, and for what reasons: the search index is written again, in the background.
  `
  -- JSON, as failuresText writes it; null where every session ended well.
  ALTER TABLE rollcall.found_call ADD COLUMN failures text;
  ALTER TABLE rollcall.call_day DROP COLUMN failed;
  ${dayColumnsOf('rollcall.call_day', 'bigint')}
  ${indexAgain}
  `,

  // Whether people from outside took part, and how users rated: the search index is written again, in the background.
  `
  ALTER TABLE rollcall.found_call ADD COLUMN external_count integer NOT NULL DEFAULT 0;
  ALTER TABLE rollcall.found_call ADD COLUMN unknown_count integer NOT NULL DEFAULT 0;
  ${indexAgain}
  `,
];
