/** Describes how complete a call is. */
import type { CallCompleteness, MissingPart, ListEvidence } from '../../contract/call-completeness.ts';
import { stateWords } from '../../contract/completeness-words.ts';
import { oddReasons, type Oddity } from '../../contract/oddities.ts';
import { countOf } from '../times.ts';

export const missingPartWords: Readonly<Record<MissingPart, string>> = {
  record: 'The record itself was not received.',
  participantPages: 'Pages of the list of participants are missing.',
  sessionPages: 'Pages of the list of sessions are missing.',
  listMissing: 'The list of participants was not received.',
  sessions: 'The list of sessions was not received.',
};

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
  const since = sinceDateTime === null ? '' : ` ${moment(sinceDateTime)}`;
  const words = {
    verified: `Verified${since}: nothing is known to be missing.`,
    unverified: 'Not verified.',
    missing: 'Incomplete.',
  };
  // The missing parts are described below.
  const why = state === 'verified' || lacking.length > 0 ? [] : [stateWords[reason]];
  return [
    words[state],
    ...why,
    ...lacking.map((part) => missingPartWords[part]),
    ...[listWords(participants, 'participant'), listWords(sessions, 'session')].flatMap(
      (words) => words ?? [],
    ),
    ...(foundParticipants === 0 ? [] : [inferredWords(foundParticipants, participants !== null)]),
  ];
}

function inferredWords(count: number, isReceived: boolean): string {
  const people = `${countOf(count, 'person', 'people')} ${count === 1 ? 'is' : 'are'}`;
  return isReceived
    ? `${people} known only from the sessions: the received list does not have them.`
    : `${people} inferred from the sessions and the record.`;
}

function listWords(list: ListEvidence | null, one: string): string | undefined {
  if (list === null) return undefined;
  const { count, complete, pages } = list;
  const pagesWords = pages === null ? '' : ` in ${countOf(pages, 'page')}`;
  const end = complete ? 'to the end of the list' : 'and the list continues';
  return `${countOf(count, one)} received${pagesWords}, ${end}.`;
}

const partWords: Readonly<Record<Oddity['part'], string>> = {
  record: 'The record',
  participants: 'Participants',
  sessions: 'Sessions',
  segments: 'Segments',
};

/** Returns a sentence for each kind of mark: the number, place and reason. */
export function oddWords({ oddities }: Pick<CallCompleteness, 'oddities'>): readonly string[] {
  return oddities.map(
    ({ part, reason, count }) => `${partWords[part]}, ${countOf(count, 'time')}: ${oddReasons[reason]}`,
  );
}

const pieces: Readonly<Record<string, string>> = {
  entry: 'An entry',
  listItem: 'An item of the list of calls',
  logRow: 'A row of a log',
  page: 'A page',
  body: 'A response',
  line: 'A line of a file',
};

export function pieceWords(unit: string): string {
  return pieces[unit] ?? unit;
}
