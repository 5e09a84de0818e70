/**
 * Answers lately given, ready to be sent again: to the same request, with the same token, while nothing in the store
 * has changed. A page asked for often then costs a look-up and a write.
 */
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Answer } from './exchange.ts';
import type { CallRecordStore } from '../store/store.ts';

interface Entry {
  readonly answer: Answer;
  readonly revision: number;
  /** Milliseconds since 1970 from which the token is no longer good. */
  readonly until: number;
}

/** What an entry costs besides its body. */
const entryBytes = 2048;

export class ResponseCache {
  readonly #entries: LRUCache<string, Entry>;
  readonly #store: CallRecordStore;
  readonly #clock: () => Date;

  /** @param capacity Bytes to hold at most. */
  constructor(capacity: number, store: CallRecordStore, clock: () => Date) {
    this.#entries = new LRUCache({ maxSize: Math.max(1, capacity), sizeCalculation: sizeOf });
    this.#store = store;
    this.#clock = clock;
  }

  get(key: string): Answer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.revision === this.#store.revision() && entry.until > this.#clock().getTime())
      return entry.answer;
    this.#entries.delete(key);
    return undefined;
  }

  /**
   * @param revision Of the store before the answer was made.
   * @param until Milliseconds since 1970 from which the token is no longer good.
   */
  set(key: string, answer: Answer, revision: number, until: number): void {
    this.#entries.set(key, { answer, revision, until });
  }
}

function sizeOf({ answer: { body } }: Entry): number {
  const length = typeof body === 'string' ? body.length : body.reduce((sum, part) => sum + part.length, 0);
  return entryBytes + length;
}

/** Everything of a request that decides its answer; `undefined` when the answer is not to be kept. */
export function cacheKey({ method, url, headers }: IncomingMessage, origin: string): string | undefined {
  if (method !== 'GET' || headers.authorization === undefined) return undefined;
  const { authorization, accept, prefer } = headers;
  return `${url}\n${origin}\n${authorization}\n${accept}\n${String(prefer)}\n${String(headers['accept-encoding'])}\n${headers['if-none-match']}`;
}
