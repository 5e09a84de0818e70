/** How complete a call is, in words. */
import type { CallCompleteness, Lack, ListEvidence } from '../../model/call-completeness.ts';
import { countOf } from '../times.ts';

export const lackWords: Readonly<Record<Lack, string>> = {
  record: 'The record itself was not received.',
  participantPages: 'Pages of the list of participants are missing.',
  sessionPages: 'Pages of the list of sessions are missing.',
  listMissing: 'The list of participants was not received.',
  sessions: 'The list of sessions was not received.',
};

/** Sentences; the first says the whole. */
export function completenessWords(completeness: CallCompleteness): readonly string[] {
  const { complete, lacking, participants, sessions, foundParticipants } = completeness;
  return [
    complete ? 'Complete: nothing is known to be missing.' : 'Incomplete.',
    ...lacking.map((lack) => lackWords[lack]),
    ...[listWords(participants, 'participant'), listWords(sessions, 'session')].flatMap(
      (words) => words ?? [],
    ),
    ...(foundParticipants === 0 ? [] : [inferredWords(foundParticipants, participants !== null)]),
  ];
}

function inferredWords(count: number, isReceived: boolean): string {
  const people = `${countOf(count, 'person', 'people')} ${count === 1 ? 'is' : 'are'}`;
  return isReceived
    ? `${people} known from the sessions alone: the list that was received lacks them.`
    : `${people} inferred from the sessions and the record.`;
}

function listWords(list: ListEvidence | null, one: string): string | undefined {
  if (list === null) return undefined;
  const { count, complete, pages } = list;
  const pagesWords = pages === null ? '' : ` in ${countOf(pages, 'page')}`;
  const end = complete ? 'to the end of the list' : 'and the list goes on';
  return `${countOf(count, one)} received${pagesWords}, ${end}.`;
}
