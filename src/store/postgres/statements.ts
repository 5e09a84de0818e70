/**
 * Every statement of the PostgreSQL store about calls and logs, with the question it answers and the index it rides on.
 *
 * Each is prepared once on each connection, under its name. None joins what belongs to a call with what is a tenant's or
 * a participant's: on a cluster each touches one shard (docs/decisions/0009-postgresql.md).
 */
import { verificationFields } from '../evidence-rows.ts';
import { selectionOf } from '../table-sql.ts';
import { postgresDialect } from './dialect.ts';
import { editionText, editionPageColumns } from './edition-text.ts';
import { quarantineStatements } from './quarantine-statements.ts';
import { retentionStatements } from './retention-statements.ts';
import { renewalStatements } from './renewal-statements.ts';
import { searchStatements } from './search-statements.ts';
import { subscriptionStatements } from './subscription-statements.ts';
import { transferStatements } from './transfer-statements.ts';
import { upstreamStatements } from './upstream-statements.ts';

export const verification = selectionOf(postgresDialect, verificationFields);
const blockColumns = 'b.entity_count, b.text_length, b.crc, b.flags, b.body, b.layout';
const withBlock = `LEFT JOIN rollcall.participant_block b ON b.tenant_no = e.tenant_no AND b.call_key = e.call_key
    AND b.list_no = e.participants_list AND b.block_no = $3`;
const ofCall = 'e.tenant_no = $1 AND e.call_key = $2';
const newestFirst = 'ORDER BY e.version DESC, e.edition_no DESC LIMIT 1';
const readBlock = (table: string) => `SELECT ${blockColumns} FROM rollcall.${table} b
  WHERE b.tenant_no = $1 AND b.call_key = $2 AND b.list_no = $3 AND b.block_no = $4`;
const endedBy = (ticks: string) => `(l.end_ticks IS NULL OR l.end_ticks <= ${ticks})`;
/** Rows of the listing that were the newest as of an edition, of calls that ended by a time. */
const shown = (asOf: string, ended: string) => `l.edition_no <= ${asOf}
    AND (l.until_edition IS NULL OR l.until_edition > ${asOf}) AND ${endedBy(ended)}`;
/** The edition of a call that there was at a time, else the newest modified by then, of those there as of an edition. */
const shownAt = (asOf: string, ended: string, ms: string, ticks: string) => {
  const newest = (condition: string) => `(SELECT c.edition_no FROM rollcall.listing c
      WHERE c.tenant_no = $1 AND c.call_no = l.call_no AND c.edition_no <= ${asOf} AND ${condition}
      ORDER BY c.version DESC, c.edition_no DESC LIMIT 1)`;
  return `l.edition_no = coalesce(${newest(`c.received_ms <= ${ms}`)}, ${newest(`c.modified_ticks <= ${ticks}`)})
    AND ${endedBy(ended)}`;
};
/** In the order of the key, so that a page begins where the last one ended and reads no more than it gives. */
const inSpan = (isShown: string) => `FROM rollcall.listing l
  WHERE l.tenant_no = $1 AND (l.start_ticks, l.call_no) > ($2, $3) AND l.start_ticks < $4 AND ${isShown}`;
/** Of these calls, those whose list it is in the edition shown. */
const amongThese = (isShown: string) =>
  `FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS c (start_ticks, call_no, list_no)
  JOIN rollcall.listing l ON l.tenant_no = $1 AND l.start_ticks = c.start_ticks AND l.call_no = c.call_no
    AND (l.participants_list = c.list_no OR ($5::boolean AND l.found_list = c.list_no))
  WHERE ${isShown}`;
const listedColumns = `l.start_ticks, l.call_no, l.call_key, l.long_id,
  1, l.head_length, l.head_crc, l.head_flags, l.head_body, l.head_layout`;
const byStart = 'ORDER BY l.start_ticks, l.call_no';

export const statements = {
  /** Number of a tenant; unique index on tenant_id. */
  tenant: 'SELECT tenant_no FROM rollcall.tenant WHERE tenant_id = $1',
  /** The other way round; primary key. */
  tenantId: 'SELECT tenant_id FROM rollcall.tenant WHERE tenant_no = $1',
  addTenant: 'INSERT INTO rollcall.tenant (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING',
  addTenantTally: 'INSERT INTO rollcall.tally (tenant_no) VALUES ($1) ON CONFLICT DO NOTHING',

  /** Primary key. */
  lease: 'SELECT holder, until_ms FROM rollcall.lease WHERE name = $1',
  /** @returns A row unless another has written since the one with holder $4 and end $5 was read. */
  setLease: `INSERT INTO rollcall.lease AS l (name, holder, until_ms) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
      WHERE l.holder = $4 AND l.until_ms = $5
    RETURNING 1`,
  releaseLease: 'DELETE FROM rollcall.lease WHERE name = $1 AND holder = $2',

  /** A secret by name; primary key. */
  secret: 'SELECT value FROM rollcall.secret WHERE name = $1',
  /** The last is the value that it takes the place of, where it takes the place of one. */
  addSecret: `INSERT INTO rollcall.secret AS s (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE s.value = $3`,

  /** The newest edition of a call; one step back from the end of its run in the primary key. */
  latestEdition: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} ${newestFirst}`,
  /** A named edition, or the newest of a version, of those there at a time, of those modified by then; its run. */
  editionByNo: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} AND e.edition_no = $3`,
  editionOfVersion: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} AND e.version = $3 ${newestFirst}`,
  editionReceivedBy: `SELECT ${editionText} FROM rollcall.edition e
    WHERE ${ofCall} AND e.received_ms <= $3 ${newestFirst}`,
  editionModifiedBy: `SELECT ${editionText} FROM rollcall.edition e
    WHERE ${ofCall} AND e.modified_ticks <= $3 ${newestFirst}`,
  /** The newest or a named edition with a block of its participants; then the block's primary key. */
  latestPage: `SELECT ${editionPageColumns} FROM rollcall.edition e ${withBlock} WHERE ${ofCall} ${newestFirst}`,
  pageByNo: `SELECT ${editionPageColumns} FROM rollcall.edition e ${withBlock}
    WHERE ${ofCall} AND e.edition_no = $4`,
  /** Every edition of a call; its run in the primary key. */
  editionsOfCall: `SELECT ${editionText} FROM rollcall.edition e WHERE ${ofCall} ORDER BY e.version, e.edition_no`,
  /** The editions of calls, to decide what received calls add; the run of each. */
  knownEditions: `SELECT e.edition_no, e.version, e.head_digest, e.participants_digest, e.sessions_digest, e.start_ticks,
      e.participants_count, e.found_count, e.lacking, e.participants_list, e.odd IS NOT NULL, e.call_key, e.long_id
    FROM rollcall.edition e WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])`,
  hasList: `SELECT 1 FROM rollcall.edition e
    WHERE ${ofCall} AND (e.participants_digest = $3 OR e.sessions_digest = $3) LIMIT 1`,
  /** A call's own members; primary key. */
  head: `SELECT 1, e.head_length, e.head_crc, e.head_flags, e.head_body, e.head_layout
    FROM rollcall.edition e WHERE ${ofCall} AND e.version = $3 AND e.edition_no = $4`,

  /** A block of a list; primary key of its table. */
  participantBlock: readBlock('participant_block'),
  sessionBlock: readBlock('session_block'),
  segmentBlock: readBlock('segment_block'),
  /** Where the first session with an id stands: the keys of a list's blocks, which are next to each other. */
  sessionIndex: `SELECT b.block_no, array_position(b.session_keys, $4::bytea) - 1 FROM rollcall.session_block b
    WHERE b.tenant_no = $1 AND b.call_key = $2 AND b.list_no = $3 AND array_position(b.session_keys, $4::bytea) IS NOT NULL
    ORDER BY b.block_no LIMIT 1`,
  /** Where a participant stands in a list; primary key. */
  participantIndex: `SELECT position FROM rollcall.participant
    WHERE tenant_no = $1 AND participant_key = $2 AND start_ticks = $3 AND call_no = $4 AND list_no = $5`,

  /** Number of a tenant's newest edition; primary key. */
  newestEdition: 'SELECT last_edition FROM rollcall.tally WHERE tenant_no = $1',
  /** A page of the list of calls; the listing's primary key. */
  calls: `SELECT ${listedColumns} ${inSpan(shown('$5', '$6'))} ${byStart} LIMIT $7`,
  callsCount: `SELECT count(*) ${inSpan(shown('$5', '$6'))}`,
  /** The same as it was at a time; then listing_of_call for each. */
  callsAt: `SELECT ${listedColumns} ${inSpan(shownAt('$5', '$6', '$7', '$8'))} ${byStart} LIMIT $9`,
  callsAtCount: `SELECT count(*) ${inSpan(shownAt('$5', '$6', '$7', '$8'))}`,
  /** Lists that a participant is in, in the order the calls started; the participant's primary key. */
  listsOfParticipant: `SELECT start_ticks, call_no, list_no FROM rollcall.participant
    WHERE tenant_no = $1 AND participant_key = $2 AND (start_ticks, call_no, list_no) > ($3, $4, $5) AND start_ticks < $6
    ORDER BY start_ticks, call_no, list_no LIMIT $7`,
  /** Those of them that count, with their calls; the listing's primary key for each. */
  callsOfLists: `SELECT ${listedColumns} ${amongThese(shown('$6', '$7'))} ${byStart} LIMIT $8`,
  callsOfListsCount: `SELECT count(*) ${amongThese(shown('$6', '$7'))}`,
  /** The same as it was at a time; then listing_of_call for each. */
  callsOfListsAt: `SELECT ${listedColumns} ${amongThese(shownAt('$6', '$7', '$8', '$9'))} ${byStart} LIMIT $10`,
  callsOfListsAtCount: `SELECT count(*) ${amongThese(shownAt('$6', '$7', '$8', '$9'))}`,
  /** The calls that began last; back from the end of the listing's primary key. */
  someCalls: `SELECT l.call_key, l.long_id, l.participants_count FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND l.until_edition IS NULL AND l.start_ticks > $2
    ORDER BY l.start_ticks DESC, l.call_no DESC LIMIT $3`,

  /** Tenants that have calls, what each has, and what all have; the tally, a row a tenant. */
  tenants: `SELECT t.tenant_id FROM rollcall.tenant t JOIN rollcall.tally y USING (tenant_no)
    WHERE y.editions > 0 ORDER BY t.tenant_id`,
  tally: `SELECT calls, editions, participants, incomplete, found, versions, odd FROM rollcall.tally WHERE tenant_no = $1`,
  storedTenants: `SELECT t.tenant_id FROM rollcall.tenant t JOIN rollcall.tally y USING (tenant_no)
    WHERE y.editions > 0 OR y.log_changes > 0 ORDER BY t.tenant_id`,
  changes: 'SELECT last_edition, log_changes FROM rollcall.tally WHERE tenant_no = $1',
  noteLogChange: 'UPDATE rollcall.tally SET log_changes = log_changes + 1 WHERE tenant_no = $1',
  totals: 'SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(editions), 0)::bigint FROM rollcall.tally',
  /** Calls in the order of their keys; the edition's primary key. */
  callIds: `SELECT DISTINCT e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 ORDER BY e.call_key LIMIT $3`,
  /** Those whose newest edition wants something; edition_wanting, then the edition's primary key. */
  wantingIds: `SELECT w.call_key, w.long_id FROM rollcall.edition w
    WHERE w.tenant_no = $1 AND w.call_key > $2 AND (w.lacking <> 0 OR w.found_count <> 0) AND w.edition_no = (
      SELECT e.edition_no FROM rollcall.edition e WHERE e.tenant_no = w.tenant_no AND e.call_key = w.call_key
      ORDER BY e.version DESC, e.edition_no DESC LIMIT 1)
    ORDER BY w.call_key LIMIT $3`,
  /** Those that lack something; likewise. */
  lackingEditions: `SELECT ${editionText}, e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.lacking <> 0 AND e.edition_no = (
      SELECT n.edition_no FROM rollcall.edition n WHERE n.tenant_no = e.tenant_no AND n.call_key = e.call_key
      ORDER BY n.version DESC, n.edition_no DESC LIMIT 1)
    ORDER BY e.call_key LIMIT $3`,
  /** Those that have marks; edition_odd, then likewise. */
  oddEditions: `SELECT ${editionText}, e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.odd IS NOT NULL AND e.edition_no = (
      SELECT n.edition_no FROM rollcall.edition n WHERE n.tenant_no = e.tenant_no AND n.call_key = e.call_key
      ORDER BY n.version DESC, n.edition_no DESC LIMIT 1)
    ORDER BY e.call_key LIMIT $3`,
  /** The newest edition of each of these calls; the run of each in the primary key. */
  newestOfCalls: `SELECT DISTINCT ON (e.call_key) ${editionText}, e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])
    ORDER BY e.call_key, e.version DESC, e.edition_no DESC`,
  /** What the last verification found; primary key. */
  verification: `SELECT ${verification.list} FROM rollcall.verification v WHERE v.tenant_no = $1`,
  keepVerification: `INSERT INTO rollcall.verification (tenant_no, ended_ms, report, crc)
    SELECT tenant_no, $2, $3, $4 FROM rollcall.tally WHERE tenant_no = $1 AND (editions > 0 OR log_changes > 0)
    ON CONFLICT (tenant_no) DO UPDATE SET ended_ms = excluded.ended_ms, report = excluded.report, crc = excluded.crc`,
  dropVerification: 'DELETE FROM rollcall.verification WHERE tenant_no = $1',
  /** Pages that failed their checksum, where the server has checksums. */
  checksumFailures: `SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()`,

  /** Where the primary stands: what is visible, and the end of the log that holds it. What is not flushed is not sent. */
  primaryState: `SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
      ELSE pg_current_snapshot()::text END,
    (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
      WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn()
      ELSE pg_current_wal_flush_lsn() END - '0/0')::bigint`,
  /** How far a standby is; null on any other server. */
  replicaState: `SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END`,
  /** Whether others than this server hold rows. */
  isCluster: `SELECT 1 FROM pg_extension WHERE extname = 'citus'`,

  /** Rows of a log; primary key. Skipping walks the key: Graph's own next links of logs count rows. */
  logRows: `SELECT kind, ticks, text, crc FROM rollcall.log_row WHERE tenant_no = $1 AND kind = $2 AND ticks >= $3 AND ticks < $4
    ORDER BY ticks, row_key LIMIT $5 OFFSET $6`,
  /** The same backwards; the same key. */
  newestLogRows: `SELECT kind, ticks, text, crc FROM rollcall.log_row WHERE tenant_no = $1 AND kind = $2 AND ticks >= $3 AND ticks < $4
    ORDER BY ticks DESC, row_key DESC LIMIT $5 OFFSET $6`,
  /** All of a tenant, some at a time; the same key. */
  everyLogRow: `SELECT kind, ticks, text, crc, row_key FROM rollcall.log_row
    WHERE tenant_no = $1 AND (kind, ticks, row_key) > ($2, $3, $4) ORDER BY kind, ticks, row_key LIMIT $5`,
  /** @returns Those that are another text than before. */
  addLogRows: `INSERT INTO rollcall.log_row AS r (tenant_no, kind, ticks, row_key, text, crc)
    SELECT $1::integer, * FROM unnest($2::text[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[])
    ON CONFLICT (tenant_no, kind, ticks, row_key) DO UPDATE SET text = excluded.text, crc = excluded.crc WHERE r.text <> excluded.text
    RETURNING kind, ticks, row_key`,

  /** Begins what only one may do at a time with a tenant; primary key. */
  lockTenant: 'SELECT last_edition, phrases_dropped FROM rollcall.tally WHERE tenant_no = $1 FOR UPDATE',
  addTally: `UPDATE rollcall.tally SET last_edition = $2, calls = calls + $3, editions = editions + $4,
      participants = participants + $5, incomplete = incomplete + $6, found = found + $7, versions = versions + $8, odd = odd + $9
    WHERE tenant_no = $1`,
  endListing: `UPDATE rollcall.listing SET until_edition = $1
    WHERE tenant_no = $2 AND start_ticks = $3 AND call_no = $4 AND edition_no = $5`,

  ...subscriptionStatements,
  ...upstreamStatements,
  ...retentionStatements,
  ...transferStatements,
  ...renewalStatements,
  ...quarantineStatements,
  /** A tenant whose calls are to be checked; the tally, a row a tenant. */
  firstInference: `SELECT y.tenant_no, t.tenant_id FROM rollcall.tally y JOIN rollcall.tenant t USING (tenant_no)
    WHERE y.inferring_after IS NOT NULL ORDER BY y.tenant_no LIMIT 1`,
  /** The last call that was checked; primary key. */
  inferringAfter: 'SELECT inferring_after FROM rollcall.tally WHERE tenant_no = $1',
  moveInference: 'UPDATE rollcall.tally SET inferring_after = $2 WHERE tenant_no = $1',
  beginInference: `UPDATE rollcall.tally SET inferring_after = '' WHERE tenant_no = $1`,
  /** Calls with an edition that has neither a list nor anybody inferred, from one to another; primary key. */
  unlistedCalls: `SELECT DISTINCT e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.call_key <= $3
      AND e.participants_list IS NULL AND e.found_list IS NULL ORDER BY e.call_key`,
  ...searchStatements,
} as const;

export type StatementName = keyof typeof statements;
