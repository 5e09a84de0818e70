/** Why something is verified, unverified or missing, in the words that users read. */
import type { StateReason } from './completeness-state.ts';

export const stateWords: Readonly<Record<StateReason, string>> = {
  checked: 'Nothing is known to be missing.',
  nothingStored: 'Nothing is stored.',
  neverVerified: 'It was never verified.',
  changedSince: 'Something was stored after the last verification began.',
  damageNotLocated: 'The last verification found damage, and not in which call.',
  listNotReceived: 'A list of participants or sessions was never received.',
  neverListed:
    'No sync has listed the hours: an import proves nothing about the time between the calls in it.',
  outsideListing: 'Calls or rows of a log are stored from hours that no sync has listed.',
  listedTooLongAgo: 'The hours since the last listing are not listed yet.',
  damaged: 'The last verification found damaged data.',
  recordMissing: 'The record itself was not received.',
  pagesMissing: 'Pages of a list are missing.',
  listMissing: 'A list was not received.',
  notFetched: 'Upstream has a version that was not fetched.',
  setAside: 'Something that could not be interpreted was set aside.',
  callsIncomplete: 'Calls are incomplete, or were not fetched.',
  hoursNotListed: 'Hours between two listings were not listed.',
};
