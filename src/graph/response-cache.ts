/**
 * Caches rendered responses: for the same request, by any caller with the same access, until the store changes. A page that
 * is requested often then costs a look-up and a write.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type ByteCache, createByteCache } from '../base/byte-cache.ts';
import type { Answer } from './exchange.ts';

interface ReadyAnswer {
  readonly answer: Answer;
  /** The store revision before the response was made. */
  readonly revision: number;
}

/** The estimated size in bytes of a response without its body: its headers and objects. */
const answerBytes = 2048;
/** Bytes of keys seen once: a response is cached at its second request, so that one long walk evicts none. */
const seenOnceBytes = 4 * 2 ** 20;
/** Longer requests are not cached: those of typical clients are a tenth of this. */
const maxKeyLength = 4096;
const seen = {};

export class ResponseCache {
  readonly #entries: ByteCache<ReadyAnswer>;
  readonly #seenOnce: ByteCache<object>;
  readonly #isOff: boolean;

  constructor(capacity: number) {
    this.#isOff = capacity <= answerBytes;
    this.#entries = createByteCache({ maxBytes: Math.max(1, capacity), bytesOf: bytesOfAnswer });
    this.#seenOnce = createByteCache({ maxBytes: seenOnceBytes });
  }

  /** The size in bytes of cached responses and of the keys of requests seen once. */
  get bytes(): number {
    return this.#entries.calculatedSize + this.#seenOnce.calculatedSize;
  }

  /** Returns the cached response, which is valid while the store has the same revision. */
  get(key: string): ReadyAnswer | undefined {
    return this.#entries.get(key);
  }

  /** Returns true when a response is worth caching: the same request came before. */
  isWanted(key: string): boolean {
    if (this.#isOff || key.length > maxKeyLength) return false;
    if (this.#seenOnce.has(key)) return true;
    this.#seenOnce.set(key, seen);
    return false;
  }

  set(key: string, answer: Answer, revision: number): void {
    this.#entries.set(key, { answer, revision });
  }
}

/** Returns the cache key. @param access What the caller may see: a new token finds cached responses. */
export function cacheKey(url: string, origin: string, access: string, headers: IncomingHttpHeaders): string {
  const { accept, prefer } = headers;
  return `${access}\n${origin}\n${url}\n${accept}\n${prefer?.toString()}\n${headers['accept-encoding']?.toString()}\n${headers['if-none-match']}`;
}

function bytesOfAnswer({ answer: { body } }: ReadyAnswer): number {
  const length = typeof body === 'string' ? body.length : body.reduce((sum, part) => sum + part.length, 0);
  return answerBytes + length;
}
