/** Lists every attack in the order in which they run. */
import { cachedAnswers, growth } from './answers.ts';
import type { Attack } from './attack.ts';
import { bitFlips } from './bit-flips.ts';
import { endlessBodies } from './endless-bodies.ts';
import { killedImports } from './kills.ts';
import { hostileRequests, hostileSearches } from './requests.ts';
import { memoryUnderSpread } from './memory.ts';
import { randomRepresentations } from './representations.ts';
import { otherTenants } from './tenants.ts';
import { hostileTokens } from './tokens.ts';
import { postgresOutages } from './postgres.ts';

export const attacks: readonly Attack[] = [
  hostileRequests,
  hostileSearches,
  hostileTokens,
  otherTenants,
  randomRepresentations,
  cachedAnswers,
  growth,
  endlessBodies,
  memoryUnderSpread,
  bitFlips,
  killedImports,
  postgresOutages,
];
