/** Describes how complete a call is. */
import type { CallCompleteness, ListEvidence } from '../../contract/call-completeness.ts';
import { stateWords } from '../../contract/completeness-words.ts';
import { oddReasons } from '../../contract/oddities.ts';
import { completenessMessages as messages } from '../messages/en.ts';

export const missingPartWords = messages.lacking;

/**
 * Returns sentences, of which the first is a summary.
 *
 * @param moment Formats a time.
 */
export function completenessWords(
  completeness: CallCompleteness,
  moment: (dateTime: string) => string,
): readonly string[] {
  const { state, reason, sinceDateTime, lacking, participants, sessions, foundParticipants } = completeness;
  const since = sinceDateTime === null ? undefined : moment(sinceDateTime);
  // The missing parts are described below.
  const why = state === 'verified' || lacking.length > 0 ? [] : [stateWords[reason]];
  const listWords = (name: 'participants' | 'sessions', list: ListEvidence | null) =>
    list === null ? [] : [messages.listed[name](list.count, list.pages, list.complete)];
  const inferredWords = participants === null ? messages.inferred : messages.notOnList;
  return [
    messages.states[state](since),
    ...why,
    ...lacking.map((part) => missingPartWords[part]),
    ...listWords('participants', participants),
    ...listWords('sessions', sessions),
    ...(foundParticipants === 0 ? [] : [inferredWords(foundParticipants)]),
  ];
}

/** Returns a sentence for each kind of mark: the number, place and reason. */
export function oddWords({ oddities }: Pick<CallCompleteness, 'oddities'>): readonly string[] {
  return oddities.map(({ part, reason, count }) =>
    messages.odd(messages.oddParts[part], count, oddReasons[reason]),
  );
}

const pieces: Readonly<Record<string, string>> = messages.pieces;

export function pieceWords(unit: string): string {
  return pieces[unit] ?? unit;
}
