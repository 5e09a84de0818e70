/** Determines the tenants that a command applies to. */
import type { CallRecordStore } from '../store/store.ts';
import { knownTenants } from '../maintain/verify/tenants.ts';
import { UsageError } from '../base/exit.ts';
import type { ReadSettings } from './settings.ts';

/**
 * Returns the named tenant, or all in the store: the option's default for other commands does not apply here.
 *
 * @throws UsageError when the store has no data of the tenant
 */
export async function namedOrAll(read: ReadSettings, store: CallRecordStore): Promise<readonly string[]> {
  const named = await namedTenant(read, store);
  return named === undefined ? knownTenants(store) : [named];
}

/** Returns the named tenant, or `undefined`. @throws UsageError as above */
export async function namedTenant(
  { settings, origins }: ReadSettings,
  store: CallRecordStore,
): Promise<string | undefined> {
  if (origins.get('tenant') === 'default') return undefined;
  const tenantId = settings.tenant.toLowerCase();
  if (await store.evidence.knows(tenantId)) return tenantId;
  const others = await knownTenants(store);
  const more = others.length > shownTenants ? ` and ${others.length - shownTenants} more` : '';
  const known =
    others.length === 0
      ? 'It holds none of any other tenant.'
      : `It has calls of ${others.length === 1 ? 'one tenant' : `${others.length} tenants`}: ${others.slice(0, shownTenants).join(', ')}${more}.`;
  throw new UsageError([`--tenant: the store holds nothing of '${settings.tenant}'. ${known}`]);
}

const shownTenants = 10;
