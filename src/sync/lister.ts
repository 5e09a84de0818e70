/** Lists what is due, so that nothing upstream has stays unknown; a list that breaks off goes on where it did. */
import type { Clock } from '../clock.ts';
import type { CallRecordStore } from '../store/store.ts';
import { UpstreamFailure } from './failure.ts';
import { listCalls } from './list-calls.ts';
import { dueSpans, freshForMs, lateMs, retentionMs } from './listing-plan.ts';
import type { AskStore } from './retry.ts';
import type { TenantGate } from './tenant-gate.ts';
import type { UpstreamClient } from './upstream-client.ts';

interface ListerOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly gate: TenantGate;
  readonly askStore: AskStore;
  /** The first moment of interest; what upstream still has, when absent. */
  readonly sinceMs: number | undefined;
  /** Told how many calls of a page were seen and how many of them are to be fetched. */
  readonly onSighted: (seen: number, wanted: number) => void;
}

/** A listing that was broken off is gone on with, if it is not older than this. */
const longestRoundMs = 24 * 3600_000;

export class Lister {
  readonly #options: ListerOptions;

  constructor(options: ListerOptions) {
    this.#options = options;
  }

  /** Lists what has not been listed for as long as its age allows. @throws UpstreamFailure */
  reconcile(reconcileMs: number, signal: AbortSignal): Promise<void> {
    const nowMs = this.#nowMs();
    return this.#list(nowMs, (ageMs) => nowMs - freshForMs(ageMs, reconcileMs), signal);
  }

  /**
   * Lists everything once. A round that a process before this one did not end is gone on with, but for times so young
   * that they may have got calls since.
   *
   * @throws UpstreamFailure
   */
  async listAll(signal: AbortSignal): Promise<void> {
    const { askStore, store, tenantId } = this.#options;
    const nowMs = this.#nowMs();
    const text = await askStore(() => store.upstream.state(tenantId, 'round'));
    const begunMs = text === undefined ? nowMs : Number(text); // written two lines below
    const roundMs = nowMs - begunMs > longestRoundMs ? nowMs : begunMs;
    await askStore(() => store.upstream.setState(tenantId, 'round', String(roundMs)));
    await this.#list(nowMs, (ageMs) => (ageMs <= lateMs ? nowMs : roundMs) - 1, signal);
  }

  /** Says that everything was listed and fetched: the next round is a new one. */
  async endRound(): Promise<void> {
    const { askStore, store, tenantId } = this.#options;
    await askStore(() => store.upstream.setState(tenantId, 'round', undefined));
  }

  async #list(nowMs: number, freshSinceMs: (ageMs: number) => number, signal: AbortSignal): Promise<void> {
    const { tenantId, store, client, clock, gate, askStore, sinceMs, onSighted } = this.#options;
    const listed = await askStore(() => store.upstream.listed(tenantId, 'calls'));
    const plan = { nowMs, sinceMs: sinceMs ?? nowMs - retentionMs, listed, freshSinceMs };
    for (const span of dueSpans(plan)) {
      await gate.open(signal);
      try {
        await listCalls(span, {
          client,
          clock,
          signal,
          onPage: async (sightings, done) => {
            const ended = done && { ...done, listedMs: nowMs };
            const wanted = await askStore(() =>
              store.upstream.sighted(tenantId, sightings, this.#nowMs(), ended),
            );
            onSighted(sightings.length, wanted);
          },
        });
        gate.succeeded();
      } catch (error) {
        if (error instanceof UpstreamFailure) gate.failed(error);
        throw error;
      }
    }
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}
