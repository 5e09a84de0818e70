/** Tests that tokens that are forged, or genuine except for one property, are rejected without an internal error. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { genuineToken } from '../support/hostile-tokens.ts';
import { startTokenTarget, takenTokens, type TokenTarget } from '../support/token-target.ts';

let target: TokenTarget;
beforeAll(async () => {
  target = await startTokenTarget();
});
afterAll(() => target[Symbol.asyncDispose]());

it('takes the genuine one', async () => {
  const { caller } = await target.verifier.verify(`Bearer ${genuineToken(target.genuine)}`);
  expect(caller.roles).toEqual(['CallRecords.Read.All']);
});

it('refuses two thousand hostile ones, and asks the authority no more for them', async () => {
  const seed = Number(process.env['ROLLCALL_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  expect(await takenTokens(target, { seed, count: 2000 }), `seed ${seed}`).toEqual([]);
  expect(target.authority.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
});
