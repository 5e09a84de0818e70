/** A call as search returns it. */
import type { Affiliation } from '../../contract/affiliation.ts';
import type { Outcome } from '../../contract/call-outcome.ts';
import type { ReasonKind } from '../../contract/failure.ts';
import type { CompletenessState } from '../../contract/completeness-state.ts';
import { callMessages } from '../messages/en.ts';

/** Why sessions of a call did not end well, with the server's counts. */
interface FailureSummary {
  /** The number of people with known sessions, and of those with a failure. */
  readonly people: number;
  readonly affected: number;
  /** Ordered by number of people, descending. */
  readonly reasons: readonly {
    readonly kind: ReasonKind;
    readonly stage: string | null;
    /** As received. */
    readonly reason: string | null;
    readonly words: string;
    readonly sessions: number;
    readonly people: number;
  }[];
}

/** Someone in a call, as search shows them. */
export interface ShownPerson {
  readonly name: string | null;
  readonly id: string | null;
  readonly kind: string;
  readonly affiliation: Affiliation;
  /** A domain of the person's tenant. */
  readonly tenantName: string | null;
  /** False for an organizer who did not take part. */
  readonly isParticipant: boolean;
  /** The text as received in which the search stands, and where; null for someone who did not match. */
  readonly matchedIn: string | null;
  readonly matchedText: readonly { readonly start: number; readonly length: number }[];
}

interface CallPeople {
  /** Null when the call has too many people to look them up. */
  readonly matched: readonly ShownPerson[] | null;
  readonly others: readonly ShownPerson[];
  /** Participants that are in neither list. */
  readonly more: number;
  /** Null when they were not counted. */
  readonly external: number | null;
  readonly unknown: number | null;
}

export interface FoundCallRow {
  readonly id: string;
  readonly version: number;
  readonly type: string | null;
  readonly modalities: readonly string[];
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
  readonly joinWebUrl: string | null;
  readonly organizer: {
    readonly displayName: string | null;
    readonly id: string | null;
    readonly kind: string;
  } | null;
  readonly participants: number;
  readonly sessions: number;
  readonly outcome: Outcome;
  /** A sentence with the percentage of people who had a failure. */
  readonly outcomeText: string;
  /** Null when every session ended well, or none is stored. */
  readonly failures: FailureSummary | null;
  readonly poor: boolean;
  readonly incomplete: boolean;
  readonly state: CompletenessState;
  readonly people: CallPeople;
}

export function callHref({ id }: Pick<FoundCallRow, 'id'>): string {
  return `/calls/${encodeURIComponent(id)}`;
}

const typeNames: Readonly<Record<string, string>> = callMessages.types;

export function typeName(type: string | null): string {
  return type === null ? callMessages.anyType : (typeNames[type] ?? type);
}

const modalityNames: Readonly<Record<string, string>> = callMessages.modalities;

export function modalityList(modalities: readonly string[]): string {
  return [...new Set(modalities.map((one) => modalityNames[one] ?? one))].join(', ');
}

export function organizerName({ organizer }: Pick<FoundCallRow, 'organizer'>): string {
  return organizer?.displayName ?? organizer?.id ?? callMessages.unknownOrganizer;
}
