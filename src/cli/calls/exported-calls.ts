/** Determines the tenant of an export, and the calls that `--call` names. */
import { UsageError } from '../../base/exit.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { namedOrAll, namedTenant } from '../named-tenants.ts';
import type { ReadSettings } from '../settings.ts';
import { namedCall } from './named-call.ts';

interface ExportedCalls {
  readonly tenantId: string;
  /** Absent when no call is named. */
  readonly callIds: readonly string[] | undefined;
}

/** Returns the tenant and the calls. @throws UsageError with each call that does not exist */
export async function exportedCalls(read: ReadSettings, store: CallRecordStore): Promise<ExportedCalls> {
  const { call: names } = read.settings;
  if (names === undefined) return { tenantId: await tenantOf(read, store), callIds: undefined };
  const tenants = await namedOrAll(read, store);
  const problems: string[] = [];
  const callIds = new Set<string>();
  const owners = new Set<string>();
  for (const name of names) {
    try {
      const { tenantId, callId } = await namedCall(store, tenants, name);
      owners.add(tenantId);
      callIds.add(callId);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => `--call: ${problem}`));
    }
  }
  if (owners.size > 1)
    problems.push(
      `--call: calls of ${owners.size} tenants are named: ${[...owners].join(', ')}. Export those of each with --tenant.`,
    );
  const [tenantId] = owners;
  if (problems.length > 0 || tenantId === undefined) throw new UsageError(problems);
  return { tenantId, callIds: [...callIds] };
}

/** Returns the named tenant, or the only one in the store. */
async function tenantOf(read: ReadSettings, store: CallRecordStore): Promise<string> {
  const named = await namedTenant(read, store);
  if (named !== undefined) return named;
  const tenants = await store.evidence.tenants();
  const [only = read.settings.tenant] = tenants;
  if (tenants.length > 1)
    throw new UsageError([`--tenant: the store holds ${tenants.length} tenants; name one.`]);
  return only;
}
