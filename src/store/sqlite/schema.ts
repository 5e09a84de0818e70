/** Migrations of the SQLite schema: numbered by their place, forward only, each applied in a transaction. */
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
    version INTEGER NOT NULL,
    start_ticks INTEGER,
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

  CREATE TABLE participant_block (
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
  ) STRICT;

  -- Where a participant stands in which lists, by the start of the call.
  CREATE TABLE participant (
    tenant_no INTEGER NOT NULL,
    participant_id TEXT NOT NULL,
    start_ticks INTEGER NOT NULL,
    list_no INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, participant_id, start_ticks, list_no, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE session_block (
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
  ) STRICT;

  -- Beside each block of sessions, the segments of each; apart, so that $expand=segments chooses which text to send.
  CREATE TABLE segment_block (
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
  ) STRICT;
  `,
];

/** "Roll" in ASCII: tells a Rollcall store from any other SQLite file. */
export const applicationId = 0x526f6c6c;
