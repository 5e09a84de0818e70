/** The last migrations of the schema; a further one is added at the end. */
import { dayColumnsOf, tableText } from '../table-sql.ts';
import { sqliteDialect } from './dialect.ts';

/** Empties the search index, and lists all calls to be indexed again. */
const indexAgain = `DELETE FROM found_call;
  DELETE FROM phrase;
  DELETE FROM call_day;
  INSERT INTO call_term (call_term) VALUES ('delete-all');
  INSERT INTO phrase_part (phrase_part) VALUES ('delete-all');
  INSERT INTO search_backlog SELECT tenant_no, 9223372036854775807, 0 FROM tally WHERE calls > 0
    ON CONFLICT DO UPDATE SET start_ticks = excluded.start_ticks, call_no = excluded.call_no;`;

export const recentMigrations: readonly string[] = [
  // Marks of what is odd in a call, and what could not be stored where it stood.
  `
  -- As oddities.ts writes them; null where there are none.
  ALTER TABLE edition ADD COLUMN odd TEXT;
  CREATE INDEX edition_odd ON edition (tenant_no, call_id, edition_no) WHERE odd IS NOT NULL;
  ALTER TABLE tally ADD COLUMN odd INTEGER NOT NULL DEFAULT 0;

  ${tableText(sqliteDialect, 'quarantine')}
  CREATE INDEX quarantine_by_time ON quarantine (tenant_no, at_ms, digest);
  CREATE INDEX quarantine_of_call ON quarantine (tenant_no, call_id) WHERE call_id IS NOT NULL;
  `,

  // Tells what a verification read from what came later, and whether its report is what was written.
  `
  ALTER TABLE tally ADD COLUMN last_edition INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE tally ADD COLUMN log_changes INTEGER NOT NULL DEFAULT 0;
  INSERT INTO tally (tenant_no, calls, editions, participants, incomplete, found, log_changes)
    SELECT DISTINCT tenant_no, 0, 0, 0, 0, 0, 1 FROM log_row WHERE true
    ON CONFLICT DO UPDATE SET log_changes = 1;
  ALTER TABLE verification ADD COLUMN crc INTEGER;
  `,

  // The last call that was checked for participants to infer; no row when all were.
  `
  ALTER TABLE tally ADD COLUMN inferring_after TEXT;
  UPDATE tally SET inferring_after = '' WHERE calls > 0;
  `,

  // Whose calls a subscription is filtered by.
  `
  ALTER TABLE subscription ADD COLUMN participant_ids TEXT;
  `,

  // How calls ended, and for what reasons: the search index is written again, in the background.
  `
  -- JSON, as failuresText writes it; null where every session ended well.
  ALTER TABLE found_call ADD COLUMN failures TEXT;
  ALTER TABLE call_day DROP COLUMN failed;
  ${dayColumnsOf('call_day', 'INTEGER')}
  ${indexAgain}
  `,

  // Whether people from outside took part, and how users rated: the search index is written again, in the background.
  `
  ALTER TABLE found_call ADD COLUMN external_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE found_call ADD COLUMN unknown_count INTEGER NOT NULL DEFAULT 0;
  ${indexAgain}
  `,
];
