/**
 * How the tables are distributed on a cluster (Citus): what belongs to one call by the call, what is asked for by time by
 * the tenant, the look-up of participants by the participant. Whatever is not here is small: a copy on every node.
 */
import { tableNames, tables } from '../tables.ts';

export interface Distribution {
  readonly column: string;
  /** The table whose rows of the same value are on the same node. */
  readonly with: string | undefined;
}

const withCall: Distribution = { column: 'call_key', with: 'edition' };
const withTenant: Distribution = { column: 'tenant_no', with: 'listing' };

export const distribution: Readonly<Record<string, Distribution>> = {
  edition: { column: 'call_key', with: undefined },
  participant_block: withCall,
  session_block: withCall,
  segment_block: withCall,
  participant: { column: 'participant_key', with: undefined },
  listing: { column: 'tenant_no', with: undefined },
  tally: withTenant,
  found_call: withTenant,
  phrase: withTenant,
  call_day: withTenant,
  search_backlog: withTenant,
  ...Object.fromEntries(
    tableNames.filter((name) => tables[name].placed === 'with its tenant').map((name) => [name, withTenant]),
  ),
};
