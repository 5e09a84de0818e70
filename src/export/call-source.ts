/**
 * Reads the calls of a tenant as they were when the export began, ordered by start; calls without a start come last.
 * Named calls are read in the order in which they are named.
 */
import { z } from 'zod';
import type { CallPosition, CallsQuery } from '../store/call-list.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Edition } from '../store/edition.ts';
import { StoreDamaged } from '../store/store-errors.ts';
import type { ExportPage, ExportPages } from './source.ts';

interface CallSourceOptions {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  readonly query: CallsQuery;
  /** The only calls to read; absent for all that the query selects. */
  readonly callIds: readonly string[] | undefined;
  /** The number of the newest edition when the export began. */
  readonly asOf: number;
  /** True to export every version of each call, not only the newest. */
  readonly allVersions: boolean;
  /** True to include calls of which only pages were received: they have no start, so no time span includes them. */
  readonly withoutStart: boolean;
}

const callsPerPage = 50;

const places = z.union([
  z.object({ startTicks: z.string().transform(BigInt), call: z.number() }),
  z.object({ named: z.number() }),
  z.object({ withoutStart: z.string().optional() }),
]);

export function callPages(options: CallSourceOptions): ExportPages<Edition> {
  const { callIds, withoutStart } = options;
  return async function* (after) {
    const from = after === undefined ? undefined : places.parse(JSON.parse(after)); // written below
    if (callIds !== undefined) {
      yield* namedPages(options, callIds, from !== undefined && 'named' in from ? from.named : 0);
      return;
    }
    if (from === undefined || 'call' in from) yield* startedPages(options, from);
    const id = from !== undefined && 'withoutStart' in from ? from.withoutStart : undefined;
    if (withoutStart) yield* pagesWithoutStart(options, id);
  };
}

async function* namedPages(
  options: CallSourceOptions,
  callIds: readonly string[],
  from: number,
): AsyncGenerator<ExportPage<Edition>> {
  for (let at = from; at < callIds.length; at += callsPerPage) {
    const page = await editionsOfAll(options, callIds.slice(at, at + callsPerPage));
    yield { ...page, after: JSON.stringify({ named: at + callsPerPage }) };
  }
}

async function* startedPages(
  options: CallSourceOptions,
  from: CallPosition | undefined,
): AsyncGenerator<ExportPage<Edition>> {
  const { store, tenantId, query, asOf } = options;
  for (let after = from; ;) {
    const listed = await store.callsPage(tenantId, query, asOf, after, callsPerPage);
    const last = listed.at(-1);
    if (last === undefined) return;
    after = { startTicks: last.startTicks, call: last.call };
    const place = JSON.stringify({ startTicks: String(after.startTicks), call: after.call });
    const ids = listed.map(({ callId }) => callId);
    yield { ...(await editionsOfAll(options, ids)), after: place };
    if (listed.length < callsPerPage) return;
  }
}

async function* pagesWithoutStart(
  options: CallSourceOptions,
  from: string | undefined,
): AsyncGenerator<ExportPage<Edition>> {
  const { store, tenantId } = options;
  for (let after = from; ;) {
    const ids = await store.evidence.wanting(tenantId, after, callsPerPage);
    if (ids.length === 0) return;
    after = ids.at(-1);
    const place = JSON.stringify({ withoutStart: after });
    const isMeant = (editions: readonly Edition[]) =>
      editions.every(({ startTicks }) => startTicks === undefined);
    yield { ...(await editionsOfAll(options, ids, isMeant)), after: place };
  }
}

async function editionsOfAll(
  options: CallSourceOptions,
  callIds: readonly string[],
  isMeant: (editions: readonly Edition[]) => boolean = () => true,
): Promise<Omit<ExportPage<Edition>, 'after'>> {
  const items: Edition[] = [];
  const damaged: string[] = [];
  for (const callId of callIds) {
    const editions = await editionsOf(options, callId);
    if (editions === undefined) damaged.push(callId);
    else if (isMeant(editions)) items.push(...editions);
  }
  return { items, damaged };
}

/** Returns the newest edition of the newest version or of every version; `undefined` when the call is damaged. */
async function editionsOf(
  { store, tenantId, asOf, allVersions }: CallSourceOptions,
  callId: string,
): Promise<readonly Edition[] | undefined> {
  let known: readonly Edition[];
  try {
    known = (await store.evidence.editions(tenantId, callId)).filter(({ edition }) => edition <= asOf);
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined;
    throw error;
  }
  // Ordered by version, then by arrival: the last edition of each version is its newest.
  const newest = known.filter((one, i) => known[i + 1]?.version !== one.version);
  return allVersions ? newest : newest.slice(-1);
}
