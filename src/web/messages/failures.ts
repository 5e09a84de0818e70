/** The page's texts about how calls ended. The names of outcomes and reasons are in contract/. */
import { countOf } from '../times.ts';

export const failureMessages = {
  state: 'State',
  anyState: 'Any',
  reason: 'Reason',
  anyReason: 'Any reason',
  partlyFailed: 'Failed for some people',
  poor: 'Poor media',
  incomplete: 'Incomplete',
  howItEnded: 'How it ended',
  affected: (affected: number, people: number) =>
    `Failed for ${affected.toLocaleString('en')} of ${people.toLocaleString('en')}`,
  reasonCounts: (sessions: number, people: number) =>
    `(${countOf(people, 'person', 'people')}, ${countOf(sessions, 'session')})`,
  endedSessions: (count: number) => `${countOf(count, 'session')} with a reason`,
  shownOf: (shown: number, all: number) =>
    `The first ${shown.toLocaleString('en')} of ${all.toLocaleString('en')} are shown.`,
  person: 'Person',
  start: 'Start',
  unknownPerson: 'Unknown person',
  why: 'Why calls did not go well',
  whyNote:
    'A call counts for each reason that one of its sessions has, even when the call went well for other people.',
  noReasons: 'No session in this span has a reason.',
  calls: 'Calls',
  unanswered: 'Not answered, declined, busy or canceled',
} as const;
