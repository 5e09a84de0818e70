/** Sends requests to an authority: its client, a pause after a failure, and a report of each outage. */
import { systemClock } from '../clock.ts';
import { createHttpClient, type HttpClient, HttpFailure } from '../http-client.ts';
import { jsonObject } from '../json.ts';

/** The client for every authority, on real time. Entra's key document has 20 kB. */
export const authorityClient: HttpClient = createHttpClient({
  clock: systemClock,
  timeoutMs: 10_000,
  maxBodyBytes: 2 ** 20,
  usesProxy: true,
});

export interface FetchWatch {
  /** Called at the start of an outage. @param reason The requested URL and the cause, without any received text. */
  readonly onDown: (reason: string) => void;
  readonly onUp: () => void;
}

/** The authority does not answer, or its response is invalid. The message never quotes the response. */
export class AuthorityFailure extends Error {
  override readonly name = 'AuthorityFailure';
}

/** The documents of an authority: each fails and recovers separately. */
type AuthorityDocument = 'discovery' | 'keys';

export interface AuthorityGuard {
  /**
   * Runs the work.
   *
   * @throws AuthorityFailure when the work throws anything, and without running it for a while after that
   */
  attempt<T>(document: AuthorityDocument, work: () => Promise<T>): Promise<T>;
  /** Returns false for a while after a failure. */
  mayTry(document: AuthorityDocument): boolean;
  /** Ends the pause after a failure of each document. */
  allowRetry(): void;
  /** True while the last attempt at a document failed. */
  readonly isDown: boolean;
  readonly failures: number;
}

export function createAuthorityGuard(cooldownMs: number, watch: FetchWatch | undefined): AuthorityGuard {
  const failedAtMs = new Map<AuthorityDocument, number>();
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    get isDown() {
      return failedAtMs.size > 0;
    },
    allowRetry() {
      for (const document of failedAtMs.keys()) failedAtMs.set(document, -Infinity);
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

/** Returns the JSON object at a URL. @throws AuthorityFailure or HttpFailure */
export async function fetchJson(
  url: string,
  client: Pick<HttpClient, 'send'>,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { accept: 'application/json', 'accept-encoding': 'gzip' };
  const { origin, pathname } = new URL(url);
  const failure = (says: string, cause?: unknown) =>
    new AuthorityFailure(`${origin}${pathname}: ${says}`, { cause });
  const { status, body } = await client
    .send({ method: 'GET', url: new URL(url), headers })
    .catch((error: unknown) => {
      throw error instanceof HttpFailure ? failure(error.message, error) : error;
    });
  if (status !== 200) throw failure(`HTTP ${status}`);
  const value = jsonObject(body);
  if (value === undefined) throw failure('the response is not a JSON object');
  return value;
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthorityFailure || error instanceof HttpFailure) return error.message;
  return error instanceof Error ? error.name : 'the request failed';
}
