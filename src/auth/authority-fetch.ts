/** Requests documents of an authority: limits their size, pauses after a failure, and reports each outage once. */

export interface FetchWatch {
  /** @param reason Of the failure, without anything that was received: `HTTP 503`, `ECONNREFUSED`. */
  readonly onDown: (reason: string) => void;
  readonly onUp: () => void;
}

/** The authority does not answer, or its response is invalid. The message never quotes the response. */
export class AuthorityFailure extends Error {
  override readonly name = 'AuthorityFailure';
}

/** The documents of an authority: each fails and recovers separately. */
export type AuthorityDocument = 'discovery' | 'keys';

export interface AuthorityGuard {
  /** @throws AuthorityFailure when the work throws anything; at once for a while after that */
  attempt<T>(document: AuthorityDocument, work: () => Promise<T>): Promise<T>;
  /** False for a while after a failure. */
  mayTry(document: AuthorityDocument): boolean;
  /** Failed attempts so far. */
  readonly failures: number;
}

export function createAuthorityGuard(cooldownMs: number, watch: FetchWatch | undefined): AuthorityGuard {
  const failedAtMs = new Map<AuthorityDocument, number>();
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    mayTry: (document) => Date.now() - (failedAtMs.get(document) ?? -Infinity) >= cooldownMs,
    async attempt(document, work) {
      if (!this.mayTry(document)) throw new AuthorityFailure('it failed a moment ago');
      try {
        const done = await work();
        if (failedAtMs.delete(document) && failedAtMs.size === 0) watch?.onUp();
        return done;
      } catch (error) {
        failures++;
        if (failedAtMs.size === 0) watch?.onDown(reasonOf(error));
        failedAtMs.set(document, Date.now());
        throw new AuthorityFailure(reasonOf(error), { cause: error });
      }
    },
  };
}

/** Entra's key document has 20 kB. */
const maxBytes = 2 ** 20;

/** @throws AuthorityFailure, or what `fetch` throws */
export async function fetchJson(url: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new AuthorityFailure(`HTTP ${response.status}`);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += (piece as Uint8Array).length; // fetch gives bytes
    if (length > maxBytes) throw new AuthorityFailure(`more than ${maxBytes} bytes`);
    pieces.push(piece as Uint8Array);
  }
  const value = parsed(Buffer.concat(pieces).toString());
  if (typeof value !== 'object' || value === null) throw new AuthorityFailure('no JSON object');
  return value as Readonly<Record<string, unknown>>; // each member is checked where it is read
}

/** Drops the parser's own error, because its message quotes the response. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthorityFailure) return error.message;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'it failed';
}
