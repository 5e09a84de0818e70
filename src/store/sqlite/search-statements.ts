/** Statements of the search index, each with its purpose and the index that it uses. */
import { dayColumns as counts } from '../daily-stats.ts';

const candidate = `f.doc_no, f.flags, f.phrases, e.call_no, e.call_id, e.version, e.start_ticks, e.end_ticks,
  e.participants_count + e.found_count, e.sessions_count, e.lacking,
  1, e.head_length, e.head_crc, e.head_flags, e.head_body, e.head_layout, f.failures,
  f.external_count, f.unknown_count`;

export const searchStatements = {
  /** Returns the newest calls of a span; backward through the primary key, then the edition's. */
  candidates: `SELECT ${candidate} FROM found_call f CROSS JOIN edition e ON e.edition_no = f.edition_no
    WHERE f.doc_no BETWEEN ? AND ? ORDER BY f.doc_no DESC LIMIT ?`,
  /** Returns calls with the terms; backward through their lists in call_term, which has the order of the key. */
  candidatesOfTerms: `SELECT ${candidate} FROM call_term
      CROSS JOIN found_call f ON f.doc_no = call_term.rowid CROSS JOIN edition e ON e.edition_no = f.edition_no
    WHERE call_term MATCH ? AND call_term.rowid BETWEEN ? AND ? ORDER BY call_term.rowid DESC LIMIT ?`,
  /** Returns the row of an edition among those of a second; primary keys. */
  candidateOfEdition: `SELECT ${candidate} FROM found_call f CROSS JOIN edition e ON e.edition_no = f.edition_no
    WHERE f.doc_no BETWEEN ? AND ? AND f.edition_no = ?`,
  docOfEdition:
    'SELECT doc_no, flags, phrases FROM found_call WHERE doc_no BETWEEN ? AND ? AND edition_no = ?',
  /** Returns facts of editions, each given by the first and last number of its second, and its number; primary key. */
  flagsOfEditions: `SELECT f.edition_no, f.flags, f.failures FROM json_each(?) e CROSS JOIN found_call f
    ON f.doc_no BETWEEN e.value ->> 0 AND e.value ->> 1 AND f.edition_no = e.value ->> 2`,
  lastDoc: 'SELECT max(doc_no) FROM found_call WHERE doc_no BETWEEN ? AND ?',
  addDoc: `INSERT INTO found_call (doc_no, edition_no, flags, failures, phrases, external_count, unknown_count)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  addTerms: 'INSERT INTO call_term (rowid, terms) VALUES (?, ?)',
  dropDoc: 'DELETE FROM found_call WHERE doc_no = ?',
  dropTerms: 'DELETE FROM call_term WHERE rowid = ?',
  /** Returns whether any call, or one call, has a term. */
  anyOfTerms: 'SELECT 1 FROM call_term WHERE call_term MATCH ? AND rowid BETWEEN ? AND ? LIMIT 1',

  /** Returns the number of a phrase; phrase_by_text. */
  phrase: 'SELECT phrase_no FROM phrase WHERE tenant_no = ? AND kind = ? AND text = ?',
  phraseText: 'SELECT kind, text FROM phrase WHERE phrase_no = ?',
  lastPhrase: 'SELECT max(phrase_no) FROM phrase WHERE phrase_no BETWEEN ? AND ?',
  addPhrase: 'INSERT INTO phrase (phrase_no, tenant_no, kind, text) VALUES (?, ?, ?, ?)',
  addPhraseParts: 'INSERT INTO phrase_part (rowid, text) VALUES (?, ?)',
  dropPhrase: 'DELETE FROM phrase WHERE phrase_no = ?',
  dropPhraseParts: 'DELETE FROM phrase_part WHERE rowid = ?',
  /** Returns phrases that have all of some parts of three characters; their lists in phrase_part. */
  phrasesOfParts: `SELECT p.phrase_no, p.text FROM phrase_part CROSS JOIN phrase p ON p.phrase_no = phrase_part.rowid
    WHERE phrase_part MATCH ? AND phrase_part.rowid BETWEEN ? AND ? AND p.kind = ? LIMIT ?`,
  /** Returns phrases that contain a shorter part; scans the tenant's part of the primary key until it has enough. */
  phrasesHolding: `SELECT phrase_no, text FROM phrase
    WHERE phrase_no BETWEEN ? AND ? AND kind = ? AND instr(text, ?) > 0 LIMIT ?`,

  /** Returns the counts of days; primary key. */
  days: `SELECT day, ${counts.join(', ')} FROM call_day
    WHERE tenant_no = ? AND day >= ? AND day < ? AND calls > 0 ORDER BY day`,
  addDay: `INSERT INTO call_day (tenant_no, day, ${counts.join(', ')}) VALUES (?, ?, ${counts.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${counts.map((count) => `${count} = ${count} + excluded.${count}`).join(', ')}`,

  /** Returns the indexing backlog of a tenant, or of the first one that has any; primary key. */
  backlog: 'SELECT 1 FROM search_backlog WHERE tenant_no = ?',
  firstBacklog: 'SELECT tenant_no, start_ticks, call_no FROM search_backlog ORDER BY tenant_no LIMIT 1',
  moveBacklog: 'UPDATE search_backlog SET start_ticks = ?, call_no = ? WHERE tenant_no = ?',
  endBacklog: 'DELETE FROM search_backlog WHERE tenant_no = ?',
  /** Returns newest editions before a call, backward; the listing's primary key, then the edition's. */
  backlogEditions: `SELECT l.start_ticks, l.call_no, l.edition_no, e.call_id FROM listing l
      CROSS JOIN edition e ON e.edition_no = l.edition_no
    WHERE l.tenant_no = ? AND (l.start_ticks, l.call_no) < (?, ?) AND l.until_edition IS NULL
    ORDER BY l.start_ticks DESC, l.call_no DESC LIMIT ?`,
} as const;

/** Statements with 64-bit columns that may exceed 2^53. */
export const wideSearchStatements = [
  'candidates',
  'candidatesOfTerms',
  'candidateOfEdition',
  'docOfEdition',
  'lastDoc',
  'firstBacklog',
  'backlogEditions',
] as const;
