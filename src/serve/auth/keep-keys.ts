/** Fetches the keys of authorities when a server starts, and retries until each authority responds. */
import { runRepeatedly } from '../../base/background.ts';
import type { Clock } from '../../base/clock.ts';
import type { OpenIdAuthority } from './authority.ts';

/** How long a server's start waits for keys: it starts ready when the authority responds in time. */
export const keysMs = 5000;

export interface KeptKeys {
  /** Resolves when each authority was requested once, whether or not it responded. */
  start(): Promise<void>;
  /** Requests the authorities at once, because another process reports that one does not respond. */
  check(): void;
  stop(): void;
}

/** The interval at which to check for failed requests to an authority, which sends nothing. */
const pollMs = 30_000;
/** The longest delay between two requests to an authority that does not respond. */
const longestMs = 30_000;

export function keepKeys(authorities: readonly OpenIdAuthority[], clock: Pick<Clock, 'sleep'>): KeptKeys {
  const stopped = new AbortController();
  let woken = new AbortController();
  const toCheck = new Set<OpenIdAuthority>();
  return {
    async start() {
      const asked = authorities.map((authority) => {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        void runRepeatedly({
          task: 'authority',
          clock,
          signal: stopped.signal,
          async work() {
            const isForced = toCheck.delete(authority);
            await authority.fetchKeys(isForced).finally(() => resolve(undefined));
            return pollMs;
          },
          woken: () => woken.signal,
          longestMs,
          onError: () => undefined, // the authority logs an outage itself, once
        });
        return promise;
      });
      await Promise.all(asked);
    },
    check() {
      for (const authority of authorities) toCheck.add(authority);
      const asleep = woken;
      woken = new AbortController();
      asleep.abort();
    },
    stop: () => stopped.abort(),
  };
}
