/**
 * Every statement of the PostgreSQL store about calls and logs, each with its purpose and the index that it uses.
 *
 * Each is prepared once per connection, under its name. None joins rows of a call with rows of a tenant or a
 * participant: on a cluster each statement reads one shard (docs/decisions/0009-postgresql.md).
 */
import { statementsIn } from '../shared-statements.ts';
import type { EngineStatement } from '../steps.ts';
import { postgresDialect } from './dialect.ts';
import { editionText, editionPageColumns } from './edition-text.ts';
import { retentionStatements } from './retention-statements.ts';
import { renewalStatements } from './renewal-statements.ts';
import { searchStatements } from './search-statements.ts';
import { transferStatements } from './transfer-statements.ts';

export const shared = statementsIn(postgresDialect);
const blockColumns = 'b.entity_count, b.text_length, b.crc, b.flags, b.body, b.layout';
const withBlock = `LEFT JOIN rollcall.participant_block b ON b.tenant_no = e.tenant_no AND b.call_key = e.call_key
    AND b.list_no = e.participants_list AND b.block_no = $3`;
const ofCall = 'e.tenant_no = $1 AND e.call_key = $2';
const newestFirst = 'ORDER BY e.version DESC, e.edition_no DESC LIMIT 1';
const readBlock = (table: string) => `SELECT ${blockColumns} FROM rollcall.${table} b
  WHERE b.tenant_no = $1 AND b.call_key = $2 AND b.list_no = $3 AND b.block_no = $4`;
const endedBy = (ticks: string) => `(l.end_ticks IS NULL OR l.end_ticks <= ${ticks})`;
/** Selects the listing rows that were visible as of an edition, for calls that ended by a time. */
const shown = (asOf: string, ended: string) => `l.edition_no <= ${asOf}
    AND (l.until_edition IS NULL OR l.until_edition > ${asOf}) AND ${endedBy(ended)}`;
/** Selects the edition that a call had at a time, else the newest modified by then, among those up to an edition. */
const shownAt = (asOf: string, ended: string, ms: string, ticks: string) => {
  const newest = (condition: string) => `(SELECT c.edition_no FROM rollcall.listing c
      WHERE c.tenant_no = $1 AND c.call_no = l.call_no AND c.edition_no <= ${asOf} AND ${condition}
      ORDER BY c.version DESC, c.edition_no DESC LIMIT 1)`;
  return `l.edition_no = coalesce(${newest(`c.received_ms <= ${ms}`)}, ${newest(`c.modified_ticks <= ${ticks}`)})
    AND ${endedBy(ended)}`;
};
/** In the order of the key, so that a page begins where the last one ended and reads only what it returns. */
const inSpan = (isShown: string) => `FROM rollcall.listing l
  WHERE l.tenant_no = $1 AND (l.start_ticks, l.call_no) > ($2, $3) AND l.start_ticks < $4 AND ${isShown}`;
/** Selects, among these calls, those whose visible edition has the list. */
const amongThese = (isShown: string) =>
  `FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS c (start_ticks, call_no, list_no)
  JOIN rollcall.listing l ON l.tenant_no = $1 AND l.start_ticks = c.start_ticks AND l.call_no = c.call_no
    AND (l.participants_list = c.list_no OR ($5::boolean AND l.found_list = c.list_no))
  WHERE ${isShown}`;
const listedColumns = `l.start_ticks, l.call_no, l.call_key, l.long_id,
  1, l.head_length, l.head_crc, l.head_flags, l.head_body, l.head_layout`;
const byStart = 'ORDER BY l.start_ticks, l.call_no';

export const statements = {
  /** Returns the number of a tenant; unique index on tenant_id. */
  tenant: 'SELECT tenant_no FROM rollcall.tenant WHERE tenant_id = $1',
  /** Returns the tenant with a number; primary key. */
  tenantId: 'SELECT tenant_id FROM rollcall.tenant WHERE tenant_no = $1',
  addTenant: 'INSERT INTO rollcall.tenant (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING',
  addTenantTally: 'INSERT INTO rollcall.tally (tenant_no) VALUES ($1) ON CONFLICT DO NOTHING',

  /** Returns a secret by name; primary key. */
  secret: 'SELECT value FROM rollcall.secret WHERE name = $1',
  /** Adds a secret, or replaces the value in the last parameter. */
  addSecret: `INSERT INTO rollcall.secret AS s (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE s.value = $3`,

  /** Returns the newest edition of a call; the last row of the call's range in the primary key. */
  latestEdition: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} ${newestFirst}`,
  /**
   * Return an edition by number, or the newest one of a version, at a time, or modified by a time; the call's range in
   * the primary key.
   */
  editionByNo: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} AND e.edition_no = $3`,
  editionOfVersion: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} AND e.version = $3 ${newestFirst}`,
  editionReceivedBy: `SELECT ${editionText} FROM rollcall.edition e
    WHERE ${ofCall} AND e.received_ms <= $3 ${newestFirst}`,
  editionModifiedBy: `SELECT ${editionText} FROM rollcall.edition e
    WHERE ${ofCall} AND e.modified_ticks <= $3 ${newestFirst}`,
  /** Return the newest or a given edition with a block of its participants; as above, then the block's primary key. */
  latestPage: `SELECT ${editionPageColumns} FROM rollcall.edition e ${withBlock} WHERE ${ofCall} ${newestFirst}`,
  pageByNo: `SELECT ${editionPageColumns} FROM rollcall.edition e ${withBlock}
    WHERE ${ofCall} AND e.edition_no = $4`,
  /** Returns every edition of a call; its range in the primary key. */
  editionsOfCall: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} ORDER BY e.version, e.edition_no`,
  /** Returns the editions of calls, to decide what received calls add; one range per call. */
  knownEditions: `SELECT e.edition_no, e.version, e.head_digest, e.participants_digest, e.sessions_digest, e.start_ticks,
      e.participants_count, e.found_count, e.lacking, e.participants_list, e.odd IS NOT NULL, e.call_key, e.long_id
    FROM rollcall.edition e WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])`,
  hasList: `SELECT 1 FROM rollcall.edition e
    WHERE ${ofCall} AND (e.participants_digest = $3 OR e.sessions_digest = $3) LIMIT 1`,
  /** Returns a call's own members; primary key. */
  head: `SELECT 1, e.head_length, e.head_crc, e.head_flags, e.head_body, e.head_layout
    FROM rollcall.edition e WHERE ${ofCall} AND e.version = $3 AND e.edition_no = $4`,

  /** Return a block of a list; primary key of its table. */
  participantBlock: readBlock('participant_block'),
  sessionBlock: readBlock('session_block'),
  segmentBlock: readBlock('segment_block'),
  /** Returns the index of the first session with an id; scans the keys of a list's blocks, which are adjacent. */
  sessionIndex: `SELECT b.block_no, array_position(b.session_keys, $4::bytea) - 1 FROM rollcall.session_block b
    WHERE b.tenant_no = $1 AND b.call_key = $2 AND b.list_no = $3 AND array_position(b.session_keys, $4::bytea) IS NOT NULL
    ORDER BY b.block_no LIMIT 1`,
  /** Returns the index of a participant in a list; primary key. */
  participantIndex: `SELECT position FROM rollcall.participant
    WHERE tenant_no = $1 AND participant_key = $2 AND start_ticks = $3 AND call_no = $4 AND list_no = $5`,

  /** Returns the number of a tenant's newest edition; primary key. */
  newestEdition: 'SELECT last_edition FROM rollcall.tally WHERE tenant_no = $1',
  /** Return a page of the list of calls; the listing's primary key. */
  calls: `SELECT ${listedColumns} ${inSpan(shown('$5', '$6'))} ${byStart} LIMIT $7`,
  callsCount: `SELECT count(*) ${inSpan(shown('$5', '$6'))}`,
  /** Return the list as of a time; then listing_of_call for each call. */
  callsAt: `SELECT ${listedColumns} ${inSpan(shownAt('$5', '$6', '$7', '$8'))} ${byStart} LIMIT $9`,
  callsAtCount: `SELECT count(*) ${inSpan(shownAt('$5', '$6', '$7', '$8'))}`,
  /** Returns lists that have a participant, ordered by the start of their calls; the participant's primary key. */
  listsOfParticipant: `SELECT start_ticks, call_no, list_no FROM rollcall.participant
    WHERE tenant_no = $1 AND participant_key = $2 AND (start_ticks, call_no, list_no) > ($3, $4, $5) AND start_ticks < $6
    ORDER BY start_ticks, call_no, list_no LIMIT $7`,
  /** Return the calls of those lists that are in a visible edition; the listing's primary key for each. */
  callsOfLists: `SELECT ${listedColumns} ${amongThese(shown('$6', '$7'))} ${byStart} LIMIT $8`,
  callsOfListsCount: `SELECT count(*) ${amongThese(shown('$6', '$7'))}`,
  /** Return the same as of a time; then listing_of_call for each. */
  callsOfListsAt: `SELECT ${listedColumns} ${amongThese(shownAt('$6', '$7', '$8', '$9'))} ${byStart} LIMIT $10`,
  callsOfListsAtCount: `SELECT count(*) ${amongThese(shownAt('$6', '$7', '$8', '$9'))}`,
  /** Returns the calls that started last; backward through the listing's primary key. */
  someCalls: `SELECT l.call_key, l.long_id, l.participants_count FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND l.until_edition IS NULL AND l.start_ticks > $2
    ORDER BY l.start_ticks DESC, l.call_no DESC LIMIT $3`,

  noteLogChange: 'UPDATE rollcall.tally SET log_changes = log_changes + 1 WHERE tenant_no = $1',
  /** Returns the totals; the tally, one row per tenant. */
  totals: 'SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(editions), 0)::bigint FROM rollcall.tally',
  /** Returns calls ordered by key; the edition's primary key. */
  callIds: `SELECT DISTINCT e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 ORDER BY e.call_key LIMIT $3`,
  /**
   * Returns calls whose newest edition has missing parts or inferred participants; edition_wanting, then the edition's
   * primary key.
   */
  wantingIds: `SELECT w.call_key, w.long_id FROM rollcall.edition w
    WHERE w.tenant_no = $1 AND w.call_key > $2 AND (w.lacking <> 0 OR w.found_count <> 0) AND w.edition_no = (
      SELECT e.edition_no FROM rollcall.edition e WHERE e.tenant_no = w.tenant_no AND e.call_key = w.call_key
      ORDER BY e.version DESC, e.edition_no DESC LIMIT 1)
    ORDER BY w.call_key LIMIT $3`,
  /** Returns newest editions with missing parts; the same indexes. */
  lackingEditions: `SELECT ${editionText}, e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.lacking <> 0 AND e.edition_no = (
      SELECT n.edition_no FROM rollcall.edition n WHERE n.tenant_no = e.tenant_no AND n.call_key = e.call_key
      ORDER BY n.version DESC, n.edition_no DESC LIMIT 1)
    ORDER BY e.call_key LIMIT $3`,
  /** Returns newest editions with oddities; edition_odd, then the edition's primary key. */
  oddEditions: `SELECT ${editionText}, e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.odd IS NOT NULL AND e.edition_no = (
      SELECT n.edition_no FROM rollcall.edition n WHERE n.tenant_no = e.tenant_no AND n.call_key = e.call_key
      ORDER BY n.version DESC, n.edition_no DESC LIMIT 1)
    ORDER BY e.call_key LIMIT $3`,
  /** Returns the newest edition of each of these calls; one range of the primary key per call. */
  newestOfCalls: `SELECT DISTINCT ON (e.call_key) ${editionText}, e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])
    ORDER BY e.call_key, e.version DESC, e.edition_no DESC`,
  keepVerification: `INSERT INTO rollcall.verification (tenant_no, ended_ms, report, crc)
    SELECT tenant_no, $2, $3, $4 FROM rollcall.tally WHERE tenant_no = $1 AND (editions > 0 OR log_changes > 0)
    ON CONFLICT (tenant_no) DO UPDATE SET ended_ms = excluded.ended_ms, report = excluded.report, crc = excluded.crc`,
  /** Returns how many pages failed their checksum, where the server has data checksums. */
  checksumFailures: `SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()`,

  /**
   * Returns the primary's state: its visible transactions, and the end of the log that holds them. A standby gets only
   * flushed log.
   */
  primaryState: `SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
      ELSE pg_current_snapshot()::text END,
    (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
      WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn()
      ELSE pg_current_wal_flush_lsn() END - '0/0')::bigint`,
  /** Returns a standby's position; null for any other server. */
  replicaState: `SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END`,
  /** Returns whether other servers hold rows too. */
  isCluster: `SELECT 1 FROM pg_extension WHERE extname = 'citus'`,

  /** Returns rows of a log; primary key. Skipping scans the key, because Graph's own next links of logs count rows. */
  logRows: `SELECT kind, ticks, text, crc FROM rollcall.log_row WHERE tenant_no = $1 AND kind = $2 AND ticks >= $3 AND ticks < $4
    ORDER BY ticks, row_key LIMIT $5 OFFSET $6`,
  /** Returns rows of a log in reverse order; the same key. */
  newestLogRows: `SELECT kind, ticks, text, crc FROM rollcall.log_row WHERE tenant_no = $1 AND kind = $2 AND ticks >= $3 AND ticks < $4
    ORDER BY ticks DESC, row_key DESC LIMIT $5 OFFSET $6`,
  /**
   * Adds log rows.
   *
   * @returns The rows whose text changed.
   */
  addLogRows: `INSERT INTO rollcall.log_row AS r (tenant_no, kind, ticks, row_key, text, crc)
    SELECT $1::integer, * FROM unnest($2::text[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[])
    ON CONFLICT (tenant_no, kind, ticks, row_key) DO UPDATE SET text = excluded.text, crc = excluded.crc WHERE r.text <> excluded.text
    RETURNING kind, ticks, row_key`,

  /** Locks a tenant for an exclusive task; primary key. */
  lockTenant: 'SELECT last_edition, phrases_dropped FROM rollcall.tally WHERE tenant_no = $1 FOR UPDATE',
  addTally: `UPDATE rollcall.tally SET last_edition = $2, calls = calls + $3, editions = editions + $4,
      participants = participants + $5, incomplete = incomplete + $6, found = found + $7, versions = versions + $8, odd = odd + $9
    WHERE tenant_no = $1`,
  endListing: `UPDATE rollcall.listing SET until_edition = $1
    WHERE tenant_no = $2 AND start_ticks = $3 AND call_no = $4 AND edition_no = $5`,

  ...shared.texts,
  upstreamTenants: `SELECT t.tenant_id FROM rollcall.tenant t JOIN (
      SELECT tenant_no FROM rollcall.upstream_span UNION SELECT tenant_no FROM rollcall.upstream_state
      UNION SELECT tenant_no FROM rollcall.upstream_call) u USING (tenant_no)
    ORDER BY t.tenant_id`,
  /**
   * Returns whether the newest edition of each of these calls is complete; one range of the edition's primary key per
   * call.
   */
  heldOfCalls: `SELECT DISTINCT ON (e.call_key) e.call_key, e.long_id, e.version, e.participants_complete,
      e.sessions_complete
    FROM rollcall.edition e WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])
    ORDER BY e.call_key, e.version DESC, e.edition_no DESC`,
  ...retentionStatements,
  ...transferStatements,
  ...renewalStatements,
  /**
   * Returns lists of a call that have one of some participants; the participant's primary key, once per id and start.
   */
  listsWithParticipants: `SELECT participant_key, list_no FROM rollcall.participant
    WHERE tenant_no = $1 AND participant_key = ANY($2::bytea[]) AND start_ticks = ANY($3::bigint[]) AND call_no = $4`,
  /** Returns the calls of old pieces; quarantine_by_time. */
  quarantinedCallsBefore: `SELECT DISTINCT call_key FROM rollcall.quarantine
    WHERE tenant_no = $1 AND at_ms < $2 AND call_key IS NOT NULL`,
  /** Deletes old pieces of no call and of these calls. */
  dropQuarantinedBefore: `DELETE FROM rollcall.quarantine
    WHERE tenant_no = $1 AND at_ms < $2 AND (call_key IS NULL OR call_key = ANY ($3::bytea[])) RETURNING 1`,
  /** Returns calls in a range with an edition that has neither a list nor inferred participants; primary key. */
  unlistedCalls: `SELECT DISTINCT e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.call_key <= $3
      AND e.participants_list IS NULL AND e.found_list IS NULL ORDER BY e.call_key`,
  ...searchStatements,
} as const satisfies Record<EngineStatement, string> & Record<string, string>;

export type StatementName = keyof typeof statements;
