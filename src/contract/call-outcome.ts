/**
 * Decides from the sessions of a call how it ended:
 *
 * - **failed**: at least half of the people whose sessions are known had a failure;
 * - **notAnswered**, **declined**, **busy**, **canceled**: otherwise, if no person was connected to another, and at least
 *   one session ended in this way; the most frequent one;
 * - **completed**: otherwise. Some people may have had a failure; the outcome has their number and the total;
 * - **unknown**: no session is stored.
 */
import {
  compareTexts,
  type SessionFailure,
  failureWords,
  isUnanswered,
  type ReasonKind,
  reasonKinds,
  reasonWords,
  type UnansweredKind,
  unansweredKinds,
} from './failure.ts';

export type Outcome = 'completed' | UnansweredKind | 'failed' | 'unknown';

/** Outcomes are stored by index: append new ones. */
export const outcomes: readonly Outcome[] = ['unknown', 'completed', ...unansweredKinds, 'failed'];

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  unknown: 'Unknown',
  completed: 'Completed',
  notAnswered: reasonWords.notAnswered,
  declined: reasonWords.declined,
  busy: reasonWords.busy,
  canceled: 'Canceled',
  failed: 'Failed',
};

/** Values of the filter `state`: the outcome of a call, and other problems. */
export const callStates = [
  'failed',
  'partlyFailed',
  ...unansweredKinds,
  'completed',
  'poor',
  'incomplete',
] as const;
export type CallState = (typeof callStates)[number];

interface FailureCount extends SessionFailure {
  readonly sessions: number;
  readonly people: number;
}

export interface CallOutcome {
  readonly outcome: Outcome;
  /** Kinds of the reasons in any session, ordered as `reasonKinds`. */
  readonly reasons: readonly ReasonKind[];
  /** The failures, those of most people first; absent when every session ended well. */
  readonly failures: CallFailures | undefined;
}

export interface CallFailures {
  /** People whose sessions are known. */
  readonly people: number;
  /** People with a failure; excludes those who declined or did not answer. */
  readonly affected: number;
  /** At most `mostReasons` entries. */
  readonly reasons: readonly FailureCount[];
}

const mostReasons = 8;

/** Accumulates the sessions of one call. */
export class OutcomeTally {
  readonly #people = new Set<string>();
  /** People with a session that ended well. */
  readonly #connected = new Set<string>();
  readonly #affected = new Set<string>();
  readonly #unanswered = new Map<UnansweredKind, number>();
  readonly #counts = new Map<string, { failure: SessionFailure; sessions: number; people: Set<string> }>();
  #sessions = 0;

  /** Adds a session. @param people Its ends; none count as one person. @param failure Absent when it ended well. */
  add(people: readonly string[], failure: SessionFailure | undefined): void {
    const ids = people.length === 0 ? [`\n${this.#sessions}`] : people.map((id) => id.toLowerCase());
    this.#sessions++;
    for (const id of ids) this.#people.add(id);
    if (failure === undefined) {
      for (const id of ids) this.#connected.add(id);
      return;
    }
    const { kind } = failure;
    if (isUnanswered(kind)) this.#unanswered.set(kind, (this.#unanswered.get(kind) ?? 0) + 1);
    else for (const id of ids) this.#affected.add(id);
    const key = JSON.stringify([kind, failure.stage, failure.text]);
    const count = this.#counts.get(key) ?? { failure, sessions: 0, people: new Set() };
    count.sessions++;
    for (const id of ids) count.people.add(id);
    this.#counts.set(key, count);
  }

  result(): CallOutcome {
    if (this.#counts.size === 0) return this.#sessions === 0 ? unknownOutcome : completed;
    const counts = [...this.#counts.values()].map(({ failure, sessions, people }) => ({
      ...failure,
      ...{ sessions, people: people.size },
    }));
    const kinds = new Set(counts.map(({ kind }) => kind));
    return {
      outcome: this.#outcome(),
      reasons: reasonKinds.filter((kind) => kinds.has(kind)),
      failures: {
        ...{ people: this.#people.size, affected: this.#affected.size },
        reasons: counts.sort(mostPeopleFirst).slice(0, mostReasons),
      },
    };
  }

  #outcome(): Outcome {
    if (this.#affected.size * 2 >= this.#people.size) return 'failed';
    const [most] = [...this.#unanswered].sort(
      ([a, m], [b, n]) => n - m || unansweredKinds.indexOf(a) - unansweredKinds.indexOf(b),
    );
    return most !== undefined && this.#connected.size <= 1 ? most[0] : 'completed';
  }
}

export const unknownOutcome: CallOutcome = { outcome: 'unknown', reasons: [], failures: undefined };
const completed: CallOutcome = { outcome: 'completed', reasons: [], failures: undefined };

function mostPeopleFirst(a: FailureCount, b: FailureCount): number {
  return (
    b.people - a.people ||
    b.sessions - a.sessions ||
    reasonKinds.indexOf(a.kind) - reasonKinds.indexOf(b.kind) ||
    compareTexts(a.text ?? '', b.text ?? '') ||
    compareTexts(a.stage ?? '', b.stage ?? '')
  );
}

/** Returns the outcome of a call as a sentence, with the share of affected people. */
export function outcomeSentence({ outcome, failures }: Pick<CallOutcome, 'outcome' | 'failures'>): string {
  if (outcome === 'unknown') return 'Unknown: no session of this call is stored.';
  const word = outcomeWords[outcome];
  if (failures === undefined) return `${word}.`;
  const [first, ...more] = failures.reasons;
  if (outcome !== 'completed' && outcome !== 'failed') return `${word}.`;
  const share = failures.affected === 0 ? '' : ` ${affectedWords(failures)}.`;
  const reason = outcome === 'failed' && more.length === 0 && first ? `: ${failureWords(first)}` : '';
  // The text of a record usually ends with a full stop.
  const stop = reason.endsWith('.”') ? '' : '.';
  return `${word}${reason}${stop}${share}`;
}

/** Returns the share of affected people: "1 of 20,000 people had a failure" */
function affectedWords({ people, affected }: Pick<CallFailures, 'people' | 'affected'>): string {
  const all = people.toLocaleString('en');
  return `${affected.toLocaleString('en')} of ${all} ${people === 1 ? 'person' : 'people'} had a failure`;
}
