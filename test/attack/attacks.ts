/** Every attack, in the order it is run. */
import type { Attack } from './attack.ts';
import { killedImports } from './kills.ts';
import { hostileRequests, hostileSearches } from './requests.ts';
import { memoryUnderSpread } from './memory.ts';
import { otherTenants } from './tenants.ts';

export const attacks: readonly Attack[] = [
  hostileRequests,
  hostileSearches,
  otherTenants,
  memoryUnderSpread,
  killedImports,
];
