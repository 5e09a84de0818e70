/** Shows the progress of `sync`: calls and pages, and the upstream limit that it waits for. */
import type { LimitedRequest } from '../contract/throttling-limits.ts';
import type { LimitWait } from '../collect/sync/rate-limiter.ts';
import type { Sync } from '../collect/sync/sync.ts';
import { StoreError } from '../store/store-errors.ts';
import type { Terminal } from '../base/terminal.ts';
import { printable } from '../base/printable.ts';
import { createProgress } from './progress.ts';
import type { Settings } from './settings.ts';

const progressMs = 1000;
/** Shorter waits are not shown. */
const shownWaitMs = 3000;
/** With fewer calls left, the largest of them determines the remaining time, not the speed so far. */
const fewCalls = 32;

export async function showSyncProgress(
  { tenants }: Sync,
  { quiet, 'log-format': format }: Settings,
  { stderr, clock }: Terminal,
  ended: AbortSignal,
): Promise<void> {
  // A JSON log contains no other lines.
  if (quiet || format === 'json') return;
  const progress = createProgress({ stream: stderr, quiet, total: undefined, clock: clock.now });
  const begunMs = clock.now().getTime();
  while (!ended.aborted) {
    await clock.sleep(progressMs, ended);
    const wanted = await Promise.all(tenants.map((tenant) => tenant.wanted())).catch(storeAway);
    if (wanted === undefined) continue;
    const nowMs = clock.now().getTime();
    const records = sum(tenants.map(({ report }) => report.counts.records));
    const pages = sum(tenants.map(({ report }) => report.pagesReceived));
    const left = sum(wanted);
    const waits = tenants.flatMap(({ report }) => [...report.waiting]);
    const wait = waitText(waits, nowMs);
    const isSteady = wait === undefined && left > fewCalls;
    const perSecond = Math.round((records * 1000) / Math.max(nowMs - begunMs, 1));
    const counts = isSteady
      ? `${records} records, ${pages} pages, ${perSecond}/s`
      : `${records} records, ${pages} pages, ${left === 1 ? '1 call' : `${left} calls`} left`;
    progress.update(records, wait === undefined ? counts : `${counts}; ${wait}`, records + left, isSteady);
  }
  progress.end();
}

/** Returns `waiting 3 min for Graph's limit on call 27b1ed36…`; `undefined` when nothing waits for long. */
export function waitText(waits: readonly LimitWait[], nowMs: number): string | undefined {
  const long = waits.filter(({ untilMs }) => untilMs - nowMs >= shownWaitMs);
  const [last] = [...long].sort((a, b) => b.untilMs - a.untilMs);
  if (last === undefined) return undefined;
  const seconds = Math.ceil((last.untilMs - nowMs) / 1000);
  const time = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  const more = long.length > 1 ? `, and ${long.length - 1} more` : '';
  return `waiting ${time} for Graph's limit on ${limitText(last.request)}${more}`;
}

function limitText(request: LimitedRequest): string {
  switch (request.of) {
    case 'record':
      return `call ${shortened(request.callId)}`;
    case 'list':
      return 'the list of calls';
    case 'log':
      return `the log ${request.name}`;
    case 'other':
      return 'the application';
  }
}

const shownCharacters = 8;

function shortened(id: string): string {
  return printable(id.length > shownCharacters + 4 ? `${id.slice(0, shownCharacters)}…` : id);
}

/** Ignores a store that does not respond: the work that uses it reports that. */
function storeAway(error: unknown): undefined {
  if (!(error instanceof StoreError)) throw error;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
