/** Lists the due time spans, so that no call of upstream is missed; an interrupted listing resumes where it stopped. */
import { nowOf } from '../../base/clock.ts';
import type { ListedPage } from '../ingest/listed-calls.ts';
import type { Span } from '../../store/spans.ts';
import type { Observation } from '../../store/upstream.ts';
import { formatTicks } from '../../base/ticks.ts';
import { UpstreamFailure } from './failure.ts';
import { listCalls } from './list-calls.ts';
import { dueSpans, freshForMs, lateMs, retentionMs } from './listing-plan.ts';
import { type LostSpan, noteLost, setAsidePage } from './lost-spans.ts';
import { nextSteps, setAsideStep } from './problem.ts';
import type { TenantWork } from './tenant-work.ts';

/** The maximum age of an interrupted listing to resume. */
const longestRoundMs = 24 * 3600_000;

interface Listing {
  readonly nowMs: number;
  readonly lost: LostSpan[];
  /** Calls listed without a version: each is fetched once per listing. */
  readonly unversioned: Set<string>;
}

/**
 * Lists the spans whose last listing is too old for their age.
 *
 * @returns Why some spans could not be listed; `undefined` when all were.
 * @throws UpstreamFailure
 */
export function reconcileCalls(work: TenantWork, reconcileMs: number): Promise<UpstreamFailure | undefined> {
  const nowMs = nowOf(work);
  return listDue(work, nowMs, (ageMs) => nowMs - freshForMs(ageMs, reconcileMs));
}

/**
 * Lists everything once. It resumes a round that an earlier process did not finish, but lists recent spans again, which
 * may contain new calls.
 *
 * @returns As `reconcileCalls`.
 * @throws UpstreamFailure
 */
export async function listAllCalls(work: TenantWork): Promise<UpstreamFailure | undefined> {
  const { askStore, store, tenantId } = work;
  const nowMs = nowOf(work);
  const text = await askStore(() => store.upstream.state(tenantId, 'round'));
  const begunMs = text === undefined ? nowMs : Number(text); // written two lines below
  const roundMs = nowMs - begunMs > longestRoundMs ? nowMs : begunMs;
  await askStore(() => store.upstream.setState(tenantId, 'round', String(roundMs)));
  return listDue(work, nowMs, (ageMs) => (ageMs <= lateMs ? nowMs : roundMs) - 1);
}

/** Records that everything was listed and fetched: the next run starts a new round. */
export async function endRound({ askStore, store, tenantId }: TenantWork): Promise<void> {
  await askStore(() => store.upstream.setState(tenantId, 'round', undefined));
}

async function listDue(
  work: TenantWork,
  nowMs: number,
  freshSinceMs: (ageMs: number) => number,
): Promise<UpstreamFailure | undefined> {
  const { tenantId, store, client, clock, gate, askStore, signal, earliestMs } = work;
  const listed = await askStore(() => store.upstream.listed(tenantId, 'calls'));
  const due = dueSpans({ nowMs, sinceMs: earliestMs ?? nowMs - retentionMs, listed, freshSinceMs });
  const listing: Listing = { nowMs, lost: [], unversioned: new Set() };
  for (const [i, span] of due.entries()) {
    await gate.open(signal);
    try {
      await listCalls(span, {
        ...{ client, clock, signal },
        onPage: (page, done) => observe(page, done, listing, work),
        async onLost(lost, failure) {
          listing.lost.push({ ...lost, failure, piece: await setAsidePage(failure, work) });
        },
      });
      gate.succeeded();
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      gate.failed(error);
      for (const rest of due.slice(i)) listing.lost.push({ ...rest, failure: error });
      await reportLost(listing, work);
      throw error;
    }
  }
  await reportLost(listing, work);
  return listing.lost[0]?.failure;
}

async function observe(
  { calls, unnamed }: ListedPage,
  done: Span | undefined,
  listing: Listing,
  work: TenantWork,
): Promise<void> {
  const { tenantId, store, askStore, quarantine, report, wakes } = work;
  const fresh = calls.filter((call) => isFresh(call, listing));
  const listed = done && { ...done, listedMs: listing.nowMs };
  for (const { text, reason } of unnamed) {
    const says = unnamedReasons[reason];
    const id = await quarantine.add({ unit: 'listItem', reason: says, text });
    report.problem({ call: undefined, unit: 'listItem', reason: says, next: setAsideStep(id), isLoss: true });
  }
  const wanted = await askStore(() => store.upstream.observe(tenantId, fresh, nowOf(work), listed));
  report.counts.seen += calls.length;
  if (wanted > 0) wakes.calls.notify();
}

async function reportLost({ lost, nowMs }: Listing, work: TenantWork): Promise<void> {
  for (const { from, before, failure } of await noteLost('calls', lost, nowMs, work))
    // An upstream that does not respond is reported separately.
    if (failure.isOfContent)
      work.report.problem({
        ...{ call: undefined, unit: 'listSpan', next: nextSteps.listAgain, isLoss: true },
        reason: `The list of calls that began between ${formatTicks(from)} and ${formatTicks(before)} could not be read to its end. ${failure.message}`,
      });
}

const unnamedReasons = {
  noObject: 'An item of the list of calls is not a JSON object, so it names no call.',
  noId: 'An item of the list of calls has no id, so it names no call.',
} as const;

/** Returns false for a call without a version that this listing has already queued. */
function isFresh({ callId, version }: Observation, { unversioned }: Listing): boolean {
  if (version !== undefined) return true;
  if (unversioned.has(callId)) return false;
  unversioned.add(callId);
  return true;
}
