/**
 * Defines how a Citus cluster distributes the tables: rows of a call by the call, rows that are queried by time by the
 * tenant, and the lookup of participants by the participant. Every other table is small, with a copy on every node.
 */
import { tableNames, tables } from '../tables.ts';

export interface Distribution {
  readonly column: string;
  /** The table whose rows with the same value are on the same node. */
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
