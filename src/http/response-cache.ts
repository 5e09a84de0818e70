/**
 * Answers lately given, ready to be sent again: to the same request, with the same token, while nothing in the store
 * has changed. A page asked for often then costs a look-up and a write.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Answer } from './exchange.ts';

interface Entry {
  readonly answer: Answer;
  /** Of the store, before the answer was made. */
  readonly revision: number;
}

/** What an entry costs besides its body. */
const entryBytes = 2048;
/** Requests remembered as met once: an answer is kept when it is asked for a second time, so that a walk through
 * many calls does not push out what is asked for often. */
const metOnce = 4096;

export class ResponseCache {
  readonly #entries: LRUCache<string, Entry>;
  readonly #isOff: boolean;
  readonly #met = new LRUCache<string, true>({ max: metOnce });

  /** @param capacity Bytes to hold at most. */
  constructor(capacity: number) {
    this.#isOff = capacity <= entryBytes;
    this.#entries = new LRUCache({ maxSize: Math.max(1, capacity), sizeCalculation: sizeOf });
  }

  /** @param revision Of the store, asked for after the request came in. */
  get(key: string, revision: number | undefined): Answer | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.revision === revision ? entry.answer : undefined;
  }

  /** True when the answer to this request is worth keeping, or kept: the request was met before. */
  isWanted(key: string): boolean {
    if (this.#isOff) return false;
    if (this.#met.has(key) || this.#entries.has(key)) return true;
    this.#met.set(key, true);
    return false;
  }

  set(key: string, answer: Answer, revision: number): void {
    this.#entries.set(key, { answer, revision });
  }
}

/** Everything of a request that decides its answer. @param token Number of the verified token. */
export function cacheKey(url: string, origin: string, token: number, headers: IncomingHttpHeaders): string {
  const { accept, prefer } = headers;
  return `${token} ${origin}${url}\n${accept}\n${prefer?.toString()}\n${headers['accept-encoding']?.toString()}\n${headers['if-none-match']}`;
}

function sizeOf({ answer: { body } }: Entry): number {
  const length = typeof body === 'string' ? body.length : body.reduce((sum, part) => sum + part.length, 0);
  return entryBytes + length;
}
