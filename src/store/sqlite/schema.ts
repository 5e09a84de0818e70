/**
 * Migrations of the SQLite schema, forward only, each applied in a transaction. The first one creates `firstSchema`: no
 * release had a lower number, so a store with one cannot be migrated.
 */
import { recentMigrations } from './recent-migrations.ts';

const blockTable = (name: string) => `CREATE TABLE ${name} (
    tenant_no INTEGER NOT NULL,
    list_no INTEGER NOT NULL,
    block_no INTEGER NOT NULL,
    entity_count INTEGER NOT NULL,
    text_length INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    body BLOB NOT NULL,
    layout BLOB NOT NULL,
    PRIMARY KEY (tenant_no, list_no, block_no)
  ) STRICT;`;

export const firstSchema = 3;
export const migrations: readonly string[] = [
  `
  CREATE TABLE tenant (
    tenant_no INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- One immutable state of a call. A list number is the edition that brought the list, so that editions share lists.
  -- AUTOINCREMENT: a skip token names an edition, so a number is never given twice.
  CREATE TABLE edition (
    edition_no INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_no INTEGER NOT NULL REFERENCES tenant,
    call_id TEXT NOT NULL,
    -- Number of the call's first edition: names the call in keys for less than its id would take.
    call_no INTEGER NOT NULL,
    version INTEGER NOT NULL,
    start_ticks INTEGER,
    end_ticks INTEGER,
    digest TEXT NOT NULL,
    head_digest TEXT NOT NULL,
    participants_list INTEGER,
    participants_count INTEGER NOT NULL DEFAULT 0,
    participants_complete INTEGER,
    participants_digest TEXT,
    sessions_list INTEGER,
    sessions_count INTEGER NOT NULL DEFAULT 0,
    sessions_complete INTEGER,
    sessions_digest TEXT,
    head_length INTEGER NOT NULL,
    head_crc INTEGER NOT NULL,
    head_flags INTEGER NOT NULL,
    head_layout BLOB NOT NULL,
    head_body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX edition_of_call ON edition (tenant_no, call_id, version, edition_no);

  ${blockTable('participant_block')}

  -- Which edition of a call was the newest when, by the start of the call: the list of calls as of any edition. A row
  -- holds from its own edition until another takes its place.
  CREATE TABLE listing (
    tenant_no INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL,
    call_no INTEGER NOT NULL,
    edition_no INTEGER NOT NULL,
    until_edition INTEGER,
    end_ticks INTEGER,
    -- The item of the list but for the service root, which stands between the two parts where there are two.
    item_before BLOB NOT NULL,
    item_after BLOB,
    PRIMARY KEY (tenant_no, start_ticks, call_no, edition_no)
  ) STRICT, WITHOUT ROWID;
  -- The same without the text: counting a million calls reads 40 MB and not 1.2 GB.
  CREATE INDEX listing_span ON listing (tenant_no, start_ticks, call_no, edition_no, until_edition, end_ticks);

  -- Where a participant stands in which lists of which calls, by every start the call had with that list.
  CREATE TABLE participant (
    tenant_no INTEGER NOT NULL,
    participant_id TEXT NOT NULL,
    start_ticks INTEGER NOT NULL,
    call_no INTEGER NOT NULL,
    list_no INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, participant_id, start_ticks, call_no, list_no)
  ) STRICT, WITHOUT ROWID;

  -- Where the first session with an id stands in a list: an id may repeat within a call.
  CREATE TABLE session (
    tenant_no INTEGER NOT NULL,
    list_no INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, list_no, session_id)
  ) STRICT, WITHOUT ROWID;

  -- Rows of the PSTN, direct routing and SMS logs, by the time the log is asked for; 0 where a row has none.
  CREATE TABLE log_row (
    tenant_no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ticks INTEGER NOT NULL,
    row_id TEXT NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (tenant_no, kind, ticks, row_id)
  ) STRICT, WITHOUT ROWID;

  ${blockTable('session_block')}

  -- Beside each block of sessions, the segments of each; apart, so that $expand=segments chooses which text to send.
  ${blockTable('segment_block')}
  `,

  // Evidence: when an edition was received, the pages that were followed, its missing parts and inferred participants.
  `
  ALTER TABLE edition ADD COLUMN participants_pages INTEGER;
  ALTER TABLE edition ADD COLUMN sessions_pages INTEGER;
  -- The list of participants found in sessions has the number of its edition negated.
  ALTER TABLE edition ADD COLUMN found_list INTEGER;
  ALTER TABLE edition ADD COLUMN found_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE edition ADD COLUMN modified_ticks INTEGER;
  ALTER TABLE edition ADD COLUMN received_ms INTEGER;
  -- Bits of what is missing (lacking.ts).
  ALTER TABLE edition ADD COLUMN lacking INTEGER NOT NULL DEFAULT 0;
  UPDATE edition
    SET lacking = (start_ticks IS NULL) + 2 * (participants_complete IS 0) + 4 * (sessions_complete IS 0);
  CREATE INDEX edition_wanting ON edition (tenant_no, call_id, edition_no) WHERE lacking <> 0 OR found_count <> 0;
  -- The list of calls as it was at a time follows the start of the edition of that time.
  CREATE INDEX edition_by_start ON edition (tenant_no, start_ticks, call_no, edition_no);

  -- Counts of a tenant, written with what they count; participants, incomplete and found are of newest editions.
  CREATE TABLE tally (
    tenant_no INTEGER PRIMARY KEY,
    calls INTEGER NOT NULL,
    editions INTEGER NOT NULL,
    participants INTEGER NOT NULL,
    incomplete INTEGER NOT NULL,
    found INTEGER NOT NULL
  ) STRICT;
  INSERT INTO tally
    SELECT e.tenant_no, sum(n.edition_no IS NULL), count(*),
      sum(iif(n.edition_no IS NULL, e.participants_count, 0)), sum(n.edition_no IS NULL AND e.lacking <> 0), 0
    FROM edition e LEFT JOIN edition n ON n.edition_no = (
      SELECT l.edition_no FROM edition l WHERE l.tenant_no = e.tenant_no AND l.call_id = e.call_id
        AND (l.version, l.edition_no) > (e.version, e.edition_no) LIMIT 1)
    GROUP BY e.tenant_no;
  `,

  // Change notifications: subscriptions, and the outbox of undelivered notifications.
  `
  -- Where notifications are sent to: what is due is asked for by endpoint.
  CREATE TABLE endpoint (
    endpoint_no INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE subscription (
    subscription_no INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_no INTEGER NOT NULL REFERENCES tenant,
    subscription_id TEXT NOT NULL,
    application_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    change_type TEXT NOT NULL,
    client_state TEXT,
    latest_supported_tls_version TEXT NOT NULL,
    expiration_ticks INTEGER NOT NULL,
    challenge_ms INTEGER,
    -- The newest edition when the subscription was made: it sees what comes after.
    since_edition INTEGER NOT NULL,
    endpoint_no INTEGER NOT NULL REFERENCES endpoint,
    lifecycle_endpoint_no INTEGER REFERENCES endpoint,
    UNIQUE (tenant_no, subscription_id)
  ) STRICT;
  CREATE INDEX subscription_challenge ON subscription (challenge_ms) WHERE challenge_ms IS NOT NULL;

  -- Notifications still to be delivered, each written in the transaction of its cause.
  CREATE TABLE outbox (
    outbox_no INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint_no INTEGER NOT NULL REFERENCES endpoint,
    subscription_no INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
    event TEXT NOT NULL,
    call_id TEXT,
    end_ticks INTEGER,
    caused_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX outbox_due ON outbox (endpoint_no, due_ms);
  CREATE INDEX outbox_of_subscription ON outbox (subscription_no);

  -- Which process does what only one may do at a time.
  CREATE TABLE claim (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,

  // Upstream: the calls that it reported, the spans that were listed completely, and the progress of a sync.
  `
  CREATE TABLE upstream_call (
    tenant_no INTEGER NOT NULL REFERENCES tenant,
    call_id TEXT NOT NULL,
    version INTEGER,
    start_ticks INTEGER,
    sightings INTEGER NOT NULL,
    wanted_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    reason TEXT,
    gone INTEGER NOT NULL,
    -- 1 while a sync fetches it.
    taken INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, call_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX upstream_call_due ON upstream_call (tenant_no, gone, taken, start_ticks, call_id, due_ms);

  -- Spans of time listed to their end: of the list of calls, or of a log.
  CREATE TABLE upstream_span (
    tenant_no INTEGER NOT NULL REFERENCES tenant,
    what TEXT NOT NULL,
    from_ticks INTEGER NOT NULL,
    before_ticks INTEGER NOT NULL,
    listed_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, what, from_ticks)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE upstream_state (
    tenant_no INTEGER NOT NULL REFERENCES tenant,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_no, name)
  ) STRICT, WITHOUT ROWID;
  `,

  // The number of versions, and the last verification.
  `
  ALTER TABLE tally ADD COLUMN versions INTEGER NOT NULL DEFAULT 0;
  UPDATE tally SET versions =
    (SELECT count(*) FROM (SELECT DISTINCT call_id, version FROM edition e WHERE e.tenant_no = tally.tenant_no));

  CREATE TABLE verification (
    tenant_no INTEGER PRIMARY KEY,
    ended_ms INTEGER NOT NULL,
    report TEXT NOT NULL
  ) STRICT;
  `,

  // Search: who was in which call, by parts of names and numbers, and how calls went.
  `
  -- What people are found by, each once in a tenant: somebody's names, folded (kind 0), or the digits of a number (1).
  -- A number is the tenant's times 2^36 and more, so that a tenant's are a range of the key.
  CREATE TABLE phrase (
    phrase_no INTEGER PRIMARY KEY,
    tenant_no INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX phrase_by_text ON phrase (tenant_no, kind, text);
  -- Its parts of three characters. The text itself is in the table above.
  CREATE VIRTUAL TABLE phrase_part USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  );

  -- The newest edition of each call that has a start, by tenant, second and place in the second (doc-numbers.ts).
  CREATE TABLE found_call (
    doc_no INTEGER PRIMARY KEY,
    edition_no INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    -- Numbers of the phrases of everybody in it.
    phrases BLOB NOT NULL
  ) STRICT;
  -- Its terms (search-terms.ts): phrases, ids, type, modalities, length and what else is asked for.
  CREATE VIRTUAL TABLE call_term USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
  );

  -- Counts of the calls that began on a day of UTC; sizes are those of sizeBuckets.
  CREATE TABLE call_day (
    tenant_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    participants INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    poor INTEGER NOT NULL,
    size_0 INTEGER NOT NULL,
    size_1 INTEGER NOT NULL,
    size_2 INTEGER NOT NULL,
    size_3 INTEGER NOT NULL,
    size_4 INTEGER NOT NULL,
    size_5 INTEGER NOT NULL,
    size_6 INTEGER NOT NULL,
    size_7 INTEGER NOT NULL,
    size_8 INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, day)
  ) STRICT, WITHOUT ROWID;

  -- Tenants whose calls before this one are not indexed yet: those that were there before the index was.
  CREATE TABLE search_backlog (
    tenant_no INTEGER PRIMARY KEY,
    start_ticks INTEGER NOT NULL,
    call_no INTEGER NOT NULL
  ) STRICT;
  INSERT INTO search_backlog SELECT tenant_no, 9223372036854775807, 0 FROM tally WHERE calls > 0;
  `,

  // Several processes serve one tenant: which are alive, which one fetches a call, and exclusive tasks.
  `
  CREATE TABLE claimant (
    claimant TEXT PRIMARY KEY,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE upstream_part (
    tenant_no INTEGER NOT NULL REFERENCES tenant,
    part TEXT NOT NULL,
    claimant TEXT NOT NULL,
    PRIMARY KEY (tenant_no, part)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE upstream_call ADD COLUMN taken_by TEXT;
  `,

  // Checksums of text that is served as stored; blocks and editions have theirs in existing columns.
  `
  ALTER TABLE listing ADD COLUMN item_crc INTEGER;
  ALTER TABLE log_row ADD COLUMN crc INTEGER;
  `,

  // The last call whose blocks of an earlier release were rewritten; no row when all were.
  `
  ALTER TABLE tally ADD COLUMN renewing_after TEXT;
  UPDATE tally SET renewing_after = '' WHERE calls > 0;
  `,

  // One process works for a tenant, and one delivers: each holds a lease.
  `
  ALTER TABLE claim RENAME TO lease;
  ALTER TABLE lease RENAME COLUMN owner TO holder;
  DROP TABLE claimant;
  DROP TABLE upstream_part;
  ALTER TABLE upstream_call DROP COLUMN taken_by;
  `,

  ...recentMigrations,
];

/** "Roll" in ASCII: distinguishes a Rollcall store from any other SQLite file. */
export const applicationId = 0x526f6c6c;

/** Tables of the search index, all of whose data is derived from the calls. */
export const searchTables = {
  rows: ['phrase', 'found_call', 'call_day', 'search_backlog'],
  /** FTS5 tables, each with shadow tables. */
  words: ['phrase_part', 'call_term'],
} as const;

export function isOfSearch(table: string): boolean {
  const { rows, words } = searchTables;
  return (
    rows.some((one) => one === table) || words.some((one) => table === one || table.startsWith(`${one}_`))
  );
}
