/** Types of `/rollcall/logs/{log}`: phone calls and text messages, and the parameters that each log accepts. */

/** Names of the logs in the path. */
export const phoneLogs = ['pstn', 'directRouting', 'sms'] as const;
export type PhoneLog = (typeof phoneLogs)[number];

/** `failed`: direct routing only. `missed`: incoming and not connected. */
export const phoneStates = ['failed', 'missed', 'missedWithoutRecord'] as const;
export type PhoneState = (typeof phoneStates)[number];

/** Returns the states of a log: PSTN does not name failures, and messages have no outcome. */
export function phoneStatesOf(log: PhoneLog): readonly PhoneState[] {
  if (log === 'sms') return [];
  return log === 'pstn' ? phoneStates.slice(1) : phoneStates;
}

export function hasPhoneParameter(log: PhoneLog, name: string): boolean {
  if (name === 'sipCode' || name === 'trunk') return log === 'directRouting';
  return name !== 'state' || log !== 'sms';
}

/** Maximum rows of a CSV file without `$top`. */
export const mostCsvRows = 100_000;

export interface PhoneUser {
  readonly id: string | null;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
}

/** The outcome of a call. `notConnected`: a call of no length, whose reason the PSTN log does not name. */
export type PhoneOutcome = 'connected' | 'notConnected' | 'failed';

export interface PhoneRow {
  readonly id: string | null;
  /** Id of the call record; only in the direct routing log. */
  readonly correlationId: string | null;
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
  readonly inviteDateTime: string | null;
  readonly seconds: number | null;
  readonly direction: 'incoming' | 'outgoing' | null;
  readonly type: string | null;
  /** Null where a bot, an auto attendant or a call queue handled the call. */
  readonly user: PhoneUser | null;
  readonly callerNumber: string | null;
  readonly calleeNumber: string | null;
  /** Country of the other party. */
  readonly country: string | null;
  /** Null for messages, and where the row does not state it. */
  readonly outcome: PhoneOutcome | null;
  readonly sipCode: number | null;
  /** The phrase in the row, or else that of RFC 3261. */
  readonly sipPhrase: string | null;
  readonly sipMeaning: string | null;
  readonly microsoftCode: number | null;
  readonly microsoftMeaning: string | null;
  readonly trunk: string | null;
  readonly charge: number | null;
  readonly connectionCharge: number | null;
  readonly currency: string | null;
  /** Number of parts that a message is charged as; null for calls. */
  readonly units: number | null;
}

/** `exact`: the row has its id. `likely`: same person, same number, at about the same time. */
export interface CallLink {
  readonly certainty: 'exact' | 'likely';
  readonly id: string;
  readonly startDateTime: string;
}

export interface LinkedPhoneRow extends PhoneRow {
  readonly missed: boolean;
  readonly callRecord: CallLink | null;
}

export interface Cost {
  /** Null where rows have an amount without a currency. */
  readonly currency: string | null;
  readonly amount: number;
}

export interface PhoneSums {
  readonly rows: number;
  readonly seconds: number;
  readonly costs: readonly Cost[];
}

export interface PhoneSummary extends PhoneSums {
  readonly failed: number;
  readonly missed: number;
  /** Users with the most rows first. `user` is null for bots, auto attendants and call queues. */
  readonly people: readonly (PhoneSums & { readonly user: PhoneUser | null })[];
  /** Number of users beyond the end of the list. */
  readonly otherPeople: number;
  readonly countries: readonly (PhoneSums & { readonly country: string | null })[];
  /** False where older rows were not read: the sums then cover the rows from `countedFromDateTime` on. */
  readonly complete: boolean;
  readonly countedFromDateTime: string | null;
}

export interface PhoneLogPage {
  readonly value: readonly LinkedPhoneRow[];
  /** Sums over every matching row; on the first page only. */
  readonly summary?: PhoneSummary;
  readonly '@odata.nextLink'?: string;
}
