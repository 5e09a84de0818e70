/**
 * Logs outages of the store and of other services: each failure when it first occurs, then once a minute with the
 * number of requests rejected since, and once when the store responds again. Under load every request fails the same
 * way, and a line for each would flood the log. Workers send their failures to the supervisor, which has the only
 * recorder of a server.
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
  readonly message: string;
  /** True when the store does not respond. */
  readonly isStore: boolean;
}

/** A logged failure, with its number of occurrences since. */
interface Reason {
  readonly isStore: boolean;
  loggedMs: number;
  occurrences: number;
  rejected: number;
}

/** The state of an outage of the store. */
interface Outage {
  readonly sinceMs: number;
  failedMs: number;
  rejected: number;
}

/** The interval, in real time, at which to check a failed store. */
const pollMs = 1000;
const againMs = 60_000;
/** The time without failures after which a store counts as recovered. */
const calmMs = 3000;
/** The maximum number of reasons logged per minute: each damaged call is a separate one. */
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

  /** Checks whether the outage lasts. Runs each second during an outage. */
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
