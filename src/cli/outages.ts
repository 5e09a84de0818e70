/**
 * What keeps a server from answering for a while, in the log: each reason when it is first met, then once a minute while it
 * lasts, with how many requests were refused for it meanwhile; and when the store answers again. Under load every request
 * fails alike, and a line for each would bury what else there is.
 */
import type { Clock } from '../clock.ts';
import type { DefectOf } from '../http/error-response.ts';
import type { Log } from '../log.ts';
import { type CallRecordStore, StoreDamaged, StoreError } from '../store/store.ts';

export interface OutagesOptions {
  readonly store: Pick<CallRecordStore, 'edition'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What stands in the log, and how often it was met since it was written there. */
interface Reason {
  readonly isStore: boolean;
  toldMs: number;
  met: number;
  refused: number;
}

/** While the store does not answer. */
interface Outage {
  readonly sinceMs: number;
  failedMs: number;
  refused: number;
}

/** How often to ask a store that failed. Real time: it is away by no clock that is moved. */
const lookMs = 1000;
const againMs = 60_000;
/** A store that refuses now and then has not come back. */
const calmMs = 3000;
/** Each damaged call is a reason of its own; reasons beyond this number within a minute are not logged. */
const mostReasons = 1000;

export class Outages {
  readonly #store: OutagesOptions['store'];
  readonly #nowMs: () => number;
  readonly #reasons = new Map<string, Reason>();
  #outage: Outage | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor({ store, clock }: OutagesOptions) {
    this.#store = store;
    this.#nowMs = () => clock.now().getTime();
  }

  /** @param error Its message is a sentence for the operator. */
  tell(log: Log, error: Error, of: DefectOf): void {
    const nowMs = this.#nowMs();
    // Requests for damaged data come now and then while the store answers all others.
    const isStore = error instanceof StoreError && !(error instanceof StoreDamaged);
    const refused = 'requestId' in of ? 1 : 0;
    if (isStore) {
      this.#outage ??= { sinceMs: nowMs, failedMs: nowMs, refused: 0 };
      this.#outage.failedMs = nowMs;
      this.#outage.refused += refused;
    }
    const reason = this.#reasons.get(error.message);
    if (reason === undefined && this.#reasons.size >= mostReasons) return;
    if (reason === undefined) {
      log.write('error', error.message, of);
      this.#reasons.set(error.message, { isStore, toldMs: nowMs, met: 0, refused: 0 });
    } else {
      reason.met++;
      reason.refused += refused;
    }
    this.#timer ??= setInterval(() => void this.look(log), lookMs).unref();
  }

  /** Looks whether it goes on: by itself each second, once it has begun. */
  look(log: Log): Promise<void> {
    return (this.#looking ??= this.#look(log).finally(() => (this.#looking = undefined)));
  }

  async #look(log: Log): Promise<void> {
    if (this.#outage !== undefined) await this.#askStore(log, this.#outage);
    const nowMs = this.#nowMs();
    for (const [message, reason] of this.#reasons) {
      if (nowMs - reason.toldMs < againMs) continue;
      if (reason.met === 0) this.#reasons.delete(message);
      else {
        log.write('error', message, { refused: reason.refused });
        Object.assign(reason, { toldMs: nowMs, met: 0, refused: 0 });
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
      if (error instanceof StoreError) this.tell(log, error, { about: 'store' });
      return;
    }
    if (this.#nowMs() - outage.failedMs < calmMs) return;
    const seconds = Math.round((outage.failedMs - outage.sinceMs) / 1000);
    log.write('info', 'The store answers again.', { seconds, refused: outage.refused });
    this.#outage = undefined;
    for (const [message, { isStore }] of this.#reasons) if (isStore) this.#reasons.delete(message);
  }
}
