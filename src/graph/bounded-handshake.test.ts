import { describe, expect, it } from 'vitest';
import type { Caller } from './caller.ts';
import { Fault } from '../contract/faults.ts';
import { boundHandshake, handshakeLimits } from './bounded-handshake.ts';

const callerOf = (appId: string, tenantId = 'tenant'): Caller => ({
  tenantId,
  appId,
  principalId: appId,
  roles: [],
  delegated: false,
});
const { burst, perMinute, atOnce } = handshakeLimits;
const outcomeOf = async (asked: Promise<void>) => {
  try {
    await asked;
    return 'good';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.fault === 'badSubscription' ? error.message : `${error.fault} ${error.retryAfterSeconds}`;
  }
};
const count = (outcomes: readonly string[], outcome: string) =>
  outcomes.filter((one) => one === outcome).length;

describe('validations of endpoints', () => {
  it('that fail are bounded for an application of a tenant, and no other is', async () => {
    let ms = 0;
    let made = 0;
    const handshake = boundHandshake(
      () => {
        made++;
        return Promise.resolve('bad');
      },
      () => new Date(ms),
    );
    const ask = (times: number, caller = callerOf('app')) =>
      Promise.all(
        Array.from({ length: times }, () => outcomeOf(handshake(caller, 'https://victim.example'))),
      );
    const first = await ask(90);
    expect([count(first, 'bad'), count(first, 'tooManyRequests 3')]).toEqual([burst, 90 - burst]);
    expect(made).toBe(burst);
    ms = 60_000;
    expect(count(await ask(50), 'bad')).toBe(perMinute);
    expect(count(await ask(10, callerOf('other')), 'bad')).toBe(10);
    expect(count(await ask(10, callerOf('app', 'elsewhere')), 'bad')).toBe(10);
  });

  it('that are answered as they must be cost nothing, one after the other', async () => {
    const handshake = boundHandshake(
      () => Promise.resolve(undefined),
      () => new Date(0),
    );
    for (let i = 0; i < 3 * burst; i++) expect(await outcomeOf(handshake(callerOf('app'), 'x'))).toBe('good');
  });

  it('are bounded at once over all applications', async () => {
    const end = Promise.withResolvers<undefined>();
    const handshake = boundHandshake(() => end.promise);
    const asked = Array.from({ length: atOnce + 5 }, (_, i) =>
      outcomeOf(handshake(callerOf(String(i)), 'x')),
    );
    end.resolve(undefined);
    const outcomes = await Promise.all(asked);
    expect([count(outcomes, 'good'), count(outcomes, 'tooManyRequests 3')]).toEqual([atOnce, 5]);
    expect(await outcomeOf(handshake(callerOf('later'), 'x'))).toBe('good');
  });
});
