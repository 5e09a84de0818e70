/** A store that calls cannot be found in. */
import { Fault } from '../faults.ts';
import type { SearchStore } from './search.ts';

const refuse = (): never => {
  throw new Fault('unavailable', 'Calls cannot be searched in this store.');
};

export const noSearch: SearchStore = { find: refuse, call: refuse, days: refuse, catchUp: () => 0 };
