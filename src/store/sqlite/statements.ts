/** Every statement of the SQLite store, with the question it answers and the index it rides on. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

const editionColumns = `e.edition_no, e.version, e.digest,
  e.participants_list, e.participants_count, e.participants_complete,
  e.sessions_list, e.sessions_count, e.sessions_complete`;
const blockColumns = 'entity_count, text_length, crc, flags, body, layout';
const pageColumns = 'b.entity_count, b.text_length, b.crc, b.flags, b.body, b.layout';
const withBlock = `LEFT JOIN participant_block b
    ON b.tenant_no = e.tenant_no AND b.list_no = e.participants_list AND b.block_no = ?`;
const blockTable = (table: string) => ({
  read: `SELECT ${blockColumns} FROM ${table} WHERE tenant_no = ? AND list_no = ? AND block_no = ?`,
  add: `INSERT INTO ${table} (tenant_no, list_no, block_no, ${blockColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
});
const participantBlock = blockTable('participant_block');
const sessionBlock = blockTable('session_block');
const segmentBlock = blockTable('segment_block');

const texts = {
  /** Number of a tenant; unique index on tenant_id. */
  tenant: 'SELECT tenant_no FROM tenant WHERE tenant_id = ?',
  addTenant: 'INSERT INTO tenant (tenant_id) VALUES (?) ON CONFLICT DO NOTHING',

  /** A secret by name; primary key. */
  secret: 'SELECT value FROM secret WHERE name = ?',
  addSecret: 'INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING',

  /** The newest edition of a call; one step back from the end of its run in edition_of_call. */
  latestEdition: `SELECT ${editionColumns} FROM edition e
    WHERE e.tenant_no = ? AND e.call_id = ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  /** A named edition, if it is this call's; primary key. */
  editionByNo: `SELECT ${editionColumns} FROM edition e
    WHERE e.edition_no = ? AND e.tenant_no = ? AND e.call_id = ?`,
  /** Either of the two above with a block of its participants; then the block's primary key. */
  latestPage: `SELECT ${editionColumns}, ${pageColumns} FROM edition e ${withBlock}
    WHERE e.tenant_no = ? AND e.call_id = ? ORDER BY e.version DESC, e.edition_no DESC LIMIT 1`,
  pageByNo: `SELECT ${editionColumns}, ${pageColumns} FROM edition e ${withBlock}
    WHERE e.edition_no = ? AND e.tenant_no = ? AND e.call_id = ?`,
  /** What is known of a call, to tell what a received one adds; edition_of_call. */
  knownEditions: `SELECT edition_no, version, head_digest, participants_digest, sessions_digest FROM edition
    WHERE tenant_no = ? AND call_id = ?`,
  /** A call's own members; primary key. */
  head: 'SELECT 1, head_length, head_crc, head_flags, head_body, head_layout FROM edition WHERE edition_no = ? AND tenant_no = ?',
  /** What stays of an earlier edition in one that follows it; primary key. */
  headOf:
    'SELECT start_ticks, head_digest, head_length, head_crc, head_flags, head_layout, head_body FROM edition WHERE edition_no = ?',
  participantsOf:
    'SELECT participants_list, participants_count, participants_complete, participants_digest FROM edition WHERE edition_no = ?',
  sessionsOf:
    'SELECT sessions_list, sessions_count, sessions_complete, sessions_digest FROM edition WHERE edition_no = ?',

  /** A block of a list; primary key of its table. */
  participantBlock: participantBlock.read,
  sessionBlock: sessionBlock.read,
  segmentBlock: segmentBlock.read,

  /** Where a participant stands in a list: the list's own edition gives the start; primary keys of both tables. */
  participantIndex: `SELECT position FROM participant
    WHERE tenant_no = ? AND participant_id = ? AND list_no = ?
      AND start_ticks = (SELECT coalesce(start_ticks, 0) FROM edition WHERE edition_no = ?)
    ORDER BY position LIMIT 1`,

  /** Grows with each commit of another connection (sqlite.org/pragma.html#pragma_data_version). */
  dataVersion: 'PRAGMA data_version',

  /** The last stored calls of a tenant; back from the end of the primary key. */
  someCalls: `SELECT call_id, participants_count FROM edition
    WHERE tenant_no = ? ORDER BY edition_no DESC LIMIT ?`,
  countCalls: 'SELECT count(*) FROM (SELECT DISTINCT tenant_no, call_id FROM edition)',
  countEditions: 'SELECT count(*) FROM edition',

  addEdition: `INSERT INTO edition (edition_no, tenant_no, call_id, version, start_ticks, digest, head_digest,
      participants_list, participants_count, participants_complete, participants_digest,
      sessions_list, sessions_count, sessions_complete, sessions_digest,
      head_length, head_crc, head_flags, head_layout, head_body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** The last number given; AUTOINCREMENT keeps it there. */
  lastEditionNo: "SELECT seq FROM sqlite_sequence WHERE name = 'edition'",
  addParticipantBlock: participantBlock.add,
  addSessionBlock: sessionBlock.add,
  addSegmentBlock: segmentBlock.add,
  addParticipant: `INSERT INTO participant (tenant_no, participant_id, start_ticks, list_no, position)
    VALUES (?, ?, ?, ?, ?)`,
} as const;

export type StatementName = keyof typeof texts;

/** Statements whose 64-bit columns may exceed 2^53 and are read as bigints. */
const wide: ReadonlySet<StatementName> = new Set<StatementName>([
  'latestEdition',
  'editionByNo',
  'latestPage',
  'pageByNo',
  'knownEditions',
  'headOf',
]);

/** Rows come as arrays: the order of the columns is in sight above, and arrays cost half of objects. */
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
