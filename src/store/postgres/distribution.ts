/**
 * How the tables are distributed on a cluster (Citus): what belongs to one call by the call, what is asked for by time by
 * the tenant, the look-up of participants by the participant. Whatever is not here is small: a copy on every node.
 */
export const distribution = {
  edition: { column: 'call_key', with: undefined },
  participant_block: { column: 'call_key', with: 'edition' },
  session_block: { column: 'call_key', with: 'edition' },
  segment_block: { column: 'call_key', with: 'edition' },
  participant: { column: 'participant_key', with: undefined },
  listing: { column: 'tenant_no', with: undefined },
  tally: { column: 'tenant_no', with: 'listing' },
  log_row: { column: 'tenant_no', with: 'listing' },
  upstream_call: { column: 'tenant_no', with: 'listing' },
  upstream_span: { column: 'tenant_no', with: 'listing' },
  upstream_state: { column: 'tenant_no', with: 'listing' },
  upstream_part: { column: 'tenant_no', with: 'listing' },
  found_call: { column: 'tenant_no', with: 'listing' },
  phrase: { column: 'tenant_no', with: 'listing' },
  call_day: { column: 'tenant_no', with: 'listing' },
  search_backlog: { column: 'tenant_no', with: 'listing' },
  verification: { column: 'tenant_no', with: 'listing' },
} as const satisfies Record<string, { readonly column: string; readonly with: string | undefined }>;

export type DistributedTable = keyof typeof distribution;
