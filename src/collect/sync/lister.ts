/** Lists the due time spans, so that no call of upstream is missed; an interrupted listing resumes where it stopped. */
import type { Clock } from '../../base/clock.ts';
import type { ListedPage } from '../ingest/listed-calls.ts';
import { joinNeighbours, type Span } from '../../store/spans.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { noteUnlisted } from '../../store/unlisted-spans.ts';
import type { Observation } from '../../store/upstream.ts';
import { formatTicks } from '../../base/ticks.ts';
import { UpstreamFailure } from './failure.ts';
import { listCalls } from './list-calls.ts';
import { dueSpans, freshForMs, lateMs, retentionMs } from './listing-plan.ts';
import { nextSteps, type SyncProblem, setAsideStep } from './problem.ts';
import type { AskStore } from './with-retry.ts';
import type { QuarantineWriter } from './quarantine-writer.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { UpstreamClient } from './upstream-client.ts';

interface ListerOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly gate: CircuitBreaker;
  readonly askStore: AskStore;
  readonly quarantine: QuarantineWriter;
  /** The earliest start of calls; everything upstream retains when absent. */
  readonly sinceMs: number | undefined;
  /** Called with the number of calls on a page, and of those to fetch. */
  readonly onObserved: (seen: number, wanted: number) => void;
  /** Called with each item without a call id, and with each span that was not listed completely. */
  readonly onProblem: (problem: SyncProblem) => void;
}

/** The maximum age of an interrupted listing to resume. */
const longestRoundMs = 24 * 3600_000;

/** A span that was not listed completely. */
interface LostSpan extends Span {
  readonly failure: UpstreamFailure;
  /** The id of the page that was quarantined for it. */
  readonly piece: string | undefined;
}

/** The state of a listing. */
interface Listing {
  readonly nowMs: number;
  readonly lost: LostSpan[];
  /** Calls listed without a version: each is fetched once per listing. */
  readonly unversioned: Set<string>;
}

export class Lister {
  readonly #options: ListerOptions;

  constructor(options: ListerOptions) {
    this.#options = options;
  }

  /**
   * Lists the spans whose last listing is too old for their age.
   *
   * @returns Why some spans could not be listed; `undefined` when all were.
   * @throws UpstreamFailure
   */
  reconcile(reconcileMs: number, signal: AbortSignal): Promise<UpstreamFailure | undefined> {
    const nowMs = this.#nowMs();
    return this.#list(nowMs, (ageMs) => nowMs - freshForMs(ageMs, reconcileMs), signal);
  }

  /**
   * Lists everything once. It resumes a round that an earlier process did not finish, but lists recent spans again,
   * which may contain new calls.
   *
   * @returns As `reconcile`.
   * @throws UpstreamFailure
   */
  async listAll(signal: AbortSignal): Promise<UpstreamFailure | undefined> {
    const { askStore, store, tenantId } = this.#options;
    const nowMs = this.#nowMs();
    const text = await askStore(() => store.upstream.state(tenantId, 'round'));
    const begunMs = text === undefined ? nowMs : Number(text); // written two lines below
    const roundMs = nowMs - begunMs > longestRoundMs ? nowMs : begunMs;
    await askStore(() => store.upstream.setState(tenantId, 'round', String(roundMs)));
    return this.#list(nowMs, (ageMs) => (ageMs <= lateMs ? nowMs : roundMs) - 1, signal);
  }

  /** Records that everything was listed and fetched: the next run starts a new round. */
  async endRound(): Promise<void> {
    const { askStore, store, tenantId } = this.#options;
    await askStore(() => store.upstream.setState(tenantId, 'round', undefined));
  }

  async #list(
    nowMs: number,
    freshSinceMs: (ageMs: number) => number,
    signal: AbortSignal,
  ): Promise<UpstreamFailure | undefined> {
    const { tenantId, store, client, clock, gate, askStore } = this.#options;
    const listed = await askStore(() => store.upstream.listed(tenantId, 'calls'));
    const since = this.#options.sinceMs ?? nowMs - retentionMs;
    const due = dueSpans({ nowMs, sinceMs: since, listed, freshSinceMs });
    const listing: Listing = { nowMs, lost: [], unversioned: new Set() };
    for (const [i, span] of due.entries()) {
      await gate.open(signal);
      try {
        await listCalls(span, {
          client,
          clock,
          signal,
          onPage: (page, done) => this.#observe(page, done, listing),
          onLost: (lost, failure) => this.#lose(lost, failure, listing),
        });
        gate.succeeded();
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error;
        gate.failed(error);
        for (const rest of due.slice(i)) listing.lost.push({ ...rest, failure: error, piece: undefined });
        await this.#noteLost(listing);
        throw error;
      }
    }
    await this.#noteLost(listing);
    return listing.lost[0]?.failure;
  }

  async #observe({ calls, unnamed }: ListedPage, done: Span | undefined, listing: Listing): Promise<void> {
    const { tenantId, store, askStore, quarantine, onObserved, onProblem } = this.#options;
    const fresh = calls.filter((call) => isFresh(call, listing));
    const listed = done && { ...done, listedMs: listing.nowMs };
    for (const { text, reason } of unnamed) {
      const says = unnamedReasons[reason];
      const id = await quarantine.add({ unit: 'listItem', reason: says, text });
      onProblem({ call: undefined, unit: 'listItem', reason: says, next: setAsideStep(id), isLoss: true });
    }
    const wanted = await askStore(() => store.upstream.observe(tenantId, fresh, this.#nowMs(), listed));
    onObserved(calls.length, wanted);
  }

  async #lose(span: Span, failure: UpstreamFailure, { lost }: Listing): Promise<void> {
    const { body, message } = failure;
    const piece = body && (await this.#options.quarantine.add({ unit: 'page', reason: message, text: body }));
    lost.push({ ...span, failure, piece });
  }

  async #noteLost({ lost, nowMs }: Listing): Promise<void> {
    const { tenantId, store, askStore, quarantine, onProblem } = this.#options;
    const unlisted = lost.map(({ from, before, failure: { reason }, piece }) => ({
      ...{ from, before, reason, atMs: nowMs },
      pieces: piece === undefined ? [] : [piece],
    }));
    const healed = await askStore(() => noteUnlisted(store, tenantId, 'calls', unlisted));
    for (const piece of healed) await quarantine.drop(piece);
    for (const { from, before, failure } of joinNeighbours(lost, isOneFailure))
      // An upstream that does not respond is reported separately.
      if (failure.isOfContent)
        onProblem({
          ...{ call: undefined, unit: 'listSpan', next: nextSteps.listAgain, isLoss: true },
          reason: `The list of calls that began between ${formatTicks(from)} and ${formatTicks(before)} could not be read to its end. ${failure.message}`,
        });
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
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

function isOneFailure(a: LostSpan, b: LostSpan): boolean {
  return a.failure.message === b.failure.message;
}
