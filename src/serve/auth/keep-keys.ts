/** Fetches the keys of authorities at the start of a server, and again after a failure until each of them answers. */
import { runRepeatedly } from '../../base/background.ts';
import type { Clock } from '../../base/clock.ts';
import type { OpenIdAuthority } from './authority.ts';

/** How long the start of a server waits for keys: what is started is ready then, where the authority answers. */
export const keysMs = 5000;

export interface KeptKeys {
  /** Resolves when each authority was asked once, whatever it answered. */
  start(): Promise<void>;
  /** Has the authorities asked at once: another process says that one does not answer. */
  check(): void;
  stop(): void;
}

/** How often to see whether a request to an authority has failed meanwhile: costs nothing. */
const pollMs = 30_000;
/** The longest wait between two requests to an authority that does not answer. */
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
          onError: () => undefined, // the authority reports an outage itself, once
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
