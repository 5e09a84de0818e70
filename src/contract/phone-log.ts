/** Phone calls and text messages as `/rollcall/logs/{log}` answers them, and what each log can be asked for. */

/** Names in the path of a log. */
export const phoneLogs = ['pstn', 'directRouting', 'sms'] as const;
export type PhoneLog = (typeof phoneLogs)[number];

/** `failed`: direct routing only. `missed`: incoming and not connected. */
export const phoneStates = ['failed', 'missed', 'missedWithoutRecord'] as const;
export type PhoneState = (typeof phoneStates)[number];

/** The states that a log can be asked for: the PSTN log does not name failures, and messages have no outcome. */
export function phoneStatesOf(log: PhoneLog): readonly PhoneState[] {
  if (log === 'sms') return [];
  return log === 'pstn' ? phoneStates.slice(1) : phoneStates;
}

/** True where a log has values for a parameter. */
export function hasPhoneParameter(log: PhoneLog, name: string): boolean {
  if (name === 'sipCode' || name === 'trunk') return log === 'directRouting';
  return name !== 'state' || log !== 'sms';
}

/** The most rows of a CSV file. */
export const mostCsvRows = 2000;

export interface PhoneUser {
  readonly id: string | null;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
}

/** What became of a call. `notConnected`: of no length, for a reason that the PSTN log does not name. */
export type PhoneOutcome = 'connected' | 'notConnected' | 'failed';

export interface PhoneRow {
  readonly id: string | null;
  /** Of direct routing: the id of the call record. */
  readonly correlationId: string | null;
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
  readonly inviteDateTime: string | null;
  readonly seconds: number | null;
  readonly direction: 'incoming' | 'outgoing' | null;
  readonly type: string | null;
  /** Null where a bot, an auto attendant or a call queue had the call. */
  readonly user: PhoneUser | null;
  readonly callerNumber: string | null;
  readonly calleeNumber: string | null;
  /** Of the other party. */
  readonly country: string | null;
  /** Null for messages, and where the row does not say. */
  readonly outcome: PhoneOutcome | null;
  readonly sipCode: number | null;
  /** As the row has it, or as RFC 3261 has it. */
  readonly sipPhrase: string | null;
  readonly sipMeaning: string | null;
  readonly microsoftCode: number | null;
  readonly microsoftMeaning: string | null;
  readonly trunk: string | null;
  readonly charge: number | null;
  readonly connectionCharge: number | null;
  readonly currency: string | null;
  /** Of a message: the parts it is charged as. */
  readonly units: number | null;
}

/** The call of a row. `exact`: the row names it. `likely`: same person, same number, at about the same time. */
export interface CallLink {
  readonly certainty: 'exact' | 'likely';
  readonly id: string;
  readonly startDateTime: string;
}

/** A row with its call, as it is answered. */
export interface LinkedPhoneRow extends PhoneRow {
  readonly missed: boolean;
  /** Null where no call is found. */
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
  /** Most rows first. `user` is null for bots, auto attendants and call queues. */
  readonly people: readonly (PhoneSums & { readonly user: PhoneUser | null })[];
  /** People that are not in the list because it is cut. */
  readonly otherPeople: number;
  readonly countries: readonly (PhoneSums & { readonly country: string | null })[];
  /** False where older rows were not read: everything else is of the rows from `countedFromDateTime` on. */
  readonly complete: boolean;
  readonly countedFromDateTime: string | null;
}

export interface PhoneLogPage {
  readonly value: readonly LinkedPhoneRow[];
  /** Of every row that matches; on the first page only. */
  readonly summary?: PhoneSummary;
  readonly '@odata.nextLink'?: string;
}
