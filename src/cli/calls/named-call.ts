/** Finds the call that an argument names: by its id, the beginning of an id, or its join URL. */
import { UsageError } from '../../base/exit.ts';
import { printable } from '../../base/printable.ts';
import { canonicalId } from '../../contract/ids.ts';
import { StoreDamaged } from '../../store/store-errors.ts';
import type { CallRecordStore } from '../../store/store.ts';

interface NamedCall {
  readonly tenantId: string;
  readonly callId: string;
}

/** Calls with the same beginning or join URL that an error lists. */
const listed = 5;

/** Returns the call. @throws UsageError unless exactly one call is meant */
export async function namedCall(
  store: CallRecordStore,
  tenants: readonly string[],
  text: string,
): Promise<NamedCall> {
  for (const look of [withId, isUrl(text) ? withJoinUrl : withBeginning]) {
    const found: NamedCall[] = [];
    for (const tenantId of tenants)
      for (const callId of await look(store, tenantId, text)) found.push({ tenantId, callId });
    const [first, ...more] = found;
    if (first === undefined) continue;
    if (more.length === 0) return first;
    throw new UsageError([several(text, found)]);
  }
  throw new UsageError([
    isUrl(text)
      ? `${printable(text)}: no call has this join URL.`
      : `${printable(text)}: no call has this id, and no id begins with it. rollcall find prints the ids.`,
  ]);
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

async function withId(store: CallRecordStore, tenantId: string, text: string): Promise<readonly string[]> {
  const callId = canonicalId(text);
  try {
    const edition = await store.edition(tenantId, callId);
    return edition === undefined ? [] : [edition.callId];
  } catch (error) {
    // A damaged call exists: the caller reports the damage.
    if (error instanceof StoreDamaged) return [callId];
    throw error;
  }
}

/** The least GUID: its end completes the beginning of another. */
const leastGuid = '00000000-0000-0000-0000-000000000000';
const guidBeginning = /^[0-9a-f]{1,8}(?:-[0-9a-f]{0,4}){0,3}(?:-[0-9a-f]{0,12})?$/;

/**
 * Looks for ids as typed, and in lower case: GUIDs are stored so. An engine may order GUIDs and other ids apart, so that
 * the ids after the beginning of a GUID are those after the least GUID that begins so.
 */
async function withBeginning(
  store: CallRecordStore,
  tenantId: string,
  text: string,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const beginning of new Set([text, text.toLowerCase()])) {
    if (beginning === '') continue;
    const least = guidBeginning.test(beginning) ? beginning + leastGuid.slice(beginning.length) : beginning;
    for (const after of new Set([beginning, least])) {
      const ids = await store.evidence.calls(tenantId, after, listed + 1);
      for (const id of ids.filter((one) => one.startsWith(beginning))) found.add(id);
    }
    for (const id of await withId(store, tenantId, least)) found.add(id);
  }
  return [...found];
}

async function withJoinUrl(
  store: CallRecordStore,
  tenantId: string,
  joinUrl: string,
): Promise<readonly string[]> {
  const { calls } = await store.search.find(tenantId, { joinUrl }, undefined, listed + 1);
  return calls.map(({ callId }) => callId);
}

function several(text: string, found: readonly NamedCall[]): string {
  const ids = new Set(found.map(({ callId }) => callId));
  if (ids.size === 1)
    return `${printable(text)}: calls of several tenants are meant: ${found.map(({ tenantId }) => tenantId).join(', ')}. Name one with --tenant.`;
  const some = found.slice(0, listed).map(({ callId }) => printable(callId));
  const more = found.length > listed ? ', …' : '';
  return `${printable(text)}: several calls are meant: ${some.join(', ')}${more}. Name one by its whole id.`;
}
