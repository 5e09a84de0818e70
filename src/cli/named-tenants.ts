/** Whose calls a command is about. */
import type { CallRecordStore } from '../store/store.ts';
import { knownTenants } from '../verify/tenants.ts';
import type { ReadSettings } from './settings.ts';

/** The tenant that was named, or all there are: the option has a default for other commands, which narrows nothing here. */
export async function namedOrAll(
  { settings, origins }: ReadSettings,
  store: CallRecordStore,
): Promise<readonly string[]> {
  return origins.get('tenant') === 'default' ? knownTenants(store) : [settings.tenant.toLowerCase()];
}
