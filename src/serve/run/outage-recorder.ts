/**
 * Logs outages of the store and of other services: each failure when it first occurs, then once a minute while it lasts,
 * with the number of requests rejected since, and once when the store answers again. Under load every request fails in
 * the same way, and a line for each would bury all others. Workers send their failures to the supervisor, which has the
 * only recorder of a server.
 */
import type { Clock } from '../../base/clock.ts';
import type { Log, LogFields } from '../../base/log.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreError } from '../../store/store-errors.ts';

interface OutageRecorderOptions {
  readonly store: Pick<CallRecordStore, 'edition'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Failure {
  /** A sentence for the operator. */
  readonly message: string;
  /** The store does not answer. */
  readonly isStore: boolean;
}

/** A failure in the log, and how often it occurred since it was written there. */
interface Reason {
  readonly isStore: boolean;
  loggedMs: number;
  occurrences: number;
  rejected: number;
}

/** While the store does not answer. */
interface Outage {
  readonly sinceMs: number;
  failedMs: number;
  rejected: number;
}

/** How often to check a store that failed, in real time. */
const pollMs = 1000;
const againMs = 60_000;
/** A store with a failure in this time has not recovered. */
const calmMs = 3000;
/** Each damaged call is a separate reason; reasons beyond this number within a minute are not logged. */
const mostReasons = 1000;

export class OutageRecorder {
  readonly #store: OutageRecorderOptions['store'];
  readonly #nowMs: () => number;
  readonly #reasons = new Map<string, Reason>();
  #outage: Outage | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;

  constructor({ store, clock }: OutageRecorderOptions) {
    this.#store = store;
    this.#nowMs = () => clock.now().getTime();
  }

  record(log: Log, { message, isStore }: Failure, of: LogFields): void {
    const nowMs = this.#nowMs();
    const rejected = 'requestId' in of ? 1 : 0;
    if (isStore) {
      this.#outage ??= { sinceMs: nowMs, failedMs: nowMs, rejected: 0 };
      this.#outage.failedMs = nowMs;
      this.#outage.rejected += rejected;
    }
    const reason = this.#reasons.get(message);
    if (reason === undefined && this.#reasons.size >= mostReasons) return;
    if (reason === undefined) {
      log.write('error', message, of);
      this.#reasons.set(message, { isStore, loggedMs: nowMs, occurrences: 0, rejected: 0 });
    } else {
      reason.occurrences++;
      reason.rejected += rejected;
    }
    this.#timer ??= setInterval(() => void this.poll(log), pollMs).unref();
  }

  /** Checks whether the outage lasts. Runs each second once an outage has begun. */
  poll(log: Log): Promise<void> {
    return (this.#polling ??= this.#poll(log).finally(() => (this.#polling = undefined)));
  }

  async #poll(log: Log): Promise<void> {
    if (this.#outage !== undefined) await this.#askStore(log, this.#outage);
    const nowMs = this.#nowMs();
    for (const [message, reason] of this.#reasons) {
      if (nowMs - reason.loggedMs < againMs) continue;
      if (reason.occurrences === 0) this.#reasons.delete(message);
      else {
        log.write('error', message, { rejected: reason.rejected });
        Object.assign(reason, { loggedMs: nowMs, occurrences: 0, rejected: 0 });
      }
    }
    if (this.#outage !== undefined || this.#reasons.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #askStore(log: Log, outage: Outage): Promise<void> {
    try {
      await this.#store.edition('outage', 'outage');
    } catch (error) {
      if (error instanceof StoreError)
        this.record(log, { message: error.message, isStore: true }, { about: 'store' });
      return;
    }
    if (this.#nowMs() - outage.failedMs < calmMs) return;
    const seconds = Math.round((outage.failedMs - outage.sinceMs) / 1000);
    log.write('info', 'The store answers again.', { seconds, rejected: outage.rejected });
    this.#outage = undefined;
    for (const [message, { isStore }] of this.#reasons) if (isStore) this.#reasons.delete(message);
  }
}
