/** Columns that several statements read, in the order in which ../rows.ts reads rows. */
export const sqliteEditionColumns = `e.edition_no, e.version, e.digest, e.call_no, e.start_ticks, e.end_ticks,
  e.participants_list, e.participants_count, e.participants_complete, e.participants_pages,
  e.sessions_list, e.sessions_count, e.sessions_complete, e.sessions_pages,
  e.found_list, e.found_count, e.modified_ticks, e.received_ms, e.lacking, e.odd`;
export const headColumns = '1, e.head_length, e.head_crc, e.head_flags, e.head_body, e.head_layout';
export const blockColumns = 'entity_count, text_length, crc, flags, body, layout';
