/**
 * Limits the validation of endpoints: without a limit, a client that may subscribe could make this server send any number of
 * requests to hosts that did not ask for them. Only failed validations count: a valid answer proves consent.
 */
import type { Caller } from './caller.ts';
import { Fault } from '../contract/faults.ts';
import type { Handshake } from '../notify/handshake.ts';
import { createRate } from '../base/rate.ts';

/** Limits for one application in one tenant: `burst` failures at once or in flight, then `perMinute` per minute. */
export const handshakeLimits = { burst: 20, perMinute: 20, atOnce: 100 } as const;

/** Validates an endpoint for a caller. @throws Fault `badSubscription`, `tooManyRequests` */
export type CallersHandshake = (caller: Caller, url: string) => Promise<void>;

/** Wraps a handshake. @param clock The machine's: a stopped clock of the emulator would never release the limits. */
export function boundHandshake(handshake: Handshake, clock = () => new Date()): CallersHandshake {
  const { burst, perMinute, atOnce } = handshakeLimits;
  const rate = createRate({ burst, perSecond: perMinute / 60 }, clock);
  let underWay = 0;
  return async ({ tenantId, appId }, url) => {
    const sender = `${tenantId} ${appId}`;
    if (underWay >= atOnce || !rate.take(sender))
      throw new Fault(
        'tooManyRequests',
        `Too many endpoint validations failed or are in progress. The limit is ${burst} at once and ${perMinute} a minute for an application. Retry later.`,
        { retryAfterSeconds: Math.ceil(60 / perMinute) },
      );
    underWay++;
    try {
      const problem = await handshake(url);
      if (problem !== undefined) throw new Fault('badSubscription', problem);
      rate.giveBack(sender);
    } finally {
      underWay--;
    }
  };
}
