/** Loads the roll of a call page by page. */
import { useEffect, useState } from 'preact/hooks';
import { pagesOf } from '../api.ts';
import { asError } from '../loaded.ts';
import type { RecordParticipant, RecordSession } from '../../analysis/records.ts';
import { type EndedSession, type RollPerson, RollBuilder } from '../../analysis/roll.ts';

export interface RollState {
  readonly people: readonly RollPerson[];
  readonly sessionCount: number;
  /** Sessions that ended with a reason, in the order of the record. */
  readonly endedSessions: readonly EndedSession[];
  /** The list that is being read; absent when both are complete. */
  readonly reading: 'participants' | 'sessions' | undefined;
  readonly error: Error | undefined;
}

const nothing: RollState = {
  people: [],
  sessionCount: 0,
  endedSessions: [],
  reading: 'participants',
  error: undefined,
};

/** Loads the roll. @param version An earlier version of the call; the newest when absent. */
export function useRoll(callId: string, version: string | undefined): RollState {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    const aborter = new AbortController();
    const { signal } = aborter;
    setState(nothing);
    void readRoll({ callId, version, signal }, (next) => {
      if (!signal.aborted) setState(next);
    });
    return () => aborter.abort();
  }, [callId, version]);
  return state;
}

interface Reading {
  readonly callId: string;
  readonly version: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * The interval of updates. They do not follow each page, because an update processes all participants and takes longer
 * the more there are.
 */
const updateEveryMs = 250;
const updateShare = 0.1;

async function readRoll(
  { callId, version, signal }: Reading,
  onState: (state: RollState) => void,
): Promise<void> {
  const roll = new RollBuilder();
  let sessionCount = 0;
  const stateOf = (reading: RollState['reading'], error?: Error): RollState => ({
    people: roll.people(''),
    sessionCount,
    endedSessions: [...roll.endedSessions],
    reading,
    error,
  });
  let next = 0;
  const updateSometimes = (reading: RollState['reading']) => {
    const begun = performance.now();
    if (begun < next) return;
    onState(stateOf(reading));
    const ended = performance.now();
    next = ended + Math.max(updateEveryMs, (ended - begun) / updateShare);
  };
  const path = `/v1.0/communications/callRecords/${encodeURIComponent(callId)}`;
  // When one list fails, the other is not read further.
  const failure = new AbortController();
  const asked = { prefer: preferOf(version), signal: AbortSignal.any([signal, failure.signal]) };
  let reading: 'participants' | 'sessions' = 'participants';
  const early: (readonly RecordSession[])[] = [];
  const addSessions = (page: readonly RecordSession[]) => {
    roll.addSessions(page);
    sessionCount += page.length;
    updateSometimes(reading);
  };
  const readParticipants = async () => {
    for await (const page of pagesOf<RecordParticipant>(`${path}/participants_v2`, asked)) {
      roll.addParticipants(page);
      updateSometimes(reading);
    }
    reading = 'sessions';
    early.forEach(addSessions);
  };
  const readSessions = async () => {
    // Sessions that arrive before all participants are known wait until then.
    for await (const page of pagesOf<RecordSession>(`${path}/sessions?$expand=segments`, asked))
      if (reading === 'sessions') addSessions(page);
      else early.push(page);
  };
  try {
    await Promise.all([readParticipants(), readSessions()]);
    onState(stateOf(undefined));
  } catch (error) {
    failure.abort();
    onState(stateOf(undefined, asError(error)));
  }
}

/**
 * Returns the `Prefer` header: it omits nulls, includes inferred participants, and requests an earlier version by
 * number.
 */
export function preferOf(version: string | undefined): string {
  const prefer = 'omit-values=nulls, rollcall.participants=reconciled';
  return version === undefined ? prefer : `${prefer}, rollcall.as-of=${version}`;
}
