/** Statements of the search index, each with its purpose and the index that it uses. */
import { dayColumns } from '../daily-stats.ts';

const counts = dayColumns.join(', ');
const found =
  'f.start_ticks, f.call_no, f.edition_no, f.participants_count, f.sessions_count, f.flags, f.failures, f.external_count, f.unknown_count';
const candidate = `f.start_ticks, f.call_no, f.participants_count, f.sessions_count, f.flags,
  l.call_key, l.long_id, l.version, l.end_ticks,
  1, l.head_length, l.head_crc, l.head_flags, l.head_body, l.head_layout, f.failures,
  f.external_count, f.unknown_count`;
/** A lateral join reads the few rows one by one, whatever number the planner expects. */
const withListing = `CROSS JOIN LATERAL (SELECT * FROM rollcall.listing l WHERE l.tenant_no = $1
    AND l.start_ticks = f.start_ticks AND l.call_no = f.call_no AND l.edition_no = f.edition_no LIMIT 1) l`;
const newestFirst = 'ORDER BY f.start_ticks DESC, f.call_no DESC';

export const searchStatements = {
  /** Returns the newest calls before a position; backward through the primary key, then the listing's. */
  candidates: `SELECT ${candidate} FROM (SELECT ${found} FROM rollcall.found_call f
      WHERE f.tenant_no = $1 AND (f.start_ticks, f.call_no) < ($2, $3) AND f.start_ticks >= $4
      ${newestFirst} LIMIT $5) f ${withListing} ${newestFirst}`,
  /** Returns the start of the newest of them. */
  newestFound: `SELECT f.start_ticks FROM rollcall.found_call f
    WHERE f.tenant_no = $1 AND (f.start_ticks, f.call_no) < ($2, $3) AND f.start_ticks >= $4 ${newestFirst} LIMIT 1`,
  /**
   * Returns calls that have all of some terms, one of which is a window, and one of each of several groups;
   * found_call_terms, then the listing's primary key for the results. The CTE is materialized, so that the ORDER BY
   * does not make the planner scan by time.
   */
  candidatesOfTerms: `WITH f AS MATERIALIZED (SELECT ${found} FROM rollcall.found_call f
      WHERE f.tenant_no = $1 AND f.terms @> $2::bigint[]
        AND f.terms && $3::bigint[] AND f.terms && $4::bigint[] AND f.terms && $5::bigint[]
        AND (cardinality($6::text[]) = 0
          OR NOT EXISTS (SELECT 1 FROM unnest($6::text[]) AS m (terms) WHERE NOT f.terms && m.terms::bigint[])))
    SELECT ${candidate} FROM (SELECT * FROM f WHERE (f.start_ticks, f.call_no) < ($7::bigint, $8::bigint)
      AND f.start_ticks >= $9 ${newestFirst} LIMIT $10) f ${withListing} ${newestFirst}`,
  /** Returns a call as a search result; primary keys. */
  foundCall: `SELECT ${candidate} FROM rollcall.found_call f ${withListing}
    WHERE f.tenant_no = $1 AND f.start_ticks = $2 AND f.call_no = $3 AND f.edition_no = $4`,
  /** Returns facts of copied calls; primary key. */
  flagsOfCalls: `SELECT f.edition_no, f.flags, f.failures FROM unnest($2::bigint[], $3::bigint[]) AS c (start_ticks, call_no)
    JOIN rollcall.found_call f ON f.tenant_no = $1 AND f.start_ticks = c.start_ticks AND f.call_no = c.call_no`,
  /** Returns which of some calls, by their places, have an id, or a person with such a name or number; primary keys. */
  havingParticipant: `SELECT c.place FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS c (start_ticks, call_no, place)
    JOIN rollcall.found_call f ON f.tenant_no = $1 AND f.start_ticks = c.start_ticks AND f.call_no = c.call_no
    WHERE $4::bigint = ANY (f.terms) OR EXISTS (
      SELECT 1 FROM unnest(f.terms[1:f.phrases_count]) AS t (term)
      CROSS JOIN LATERAL (SELECT p.kind, p.text FROM rollcall.phrase p
        WHERE p.tenant_no = $1 AND p.term = t.term OFFSET 0) p
      WHERE CASE p.kind
        WHEN 0 THEN cardinality($5::text[]) > 0
          AND NOT EXISTS (SELECT 1 FROM unnest($5::text[]) AS w (part) WHERE strpos(p.text, w.part) = 0)
        ELSE EXISTS (SELECT 1 FROM unnest($6::text[]) AS w (part) WHERE strpos(p.text, w.part) > 0) END)`,

  /** Returns phrases that have all of some parts; phrase_parts. */
  phrasesOfParts: `SELECT p.phrase_no, p.text FROM rollcall.phrase p
    WHERE p.tenant_no = $1 AND p.kind = $2 AND p.parts @> $3::integer[] LIMIT $4`,
  /** Returns which of some phrases are stored; primary key. */
  knownPhrases: 'SELECT p.term FROM rollcall.phrase p WHERE p.tenant_no = $1 AND p.term = ANY ($2::bigint[])',
  /** Deletes phrases that no call has any more; primary key, then found_call_terms for each. */
  dropPhrases: `DELETE FROM rollcall.phrase p WHERE p.tenant_no = $1 AND p.term = ANY ($2::bigint[]) AND NOT EXISTS (
      SELECT 1 FROM rollcall.found_call f WHERE f.tenant_no = $1 AND f.terms @> ARRAY[p.term])
    RETURNING p.term`,
  countDropped: 'UPDATE rollcall.tally SET phrases_dropped = phrases_dropped + 1 WHERE tenant_no = $1',

  /** Deletes rows of calls; primary key. */
  dropFound: `DELETE FROM rollcall.found_call f USING unnest($2::bigint[], $3::bigint[]) AS d (start_ticks, call_no)
    WHERE f.tenant_no = $1 AND f.start_ticks = d.start_ticks AND f.call_no = d.call_no
    RETURNING f.start_ticks, f.participants_count, f.flags, f.terms[1:f.phrases_count]`,

  /** Returns the counts of days; primary key. */
  days: `SELECT day, ${counts} FROM rollcall.call_day
    WHERE tenant_no = $1 AND day >= $2 AND day < $3 AND calls > 0 ORDER BY day`,
  addDays: `INSERT INTO rollcall.call_day AS d (tenant_no, day, ${counts})
    SELECT $1::integer, * FROM unnest($2::integer[], ${dayColumns.map((_, i) => `$${i + 3}::bigint[]`).join(', ')})
    ON CONFLICT (tenant_no, day) DO UPDATE SET ${dayColumns.map((one) => `${one} = d.${one} + excluded.${one}`).join(', ')}`,

  /** Returns the indexing backlog of a tenant, or of the first one that has any; primary key. */
  backlog: 'SELECT start_ticks, call_no FROM rollcall.search_backlog WHERE tenant_no = $1',
  firstBacklog: 'SELECT tenant_no FROM rollcall.search_backlog ORDER BY tenant_no LIMIT 1',
  moveBacklog: 'UPDATE rollcall.search_backlog SET start_ticks = $2, call_no = $3 WHERE tenant_no = $1',
  endBacklog: 'DELETE FROM rollcall.search_backlog WHERE tenant_no = $1',
  /**
   * Returns newest editions before a call, backward, and whether they are indexed; the listing's primary key, then
   * found_call's.
   */
  backlogCalls: `SELECT l.start_ticks, l.call_no, l.call_key, l.long_id, EXISTS (SELECT 1 FROM rollcall.found_call f
      WHERE f.tenant_no = $1 AND f.start_ticks = l.start_ticks AND f.call_no = l.call_no)
    FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND (l.start_ticks, l.call_no) < ($2, $3) AND l.start_ticks > $4 AND l.until_edition IS NULL
    ORDER BY l.start_ticks DESC, l.call_no DESC LIMIT $5`,
} as const;
