/**
 * Migrations of the PostgreSQL schema, forward only, each applied in a transaction; the first is number 1.
 *
 * The tenant is the first column of every key. Rows of one call have the call's key second; other rows of a tenant are
 * found by the tenant or by a participant. docs/decisions/0009-postgresql.md gives the reasons, and how Citus
 * distributes the tables. Wide columns come first, because PostgreSQL aligns them.
 */
import { recentMigrations } from './recent-migrations.ts';

const blockColumns = `
    list_no bigint NOT NULL,
    crc bigint NOT NULL,
    tenant_no integer NOT NULL,
    block_no integer NOT NULL,
    entity_count integer NOT NULL,
    text_length integer NOT NULL,
    flags integer NOT NULL,
    call_key bytea NOT NULL,
    layout bytea NOT NULL,
    -- Deflated already where it is large.
    body bytea NOT NULL`;
const headColumns = `
    head_crc bigint NOT NULL,
    head_length integer NOT NULL,
    head_flags integer NOT NULL,
    head_layout bytea NOT NULL,
    head_body bytea NOT NULL`;

export const migrations: readonly string[] = [
  `
  CREATE TABLE rollcall.tenant (
    tenant_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL UNIQUE
  );

  CREATE TABLE rollcall.secret (
    name text PRIMARY KEY,
    value text NOT NULL
  );

  -- One row a tenant: the last number given to an edition, and counts of what there is. Whoever adds holds its lock until
  -- the end of the transaction, so that numbers become visible in their order.
  CREATE TABLE rollcall.tally (
    last_edition bigint NOT NULL DEFAULT 0,
    calls bigint NOT NULL DEFAULT 0,
    editions bigint NOT NULL DEFAULT 0,
    versions bigint NOT NULL DEFAULT 0,
    participants bigint NOT NULL DEFAULT 0,
    incomplete bigint NOT NULL DEFAULT 0,
    found bigint NOT NULL DEFAULT 0,
    tenant_no integer PRIMARY KEY
  ) WITH (fillfactor = 50);

  -- One immutable state of a call. A list number is the edition that brought the list, so that editions share lists.
  CREATE TABLE rollcall.edition (
    version bigint NOT NULL,
    edition_no bigint NOT NULL,
    -- Number of the call's first edition: the order of calls that began at once.
    call_no bigint NOT NULL,
    received_ms bigint NOT NULL,
    start_ticks bigint,
    end_ticks bigint,
    modified_ticks bigint,
    participants_list bigint,
    sessions_list bigint,
    -- The list of participants found in sessions has the number of its edition negated.
    found_list bigint,
    tenant_no integer NOT NULL,
    participants_count integer NOT NULL,
    participants_complete integer,
    participants_pages integer,
    sessions_count integer NOT NULL,
    sessions_complete integer,
    sessions_pages integer,
    found_count integer NOT NULL,
    -- Bits of what is missing (lacking.ts).
    lacking integer NOT NULL,
    call_key bytea NOT NULL,
    long_id bytea,
    digest text NOT NULL,
    head_digest text NOT NULL,
    participants_digest text,
    sessions_digest text,${headColumns},
    PRIMARY KEY (tenant_no, call_key, version, edition_no)
  );
  ALTER TABLE rollcall.edition ALTER COLUMN head_body SET STORAGE EXTERNAL;
  CREATE INDEX edition_wanting ON rollcall.edition (tenant_no, call_key, edition_no)
    WHERE lacking <> 0 OR found_count <> 0;

  CREATE TABLE rollcall.participant_block (${blockColumns},
    PRIMARY KEY (tenant_no, call_key, list_no, block_no)
  );
  ALTER TABLE rollcall.participant_block ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE rollcall.session_block (${blockColumns},
    -- Keys of the sessions in it, in order: a session is looked for in its own call alone.
    session_keys bytea[] NOT NULL,
    PRIMARY KEY (tenant_no, call_key, list_no, block_no)
  );
  ALTER TABLE rollcall.session_block ALTER COLUMN body SET STORAGE EXTERNAL;

  -- Beside each block of sessions, the segments of each; apart, so that $expand=segments chooses which text to send.
  CREATE TABLE rollcall.segment_block (${blockColumns},
    PRIMARY KEY (tenant_no, call_key, list_no, block_no)
  );
  ALTER TABLE rollcall.segment_block ALTER COLUMN body SET STORAGE EXTERNAL;

  -- Every edition by the start of the call, with all that the list of calls shows: the list as of any edition, and as it
  -- was at a time. A row is the newest from its own edition until another takes its place, and never where that is the
  -- same. Without a start it comes before every time there is: it is in no list, but may be what there was at a time.
  CREATE TABLE rollcall.listing (
    start_ticks bigint NOT NULL,
    call_no bigint NOT NULL,
    edition_no bigint NOT NULL,
    version bigint NOT NULL,
    received_ms bigint NOT NULL,
    until_edition bigint,
    end_ticks bigint,
    modified_ticks bigint,
    participants_list bigint,
    found_list bigint,
    tenant_no integer NOT NULL,
    participants_count integer NOT NULL,
    call_key bytea NOT NULL,
    long_id bytea,${headColumns},
    -- What decides whether a row is in a list stands in the key: counting reads no rows.
    PRIMARY KEY (tenant_no, start_ticks, call_no, edition_no) INCLUDE (until_edition, end_ticks)
  );
  ALTER TABLE rollcall.listing ALTER COLUMN head_body SET STORAGE EXTERNAL;
  CREATE INDEX listing_of_call ON rollcall.listing (tenant_no, call_no, version, edition_no)
    INCLUDE (received_ms, modified_ticks);

  -- Where a participant stands in which lists of which calls, by every start the call had with that list.
  CREATE TABLE rollcall.participant (
    start_ticks bigint NOT NULL,
    call_no bigint NOT NULL,
    list_no bigint NOT NULL,
    tenant_no integer NOT NULL,
    position integer NOT NULL,
    participant_key bytea NOT NULL,
    PRIMARY KEY (tenant_no, participant_key, start_ticks, call_no, list_no)
  );

  -- Rows of the PSTN, direct routing and SMS logs, by the time the log is asked for; 0 where a row has none.
  CREATE TABLE rollcall.log_row (
    ticks bigint NOT NULL,
    tenant_no integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    row_key bytea NOT NULL,
    text bytea NOT NULL,
    PRIMARY KEY (tenant_no, kind, ticks, row_key)
  );

  -- Where notifications are sent to: what is due is asked for by endpoint.
  CREATE TABLE rollcall.endpoint (
    endpoint_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL UNIQUE
  );

  CREATE TABLE rollcall.subscription (
    subscription_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_no integer NOT NULL,
    subscription_id text NOT NULL,
    application_id text NOT NULL,
    resource text NOT NULL,
    change_type text NOT NULL,
    -- Whatever text the client wrote.
    client_state bytea,
    latest_supported_tls_version text NOT NULL,
    expiration_ticks bigint NOT NULL,
    challenge_ms bigint,
    -- The newest edition when the subscription was made: it sees what comes after.
    since_edition bigint NOT NULL,
    endpoint_no integer NOT NULL REFERENCES rollcall.endpoint,
    lifecycle_endpoint_no integer REFERENCES rollcall.endpoint,
    UNIQUE (tenant_no, subscription_id)
  );
  CREATE INDEX subscription_challenge ON rollcall.subscription (challenge_ms) WHERE challenge_ms IS NOT NULL;

  -- Notifications still to be delivered, each written in the transaction of its cause.
  CREATE TABLE rollcall.outbox (
    outbox_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    end_ticks bigint,
    caused_ms bigint NOT NULL,
    due_ms bigint NOT NULL,
    endpoint_no integer NOT NULL REFERENCES rollcall.endpoint,
    subscription_no integer NOT NULL REFERENCES rollcall.subscription ON DELETE CASCADE,
    attempts integer NOT NULL DEFAULT 0,
    event text NOT NULL,
    call_id bytea
  );
  CREATE INDEX outbox_due ON rollcall.outbox (endpoint_no, due_ms, outbox_no);
  CREATE INDEX outbox_of_subscription ON rollcall.outbox (subscription_no);

  -- Which process does what only one may do at a time.
  CREATE TABLE rollcall.claim (
    name text PRIMARY KEY,
    owner text NOT NULL,
    until_ms bigint NOT NULL
  );

  -- Upstream: what it was seen to have, what was listed of it to the end, and what a sync goes on from.
  CREATE TABLE rollcall.upstream_call (
    version bigint,
    start_ticks bigint,
    sightings bigint NOT NULL,
    wanted_ms bigint NOT NULL,
    due_ms bigint NOT NULL,
    tenant_no integer NOT NULL,
    attempts integer NOT NULL,
    gone integer NOT NULL,
    -- 1 while a sync fetches it.
    taken integer NOT NULL,
    reason text,
    call_key bytea NOT NULL,
    long_id bytea,
    PRIMARY KEY (tenant_no, call_key)
  );
  CREATE INDEX upstream_call_due ON rollcall.upstream_call
    (tenant_no, gone, taken, start_ticks NULLS FIRST, call_key, due_ms);

  -- Spans of time listed to their end: of the list of calls, or of a log.
  CREATE TABLE rollcall.upstream_span (
    from_ticks bigint NOT NULL,
    before_ticks bigint NOT NULL,
    listed_ms bigint NOT NULL,
    tenant_no integer NOT NULL,
    what text NOT NULL,
    PRIMARY KEY (tenant_no, what, from_ticks)
  );

  CREATE TABLE rollcall.upstream_state (
    tenant_no integer NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (tenant_no, name)
  );

  -- What the last verification of a tenant found.
  CREATE TABLE rollcall.verification (
    ended_ms bigint NOT NULL,
    tenant_no integer PRIMARY KEY,
    report text NOT NULL
  );

  -- Copies of everything, each in a schema of its own; dropped again below.
  CREATE TABLE rollcall.snapshot (
    snapshot_no integer GENERATED ALWAYS AS IDENTITY,
    migrations integer NOT NULL,
    name text COLLATE "C" PRIMARY KEY
  );

  -- What is not deflated is left to the server: lz4 where it has it (from 14 on, if it was built with it).
  DO $$
  DECLARE at record;
  BEGIN
    FOR at IN SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'rollcall' AND data_type = 'bytea' AND column_name IN ('layout', 'head_layout', 'text')
    LOOP
      EXECUTE format('ALTER TABLE rollcall.%I ALTER COLUMN %I SET COMPRESSION lz4', at.table_name, at.column_name);
    END LOOP;
  EXCEPTION WHEN syntax_error OR feature_not_supported OR invalid_parameter_value THEN NULL;
  END $$;
  `,

  // Editions copied from a store that did not record when they were received.
  `
  ALTER TABLE rollcall.edition ALTER COLUMN received_ms DROP NOT NULL;
  ALTER TABLE rollcall.listing ALTER COLUMN received_ms DROP NOT NULL;
  `,

  // Several processes serve one tenant: which are alive, which one fetches a call, and exclusive tasks.
  `
  CREATE TABLE rollcall.claimant (
    until_ms bigint NOT NULL,
    claimant text COLLATE "C" PRIMARY KEY
  );

  CREATE TABLE rollcall.upstream_part (
    tenant_no integer NOT NULL,
    part text NOT NULL,
    claimant text NOT NULL,
    PRIMARY KEY (tenant_no, part)
  );

  ALTER TABLE rollcall.upstream_call ADD COLUMN taken_by text;
  `,

  // Search: who was in which call, by parts of names and numbers, and how calls went (docs/search.md).
  `
  -- What people are found by, each once in a tenant: somebody's names, folded (kind 0), or the digits of a number (1).
  CREATE TABLE rollcall.phrase (
    -- As found_call has it.
    term bigint NOT NULL,
    phrase_no bigint NOT NULL,
    tenant_no integer NOT NULL,
    kind integer NOT NULL,
    text text COLLATE "C" NOT NULL,
    -- Its parts of one to three characters (phrase-parts.ts).
    parts integer[] NOT NULL,
    PRIMARY KEY (tenant_no, term)
  );
  CREATE INDEX phrase_parts ON rollcall.phrase USING gin (parts);

  -- The newest edition of each call that has a start.
  CREATE TABLE rollcall.found_call (
    start_ticks bigint NOT NULL,
    call_no bigint NOT NULL,
    edition_no bigint NOT NULL,
    tenant_no integer NOT NULL,
    participants_count integer NOT NULL,
    sessions_count integer NOT NULL,
    -- Failed, poor, incomplete.
    flags integer NOT NULL,
    -- So many of its terms, from the first on, are phrases.
    phrases_count integer NOT NULL,
    -- What it is found by (search-terms.ts), and when it was (search-windows.ts), each with its tenant.
    terms bigint[] NOT NULL,
    PRIMARY KEY (tenant_no, start_ticks, call_no)
  );
  CREATE INDEX found_call_terms ON rollcall.found_call USING gin (terms);

  -- Counts of the calls that began on a day of UTC; sizes are those of sizeBuckets.
  CREATE TABLE rollcall.call_day (
    tenant_no integer NOT NULL,
    day integer NOT NULL,
    calls bigint NOT NULL,
    participants bigint NOT NULL,
    failed bigint NOT NULL,
    poor bigint NOT NULL,
    size_0 bigint NOT NULL,
    size_1 bigint NOT NULL,
    size_2 bigint NOT NULL,
    size_3 bigint NOT NULL,
    size_4 bigint NOT NULL,
    size_5 bigint NOT NULL,
    size_6 bigint NOT NULL,
    size_7 bigint NOT NULL,
    size_8 bigint NOT NULL,
    PRIMARY KEY (tenant_no, day)
  );

  -- Tenants whose calls before this one are not indexed yet: those that were there before the index was.
  CREATE TABLE rollcall.search_backlog (
    start_ticks bigint NOT NULL,
    call_no bigint NOT NULL,
    tenant_no integer PRIMARY KEY
  );
  INSERT INTO rollcall.search_backlog (tenant_no, start_ticks, call_no)
    SELECT tenant_no, 9223372036854775807, 0 FROM rollcall.tally WHERE calls > 0;

  -- Grows when phrases go that nobody has any more: whoever remembers which are there begins anew.
  ALTER TABLE rollcall.tally ADD COLUMN phrases_dropped bigint NOT NULL DEFAULT 0;
  `,

  // Checksums of log rows; blocks and editions have theirs in existing columns.
  `
  ALTER TABLE rollcall.log_row ADD COLUMN IF NOT EXISTS crc bigint;
  `,

  // The last call whose blocks of an earlier release were rewritten; no row when all were.
  `
  ALTER TABLE rollcall.tally ADD COLUMN renewing_after bytea;
  UPDATE rollcall.tally SET renewing_after = '' WHERE calls > 0;
  `,

  // Snapshots of \`dev\` exist only in SQLite. A schema that another user created stays.
  `
  DO $$
  DECLARE at record;
  BEGIN
    FOR at IN SELECT nspname FROM pg_namespace
      WHERE nspname ~ '^rollcall_snapshot_[0-9]+$' AND pg_has_role(nspowner, 'USAGE')
    LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', at.nspname);
    END LOOP;
  END $$;
  DROP TABLE IF EXISTS rollcall.snapshot;
  `,

  // One process works for a tenant, and one delivers: each holds a lease.
  `
  ALTER TABLE rollcall.claim RENAME TO lease;
  ALTER TABLE rollcall.lease RENAME COLUMN owner TO holder;
  DROP TABLE rollcall.claimant;
  DROP TABLE rollcall.upstream_part;
  ALTER TABLE rollcall.upstream_call DROP COLUMN taken_by;
  `,

  ...recentMigrations,
];
