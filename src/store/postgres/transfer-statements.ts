/** Statements about all data of several calls, for copying them to another store. */
import { editionText } from './edition-text.ts';

const wholeEdition = `${editionText}, e.head_digest, e.participants_digest, e.sessions_digest,
  1, e.head_length, e.head_crc, e.head_flags, e.head_body, e.head_layout`;
const blockColumns = 'b.entity_count, b.text_length, b.crc, b.flags, b.body, b.layout';
const ofCalls = (table: string, columns = blockColumns) => `SELECT b.list_no, ${columns}
  FROM rollcall.${table} b WHERE b.tenant_no = $1 AND b.call_key = ANY ($2::bytea[])
  ORDER BY b.call_key, b.list_no, b.block_no`;

export const transferStatements = {
  /** Returns the numbers of the editions of calls; one range of the primary key per call. */
  editionNumbers: `SELECT e.edition_no FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])`,
  /** Returns the same editions with their digests and the calls' own members. */
  editionsOfCalls: `SELECT ${wholeEdition}, e.call_key
    FROM rollcall.edition e WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])`,
  /** Returns one edition; primary key. */
  editionWhole: `SELECT ${wholeEdition} FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key = $2 AND e.version = $3 AND e.edition_no = $4`,
  /** Return all blocks of all lists of calls; primary key of the table. */
  participantBlocks: ofCalls('participant_block'),
  sessionBlocks: ofCalls('session_block'),
  segmentBlocks: ofCalls('segment_block'),
  /** Returns the keys of the sessions in the lists. */
  sessionKeys: ofCalls('session_block', 'b.session_keys'),
  /** Returns the listing rows of calls; listing_of_call. */
  listingsOfCalls: `SELECT l.call_no, l.edition_no, l.start_ticks, l.until_edition, l.call_key, l.long_id, l.version,
      l.received_ms, l.participants_list, l.participants_count, l.found_list, l.end_ticks, l.modified_ticks,
      l.head_length, l.head_crc, l.head_flags, l.head_layout, l.head_body
    FROM rollcall.listing l WHERE l.tenant_no = $1 AND l.call_no = ANY ($2::bigint[])`,
  /** Returns how many of these participants are indexed at the expected place; primary key. */
  placedParticipants: `SELECT c.owner, count(*) FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[],
      $6::integer[], $7::integer[]) AS c (participant_key, start_ticks, call_no, list_no, position, owner)
    JOIN rollcall.participant p ON p.tenant_no = $1 AND p.participant_key = c.participant_key
      AND p.start_ticks = c.start_ticks AND p.call_no = c.call_no AND p.list_no = c.list_no AND p.position = c.position
    GROUP BY c.owner`,
  reserveEditions: `UPDATE rollcall.tally SET last_edition = greatest(last_edition, $2) WHERE tenant_no = $1`,
  setSecret: `INSERT INTO rollcall.secret (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
} as const;
