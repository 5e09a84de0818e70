/** Sends tokens that are forged, or genuine except for one property. */
import { startTokenTarget, takenTokens } from '../support/token-target.ts';
import { type Attack, Findings } from './attack.ts';

const perRound = 1000;

export const hostileTokens: Attack = {
  name: 'tokens',
  promise: 'No token that is forged, or genuine in all but one thing, is taken.',
  count: 40_000,
  minutes: 1,
  async run({ seed, count, signal }) {
    const findings = new Findings();
    await using target = await startTokenTarget();
    for (let round = 0; findings.attempts < count && !signal.aborted; round++) {
      const taken = await takenTokens(target, { seed: seed * 100_000 + round, count: perRound });
      findings.add('hostile tokens', perRound);
      for (const name of taken) findings.fault(name);
    }
    return findings;
  },
};
