/** Declares the answers about media quality that the page reads, and where it gets them. */
import type { StreamList } from '../../analysis/call-streams.ts';
import type { PersonQuality } from '../../analysis/quality.ts';
import type { PersonPanel } from '../../analysis/quality-panel.ts';
import type { PersonVerdict } from '../../contract/quality-words.ts';
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { preferOf } from './use-roll.ts';

export interface QualityPerson extends Pick<
  PersonQuality,
  'index' | 'name' | 'verdict' | 'sentence' | 'rating' | 'streams'
> {
  readonly sentVerdict: PersonVerdict;
  readonly receivedVerdict: PersonVerdict;
}

interface QualityOverview {
  readonly people: readonly QualityPerson[];
  readonly counts: Readonly<Record<PersonVerdict | 'people' | 'rated', number>>;
  readonly isAll: boolean;
}

/** A call, or an earlier version of it. */
export interface QualityOf {
  readonly callId: string;
  readonly version: string | undefined;
}

type Loading<T> = ReturnType<typeof useLoaded<T>>;

export function useQualityPeople(of: QualityOf): Loading<QualityOverview> {
  return useQuality(of, '');
}

export function useQualityStreams(of: QualityOf, choice: 'all' | 'poor'): Loading<StreamList> {
  return useQuality(of, `?streams=${choice}`);
}

/** @param person The person's position on the roll, as the address has it. */
export function useQualityPerson(of: QualityOf, person: string): Loading<PersonPanel> {
  return useQuality(of, `?person=${encodeURIComponent(person)}`);
}

function useQuality<T>({ callId, version }: QualityOf, query: string): Loading<T> {
  const path = `/rollcall/calls/${encodeURIComponent(callId)}/quality${query}`;
  return useLoaded(`${path} ${version ?? 'newest'}`, (signal) =>
    getJson<T>(path, { signal, prefer: preferOf(version) }),
  );
}
