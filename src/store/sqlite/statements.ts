/** Every statement of the SQLite store about calls and logs, each with its purpose and the index that it uses. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type SharedStatement, statementsIn } from '../shared-statements.ts';
import type { EngineStatement } from '../steps.ts';
import { blockColumns, sqliteEditionColumns, headColumns } from './columns.ts';
import { sqliteDialect } from './dialect.ts';
import { itemChecks } from './list-items.ts';
import { renewalStatements } from './renewal-statements.ts';
import { searchStatements, wideSearchStatements } from './search-statements.ts';
import { retentionStatements, wideRetentionStatements } from './retention-statements.ts';
import { transferStatements, wideTransferStatements } from './transfer-statements.ts';

export const shared = statementsIn(sqliteDialect);
const pageColumns = 'b.entity_count, b.text_length, b.crc, b.flags, b.body, b.layout';
const withBlock = `LEFT JOIN participant_block b
    ON b.tenant_no = e.tenant_no AND b.list_no = e.participants_list AND b.block_no = ?`;
/** Selects the listing rows that were visible as of an edition. */
const asOf = 'l.edition_no <= ? AND (l.until_edition IS NULL OR l.until_edition > ?)';
const ended = '(l.end_ticks IS NULL OR l.end_ticks <= ?)';
/** In the order of the key, so that a page begins where the last one ended and reads only what it returns. */
const inSpan = `WHERE l.tenant_no = ? AND (l.start_ticks, l.call_no) > (?, ?) AND l.start_ticks < ?
    AND ${asOf} AND ${ended}`;
const ofParticipant = `FROM participant p
  CROSS JOIN listing l ON l.tenant_no = p.tenant_no AND l.start_ticks = p.start_ticks AND l.call_no = p.call_no
  CROSS JOIN edition e ON e.edition_no = l.edition_no AND p.list_no IN (e.participants_list, iif(?, e.found_list, NULL))
  WHERE p.tenant_no = ? AND p.participant_id = ? AND (p.start_ticks, p.call_no) > (?, ?) AND p.start_ticks < ?
    AND ${asOf} AND ${ended}`;
/** Selects the edition that a call had at a time, else the newest modified by then, among those up to an edition. */
const shownAt = (condition: string) => `SELECT c.edition_no FROM edition c
    WHERE c.tenant_no = e.tenant_no AND c.call_id = e.call_id AND c.edition_no <= ? AND ${condition}
    ORDER BY c.version DESC, c.edition_no DESC LIMIT 1`;
const isShownAt = `e.edition_no = coalesce((${shownAt('c.received_ms <= ?')}), (${shownAt('c.modified_ticks <= ?')}))
    AND (e.end_ticks IS NULL OR e.end_ticks <= ?)`;
const atTime = `FROM edition e INDEXED BY edition_by_start
  WHERE e.tenant_no = ? AND (e.start_ticks, e.call_no) > (?, ?) AND e.start_ticks < ? AND ${isShownAt}`;
const ofParticipantAtTime = `FROM participant p
  CROSS JOIN edition e INDEXED BY edition_by_start ON e.tenant_no = p.tenant_no AND e.start_ticks = p.start_ticks
    AND e.call_no = p.call_no AND p.list_no IN (e.participants_list, iif(?, e.found_list, NULL))
  WHERE p.tenant_no = ? AND p.participant_id = ? AND (p.start_ticks, p.call_no) > (?, ?) AND p.start_ticks < ?
    AND ${isShownAt}`;
const byStart = 'ORDER BY l.start_ticks, l.call_no LIMIT ?';
const byParticipantStart = 'ORDER BY p.start_ticks, p.call_no LIMIT ?';
/** Joins items in SQL: the first part, the service root, and the second part of each. */
const joined = (calls: string) => `SELECT count(*), max(start_ticks), group_concat(call_no),
    ${itemChecks},
    CAST(group_concat(item_before || coalesce(? || item_after, ''), ',') AS BLOB)
  FROM (SELECT l.start_ticks, l.call_no, l.item_before, l.item_after, l.item_crc ${calls})`;
const blockTable = (table: string) => ({
  read: `SELECT ${blockColumns} FROM ${table} WHERE tenant_no = ? AND list_no = ? AND block_no = ?`,
  add: `INSERT INTO ${table} (tenant_no, list_no, block_no, ${blockColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
});
const participantBlock = blockTable('participant_block');
const sessionBlock = blockTable('session_block');
const segmentBlock = blockTable('segment_block');

const texts = {
  /** Returns the number of a tenant; unique index on tenant_id. */
  tenant: 'SELECT tenant_no FROM tenant WHERE tenant_id = ?',
  /** Returns the tenant with a number; primary key. */
  tenantId: 'SELECT tenant_id FROM tenant WHERE tenant_no = ?',
  addTenant: 'INSERT INTO tenant (tenant_id) VALUES (?) ON CONFLICT DO NOTHING',

  /** Returns a secret by name; primary key. */
  secret: 'SELECT value FROM secret WHERE name = ?',
  /** Adds a secret, or replaces the value in the last parameter. */
  addSecret: `INSERT INTO secret (name, value) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value WHERE value = ?`,

  /** Returns the newest edition of a call; the last row of its range in edition_of_call. */
  latestEdition: `SELECT ${sqliteEditionColumns} FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  /** Returns the newest edition of a version; edition_of_call. */
  editionOfVersion: `SELECT ${sqliteEditionColumns} FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? AND e.version = ? ORDER BY e.edition_no DESC LIMIT 1`,
  /** Return the newest edition received by a time, or modified by a time; edition_of_call. */
  editionReceivedBy: `SELECT ${sqliteEditionColumns} FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? AND e.received_ms <= ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  editionModifiedBy: `SELECT ${sqliteEditionColumns} FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? AND e.modified_ticks <= ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  /** Returns an edition by number, if it belongs to the call; primary key. */
  editionByNo: `SELECT ${sqliteEditionColumns} FROM edition e
    WHERE e.edition_no = ? AND e.tenant_no = ? AND e.call_id = ?`,
  /** Return the newest or a given edition with a block of its participants; as above, then the block's primary key. */
  latestPage: `SELECT ${sqliteEditionColumns}, ${pageColumns} FROM edition e ${withBlock}
    WHERE e.tenant_no = ? AND e.call_id = ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  pageByNo: `SELECT ${sqliteEditionColumns}, ${pageColumns} FROM edition e ${withBlock}
    WHERE e.edition_no = ? AND e.tenant_no = ? AND e.call_id = ?`,
  /** Returns the editions of a call, to decide what a received call adds; edition_of_call. */
  knownEditions: `SELECT edition_no, version, head_digest, participants_digest, sessions_digest, start_ticks,
      participants_count, found_count, lacking, participants_list, odd IS NOT NULL
    FROM edition WHERE tenant_no = ? AND call_id = ?`,
  /** Returns a call's own members; primary key. */
  head: `SELECT ${headColumns} FROM edition e WHERE e.edition_no = ? AND e.tenant_no = ?`,

  /** Return a block of a list; primary key of its table. */
  participantBlock: participantBlock.read,
  sessionBlock: sessionBlock.read,
  segmentBlock: segmentBlock.read,

  /** Returns whether a participant is in any list; the beginning of the primary key. */
  isParticipantKey: 'SELECT 1 FROM participant WHERE tenant_no = ? AND participant_id = ? LIMIT 1',
  /** Returns the index of a participant in a list; primary key. */
  participantIndex: `SELECT position FROM participant
    WHERE tenant_no = ? AND participant_id = ? AND start_ticks = ? AND call_no = ? AND list_no = ?`,
  /** Returns the index of a session in a list; primary key. */
  sessionIndex: 'SELECT position FROM session WHERE tenant_no = ? AND list_no = ? AND session_id = ?',

  /** Return a page of the list of calls; the listing's primary key, then the edition's. */
  calls: `SELECT l.start_ticks, l.call_no, e.call_id, ${headColumns}
    FROM listing l NOT INDEXED CROSS JOIN edition e ON e.edition_no = l.edition_no ${inSpan} ${byStart}`,
  callsText: joined(`FROM listing l NOT INDEXED ${inSpan} ${byStart}`),
  /** The two statements that need no text read listing_span, which has no text. */
  callsMore: `SELECT 1 FROM listing l INDEXED BY listing_span ${inSpan} LIMIT 1`,
  callsCount: `SELECT count(*) FROM listing l INDEXED BY listing_span ${inSpan}`,
  /** Return the list of a participant's calls; the participant's primary key, then the two above. */
  callsOfParticipant: `SELECT p.start_ticks, p.call_no, e.call_id, ${headColumns} ${ofParticipant} ${byParticipantStart}`,
  callsOfParticipantText: joined(`${ofParticipant} ${byParticipantStart}`),
  callsOfParticipantMore: `SELECT 1 ${ofParticipant} LIMIT 1`,
  callsOfParticipantCount: `SELECT count(*) ${ofParticipant}`,

  /** Return the list as of a time; edition_by_start, or the participant's primary key and then that index. */
  callsAt: `SELECT e.start_ticks, e.call_no, e.call_id, ${headColumns} ${atTime}
    ORDER BY e.start_ticks, e.call_no LIMIT ?`,
  callsAtCount: `SELECT count(*) ${atTime}`,
  callsOfParticipantAt: `SELECT p.start_ticks, p.call_no, e.call_id, ${headColumns} ${ofParticipantAtTime} ${byParticipantStart}`,
  callsOfParticipantAtCount: `SELECT count(*) ${ofParticipantAtTime}`,

  addTally: `INSERT INTO tally (tenant_no, calls, editions, participants, incomplete, found, versions, odd)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, editions = editions + excluded.editions,
      participants = participants + excluded.participants, incomplete = incomplete + excluded.incomplete,
      found = found + excluded.found, versions = versions + excluded.versions,
      odd = odd + excluded.odd`,
  noteEdition: 'UPDATE tally SET last_edition = max(last_edition, ?) WHERE tenant_no = ?',
  noteLogChange: `INSERT INTO tally (tenant_no, calls, editions, participants, incomplete, found, log_changes)
    VALUES (?, 0, 0, 0, 0, 0, 1) ON CONFLICT DO UPDATE SET log_changes = log_changes + 1`,
  keepVerification: `INSERT INTO verification (tenant_no, ended_ms, report, crc) SELECT ?1, ?2, ?3, ?4 WHERE ?1 > 0
    ON CONFLICT DO UPDATE SET ended_ms = excluded.ended_ms, report = excluded.report, crc = excluded.crc`,
  /** Returns calls ordered by id; edition_of_call. */
  callIds: `SELECT DISTINCT call_id FROM edition WHERE tenant_no = ? AND call_id > ? ORDER BY call_id LIMIT ?`,
  /**
   * Returns calls whose newest edition has missing parts or inferred participants; edition_wanting, then
   * edition_of_call.
   */
  wantingIds: `SELECT w.call_id FROM edition w INDEXED BY edition_wanting
    WHERE w.tenant_no = ? AND w.call_id > ? AND (w.lacking <> 0 OR w.found_count <> 0) AND w.edition_no = (
      SELECT e.edition_no FROM edition e WHERE e.tenant_no = w.tenant_no AND e.call_id = w.call_id
      ORDER BY e.version DESC, e.edition_no DESC LIMIT 1)
    ORDER BY w.call_id LIMIT ?`,
  /** Returns newest editions with missing parts; the same indexes. */
  lackingEditions: `SELECT ${sqliteEditionColumns}, e.call_id FROM edition e INDEXED BY edition_wanting
    WHERE e.tenant_no = ? AND e.call_id > ? AND (e.lacking <> 0 OR e.found_count <> 0) AND e.lacking <> 0
      AND e.edition_no = (SELECT n.edition_no FROM edition n WHERE n.tenant_no = e.tenant_no AND n.call_id = e.call_id
      ORDER BY n.version DESC, n.edition_no DESC LIMIT 1)
    ORDER BY e.call_id LIMIT ?`,
  /** Returns newest editions with oddities; edition_odd, then edition_of_call. */
  oddEditions: `SELECT ${sqliteEditionColumns}, e.call_id FROM edition e INDEXED BY edition_odd
    WHERE e.tenant_no = ? AND e.call_id > ? AND e.odd IS NOT NULL
      AND e.edition_no = (SELECT n.edition_no FROM edition n WHERE n.tenant_no = e.tenant_no AND n.call_id = e.call_id
      ORDER BY n.version DESC, n.edition_no DESC LIMIT 1)
    ORDER BY e.call_id LIMIT ?`,
  /** Returns the newest edition of a call with the call's id; edition_of_call. */
  newestOfCalls: `SELECT ${sqliteEditionColumns}, e.call_id FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  /** Returns every edition of a call; edition_of_call. */
  editionsOfCall: `SELECT ${sqliteEditionColumns} FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? ORDER BY e.version, e.edition_no`,
  /**
   * Returns a row per fault in the file's structures, or one row `ok` (sqlite.org/pragma.html#pragma_integrity_check).
   */
  integrity: 'PRAGMA integrity_check(1000)',

  /** Returns rows of a log; primary key. Skipping scans the key, because Graph's own next links of logs count rows. */
  logRows: `SELECT kind, ticks, text, crc FROM log_row WHERE tenant_no = ? AND kind = ? AND ticks >= ? AND ticks < ?
    ORDER BY ticks, row_id LIMIT ? OFFSET ?`,
  /** Returns rows of a log in reverse order; the same key. */
  newestLogRows: `SELECT kind, ticks, text, crc FROM log_row WHERE tenant_no = ? AND kind = ? AND ticks >= ? AND ticks < ?
    ORDER BY ticks DESC, row_id DESC LIMIT ? OFFSET ?`,
  logRow: 'SELECT text FROM log_row WHERE tenant_no = ? AND kind = ? AND ticks = ? AND row_id = ?',
  addLogRow: `INSERT INTO log_row (tenant_no, kind, ticks, row_id, text, crc) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET text = excluded.text, crc = excluded.crc`,

  /** Grows with each commit of another connection (sqlite.org/pragma.html#pragma_data_version). */
  dataVersion: 'PRAGMA data_version',

  /** Returns the last stored calls of a tenant; backward through the primary key. */
  someCalls: `SELECT call_id, participants_count FROM edition
    WHERE tenant_no = ? ORDER BY edition_no DESC LIMIT ?`,
  countCalls: 'SELECT count(*) FROM (SELECT DISTINCT tenant_no, call_id FROM edition)',
  countEditions: 'SELECT count(*) FROM edition',

  addEdition: `INSERT INTO edition (edition_no, tenant_no, call_id, call_no, version, digest,
      start_ticks, end_ticks, modified_ticks, head_digest, head_length, head_crc, head_flags, head_layout, head_body,
      participants_list, participants_count, participants_complete, participants_digest, participants_pages,
      sessions_list, sessions_count, sessions_complete, sessions_digest, sessions_pages,
      found_list, found_count, lacking, received_ms, odd)
    VALUES (${Array(30).fill('?').join(', ')})`,
  addListing: `INSERT INTO listing
      (tenant_no, start_ticks, call_no, edition_no, until_edition, end_ticks, item_before, item_after, item_crc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  endListing: `UPDATE listing SET until_edition = ?
    WHERE tenant_no = ? AND start_ticks = ? AND call_no = ? AND edition_no = ?`,
  /** Returns the last assigned number, which AUTOINCREMENT keeps. */
  lastEditionNo: "SELECT seq FROM sqlite_sequence WHERE name = 'edition'",
  addParticipantBlock: participantBlock.add,
  addSessionBlock: sessionBlock.add,
  addSegmentBlock: segmentBlock.add,
  /** Of several entries with the same id, a lookup finds the first. */
  addParticipant: `INSERT OR IGNORE INTO participant (tenant_no, participant_id, start_ticks, call_no, list_no, position)
    VALUES (?, ?, ?, ?, ?, ?)`,
  addSession: `INSERT OR IGNORE INTO session (tenant_no, list_no, session_id, position) VALUES (?, ?, ?, ?)`,

  ...shared.texts,
  /** Returns the last edition number; a transaction that writes needs no lock. */
  lockTenant: "SELECT seq FROM sqlite_sequence WHERE name = 'edition' AND ?1 > 0",
  upstreamTenants: `SELECT tenant_id FROM tenant t WHERE
      EXISTS (SELECT 1 FROM upstream_call c WHERE c.tenant_no = t.tenant_no)
      OR EXISTS (SELECT 1 FROM upstream_span s WHERE s.tenant_no = t.tenant_no)
      OR EXISTS (SELECT 1 FROM upstream_state n WHERE n.tenant_no = t.tenant_no)
    ORDER BY tenant_id`,
  /** Returns whether the newest edition of a call is complete; the last row of its range in edition_of_call. */
  heldOfCalls: `SELECT call_id, version, participants_complete, sessions_complete FROM edition
    WHERE tenant_no = ? AND call_id = ? ORDER BY version DESC, edition_no DESC LIMIT 1`,
  ...retentionStatements,
  ...transferStatements,
  ...renewalStatements,
  /**
   * Returns lists of a call that have one of some participants; the participant's primary key, once per id and start.
   */
  listsWithParticipants: `SELECT p.participant_id, p.list_no
    FROM json_each(?) i CROSS JOIN json_each(?) s CROSS JOIN participant p ON p.participant_id = i.value
      AND p.start_ticks = s.value
    WHERE p.tenant_no = ? AND p.call_no = ?`,
  /** Deletes old pieces of calls that are not stored; quarantine_by_time, then edition_of_call. */
  dropQuarantinedBefore: `DELETE FROM quarantine AS q
    WHERE q.tenant_no = ? AND q.at_ms < ? AND (q.call_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM edition e WHERE e.tenant_no = q.tenant_no AND e.call_id = q.call_id)) RETURNING 1`,
  /** Returns calls in a range with an edition that has neither a list nor inferred participants; edition_of_call. */
  unlistedCalls: `SELECT DISTINCT call_id FROM edition WHERE tenant_no = ? AND call_id > ? AND call_id <= ?
    AND participants_list IS NULL AND found_list IS NULL ORDER BY call_id`,
  ...searchStatements,
} as const satisfies Record<EngineStatement, string> & Record<string, string>;

export type StatementName = keyof typeof texts;

/** Statements whose 64-bit columns may exceed 2^53 and are read as bigints. */
const wide: ReadonlySet<StatementName> = new Set<StatementName>([
  'latestEdition',
  'editionByNo',
  'latestPage',
  'pageByNo',
  'editionOfVersion',
  'editionReceivedBy',
  'editionModifiedBy',
  'editionsOfCall',
  'lackingEditions',
  'oddEditions',
  'knownEditions',
  'calls',
  'callsText',
  'callsOfParticipant',
  'callsOfParticipantText',
  'callsAt',
  'logRows',
  'newestLogRows',
  'newestOfCalls',
  'callsOfParticipantAt',
  'heldOfCalls',
  ...(Object.keys(shared.texts) as SharedStatement[]), // its own keys
  ...wideRetentionStatements,
  ...wideTransferStatements,
  ...wideSearchStatements,
]);

/**
 * Prepares statements whose rows are arrays: each statement names its columns in order, and arrays cost half as much as
 * objects.
 */
export function prepareStatements(database: DatabaseSync): (name: StatementName) => StatementSync {
  const prepared = new Map<StatementName, StatementSync>();
  return (name) => {
    let statement = prepared.get(name);
    if (statement === undefined) {
      statement = database.prepare(texts[name]);
      statement.setReturnArrays(true);
      if (wide.has(name)) statement.setReadBigInts(true);
      prepared.set(name, statement);
    }
    return statement;
  };
}
