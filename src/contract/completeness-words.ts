/** Messages that explain to users why data is verified, unverified or missing. */
import type { StateReason } from './completeness-state.ts';

export const stateWords: Readonly<Record<StateReason, string>> = {
  checked: 'Nothing is known to be missing.',
  nothingStored: 'The store has no calls.',
  neverVerified: 'No verification has run.',
  changedSince: 'Something was stored after the last verification began.',
  damageNotLocated: 'The last verification found damage but could not tell which call has it.',
  listNotReceived: 'No list of participants or sessions was received.',
  neverListed: 'No sync has listed these hours. An import does not show which other calls there were.',
  outsideListing: 'The store has calls or log rows from hours that no sync has listed.',
  listedTooLongAgo: 'The hours since the last listing are not listed yet.',
  damaged: 'The last verification found damaged data.',
  recordMissing: 'The record itself was not received.',
  pagesMissing: 'Pages of a list are missing.',
  listMissing: 'A list was not received.',
  notFetched: 'Upstream has a version that was not fetched.',
  setAside: 'Data that could not be interpreted was set aside in quarantine.',
  callsIncomplete: 'Calls are incomplete, or were not fetched.',
  hoursNotListed: 'Hours between two listings were not listed.',
};
